internal import Identifiers
internal import Membership
internal import PublicKeys
internal import SecretSharing

/// The members whose keys an epoch's key generation is about, as one registry view lists them.
struct EpochMembers: Sendable, Hashable {
  let epoch: UInt64
  let certified: [CertifiedMember]
  let parties: [NodeID: PartyID]
  let nodes: [PartyID: NodeID]

  /// Nil when the list cannot have keys: fewer than a threshold needs, or two members with one identity key.
  init?(_ snapshot: MembershipSnapshot) {
    let members = snapshot.members.map { (node: $0.node, identityKey: $0.identityKey) }
    guard (try? Threshold.twoThirds(of: members.count)) != nil,
      let certified = try? CertifiedMember.numbered(members)
    else { return nil }
    epoch = snapshot.epoch
    self.certified = certified
    parties = Dictionary(uniqueKeysWithValues: certified.map { ($0.node, $0.party) })
    nodes = Dictionary(uniqueKeysWithValues: certified.map { ($0.party, $0.node) })
  }

  /// As the shares of an epoch know them, whatever the registry says since.
  init(_ body: KeyCertificateBody) {
    epoch = body.epoch
    certified = body.members
    parties = Dictionary(body.members.map { ($0.node, $0.party) }) { first, _ in first }
    nodes = Dictionary(body.members.map { ($0.party, $0.node) }) { first, _ in first }
  }

  var identityKeys: [NodeID: [UInt8]] {
    Dictionary(uniqueKeysWithValues: certified.map { ($0.node, $0.identityKey) })
  }

  func others(than node: NodeID) -> Set<NodeID> { Set(parties.keys).subtracting([node]) }
}
