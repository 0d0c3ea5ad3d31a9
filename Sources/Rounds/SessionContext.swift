public import Identifiers
public import SecretSharing

/// What all parties of one run agree on before its first message, and who this party is.
///
/// The session id is the hash of everything else that matters (protocol, keys, epoch, participants' instances, what is
/// signed), so two parties that disagree on any of it are in different sessions and never see each other's messages.
public struct SessionContext: Sendable, Hashable {
  public let session: SessionID
  public let me: PartyID
  /// Everybody who takes part, this party included.
  public let parties: PartySet
  /// The sharing the keys of this run belong to; `parties` may be fewer than its `n`.
  public let threshold: Threshold

  /// - Throws: ``SharingError/unknownParty(_:)`` when this party does not take part, or a party is none of 1…n.
  public init(session: SessionID, me: PartyID, parties: PartySet, threshold: Threshold) throws(SharingError) {
    guard parties.contains(me) else { throw .unknownParty(me) }
    if let stranger = parties.first(where: { $0.value > threshold.n }) { throw .unknownParty(stranger) }
    self.session = session
    self.me = me
    self.parties = parties
    self.threshold = threshold
  }

  /// Everybody else, in ascending order.
  public var others: [PartyID] { parties.others(than: me) }
}
