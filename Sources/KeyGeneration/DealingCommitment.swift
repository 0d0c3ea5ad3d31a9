import Curves
import Identifiers
import Rounds
import SecretSharing
import Transcripts

/// Round 1: a hash of what the dealer will open in round 2, so that nobody can choose after having seen others' values.
struct DealingCommitment: RoundMessage {
  static let round: UInt8 = 1

  let commitment: HashCommitment

  init(_ commitment: HashCommitment) { self.commitment = commitment }

  static func byteLimit(in context: SessionContext) -> Int { HashCommitment.byteCount }

  var encoded: [UInt8] { commitment.digest.bytes }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    do {
      commitment = HashCommitment(digest: try Digest32(bytes: encoded))
    } catch {
      throw MalformedMessage("commitment")
    }
  }
}

/// Round 2: for every root the dealer's Feldman commitment and proof of knowledge, and the key others seal its shares to.
struct DealingOpening: RoundMessage {
  static let round: UInt8 = 2

  let blinding: [UInt8]
  let sealKey: Ristretto255.Element
  /// In the order of ``RootSlot/all``: `t` elements, then the proof. Points are decoded where they are checked.
  let offers: [[UInt8]]

  init(blinding: [UInt8], sealKey: Ristretto255.Element, offers: [[UInt8]]) {
    self.blinding = blinding
    self.sealKey = sealKey
    self.offers = offers
  }

  /// The commitment this opens, for the given dealer.
  func commitment(of dealer: PartyID, in context: SessionContext) -> HashCommitment {
    HashCommitment(
      .dealingCommitment,
      [context.session.bytes, UInt64(dealer.value).bigEndianBytes, sealKey.canonicalBytes] + offers,
      blinding: blinding)
  }

  static func byteLimit(in context: SessionContext) -> Int {
    RootSlot.all.reduce(HashCommitment.blindingByteCount + Ristretto255.elementByteCount) {
      $0 + $1.offerByteCount(context.threshold)
    }
  }

  /// `blinding (32) ‖ seal key (32) ‖ offer …`; the threshold fixes all lengths.
  var encoded: [UInt8] { blinding + sealKey.canonicalBytes + offers.joined() }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    do {
      var reader = ByteReader(encoded)
      blinding = try reader.raw(HashCommitment.blindingByteCount)
      sealKey = try Ristretto255.Element(canonicalBytes: reader.raw(Ristretto255.elementByteCount))
      offers = try RootSlot.all.map { try reader.raw($0.offerByteCount(context.threshold)) }
      try reader.finish()
    } catch {
      throw MalformedMessage("opening")
    }
  }
}
