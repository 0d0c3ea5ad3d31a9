public import Identifiers
public import PublicKeys
public import Rounds
public import SecretSharing

/// What a key generation is for; every member derives the same from its registry snapshot.
public struct KeyGenerationOrder: Sendable, Hashable {
  public let network: NetworkID
  public let epoch: UInt64
  /// All members: ordered by node id, their places are their x-coordinates.
  public let members: [CertifiedMember]
  public let context: SessionContext

  /// - Parameters:
  ///   - session: the network session's id, which covers network, epoch, registry and all participants' instances and
  ///     nonces.
  ///   - node: this node, one of the members.
  /// - Throws: ``SharingError`` when there are too few members for a threshold, or this node is none of them.
  public init(
    session: SessionID, network: NetworkID, epoch: UInt64, members: [CertifiedMember], node: NodeID
  ) throws(SharingError) {
    let threshold = try Threshold.twoThirds(of: members.count)
    let parties = PartySet(allOf: threshold)
    guard members.map(\.party) == parties.parties else { throw .noParties }
    guard let me = members.first(where: { $0.node == node })?.party else { throw .noParties }
    context = try SessionContext(session: session, me: me, parties: parties, threshold: threshold)
    self.network = network
    self.epoch = epoch
    self.members = members
  }

  /// A mailbox for this run. Messages may be delivered to it before the run begins.
  public func makeMailbox() -> Mailbox {
    Mailbox(
      context,
      RoundPlan(context)
        .agreeing(on: DealingCommitment.self)
        .agreeing(on: DealingOpening.self)
        .agreeing(on: SealedShares.self)
        .agreeing(on: Verdict.self)
        .publishing(Confirmation.self))
  }
}
