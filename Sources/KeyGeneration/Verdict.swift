import Curves
import Identifiers
import Rounds
import SecretSharing

/// Round 4: which dealers' shares failed, if any.
///
/// Whoever complains shows the secret key its shares were sealed to. With it everybody opens what the dealer had
/// broadcast and sees whether the dealer or the complainer is at fault. The attempt is over either way, its secrets are
/// worthless, and nobody else's key is shown.
struct Verdict: RoundMessage {
  static let round: UInt8 = 4

  struct Complaint: Sendable {
    /// Ascending, at least one.
    let dealers: PartySet
    /// The complainer's own secret key of ``ShareSeal``.
    let sealSecret: Ristretto255.Scalar
  }

  let complaint: Complaint?

  init(complaint: Complaint?) { self.complaint = complaint }

  static func byteLimit(in context: SessionContext) -> Int {
    2 + 2 * context.parties.count + Ristretto255.scalarByteCount
  }

  /// `u16 dealers ‖ u16 dealer … ‖ secret (32)`; only `u16 0` without a complaint.
  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.u16(UInt16(clamping: complaint?.dealers.count ?? 0))
    if let complaint {
      for dealer in complaint.dealers { writer.u16(dealer.value) }
      writer.raw(complaint.sealSecret.canonicalBytes)
    }
    return writer.bytes
  }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    do {
      var reader = ByteReader(encoded)
      let count = try reader.u16()
      if count == 0 {
        complaint = nil
      } else {
        let named = try (0..<count).map { _ in try PartyID(reader.u16()) }
        let dealers = try PartySet(named)
        guard dealers.parties == named, dealers.allSatisfy(context.parties.contains) else {
          throw MalformedMessage("dealers")
        }
        let secret = try Ristretto255.Scalar(canonicalBytes: reader.raw(Ristretto255.scalarByteCount))
        complaint = Complaint(dealers: dealers, sealSecret: secret)
      }
      try reader.finish()
    } catch {
      throw MalformedMessage("verdict")
    }
  }
}
