import Identifiers
import Rounds
import SecretSharing

/// Round 3: every other party's shares of all roots, each sealed to its recipient (``ShareSeal``).
///
/// They are broadcast, not sent apart, so that all parties hold what a dealer gave to each: a complaint can then be
/// judged by everybody.
struct SealedShares: RoundMessage {
  static let round: UInt8 = 3

  /// One for each party but the dealer, in ascending order of recipients.
  let boxes: [[UInt8]]

  init(boxes: [[UInt8]]) { self.boxes = boxes }

  static func byteLimit(in context: SessionContext) -> Int { (context.parties.count - 1) * RootSlot.sharesByteCount }

  var encoded: [UInt8] { Array(boxes.joined()) }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    do {
      var reader = ByteReader(encoded)
      boxes = try (1..<context.parties.count).map { _ in try reader.raw(RootSlot.sharesByteCount) }
      try reader.finish()
    } catch {
      throw MalformedMessage("sealed shares")
    }
  }

  /// What the dealer of this message gave to that party; empty for the dealer itself.
  func box(for recipient: PartyID, from dealer: PartyID, in context: SessionContext) -> [UInt8] {
    let place = context.parties.others(than: dealer).firstIndex(of: recipient)
    guard let place, boxes.indices.contains(place) else { return [] }
    return boxes[place]
  }
}
