public import Identifiers
public import SecretSharing
import Transcripts

/// Whom a set-up is between; the host makes it from its own view, never from what the other party says.
public struct PairSetupOrder: Sendable, Hashable {
  public struct End: Sendable, Hashable {
    public let party: PartyID
    public let node: NodeID
    public let instance: Instance

    public init(party: PartyID, node: NodeID, instance: Instance) {
      self.party = party
      self.node = node
      self.instance = instance
    }
  }

  public let epoch: UInt64
  /// In ascending order of parties.
  public let lower: End
  public let higher: End

  /// - Throws: ``SharingError/duplicateParty(_:)`` when it is one party twice.
  public init(epoch: UInt64, _ one: End, _ other: End) throws(SharingError) {
    guard one.party != other.party else { throw .duplicateParty(one.party) }
    self.epoch = epoch
    (lower, higher) = one.party < other.party ? (one, other) : (other, one)
  }

  /// Part of every hash of the set-up, beside the session id.
  var binding: Digest32 {
    TaggedHash.sha256(
      .pairSetup,
      [epoch.bigEndianBytes]
        + [lower, higher].flatMap { end in
          [UInt64(end.party.value).bigEndianBytes, end.node.bytes, end.instance.bytes]
        })
  }
}
