public import Identifiers

/// How a party provably broke the protocol, as seen by the party that says so. Carries digests, never contents.
public enum Fault: Error, Sendable, Hashable {
  /// Two different messages where there is one; both are named by their SHA-256.
  case conflictingMessages(round: UInt8, channel: Channel, first: Digest32, second: Digest32)
  /// A message of a round or on a channel that the protocol does not have.
  case unexpectedMessage(round: UInt8, channel: Channel)
  case oversizedMessage(round: UInt8, channel: Channel, byteCount: Int)
  case malformedMessage(round: UInt8, part: String)
  /// The party's echo differs from what it sent itself, or from what it was sent.
  case contradictoryEcho(round: UInt8)
  /// A check of the protocol failed; the name is a fixed word of the protocol.
  case failedCheck(round: UInt8, name: String)
}
