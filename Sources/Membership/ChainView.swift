internal import Attestation
package import Identifiers
package import Wire

/// What a registry's contracts hold at one block, after every byte of it was checked against the block.
package struct ChainView: Sendable {
  package var position: ChainPosition
  package var epoch: UInt64
  /// As listed, in any order, with registrations nobody has judged yet.
  package var members: [Member]
  package var minimumStake: UInt64
  /// The body of the last vote on the policy; empty before there was one.
  package var policy: [UInt8]
  package var measurements: [(kind: String, value: [UInt8])]
  package var certificates: [UInt64: Digest32]
  package var keyRecords: [KeyID: KeyRecord]
  package var notBefore: [WalletAddress: Timestamp]
  package var pausedUntil: Timestamp?

  package init(position: ChainPosition, epoch: UInt64, minimumStake: UInt64) {
    self.position = position
    self.epoch = epoch
    self.minimumStake = minimumStake
    members = []
    policy = []
    measurements = []
    certificates = [:]
    keyRecords = [:]
    notBefore = [:]
  }
}

extension FoundingDocument {
  /// Whether this is a policy that readers of a chain can act on: a contract does not look into it.
  package func canFollow(_ policy: RegistryChange) -> Bool {
    guard case .policy(let kinds, _, let requirements) = policy else { return false }
    return !kinds.isEmpty && Set(kinds).isSubset(of: evidenceKinds)
      && requirements?.kinds.allSatisfy { evidenceKinds.contains($0.text) } ?? true
  }
}

extension MembershipSnapshot {
  /// - Throws: what the stakers voted and no node can follow.
  package init(founding: FoundingDocument, _ view: ChainView) throws(FormatError) {
    self.init(founding: founding)
    guard view.members.count <= WireLimits.members else { throw .invalid("members") }
    guard (1...UInt64(JSONValue.largestInteger)).contains(view.minimumStake) else { throw .invalid("minimumStake") }
    chain = view.position
    pausedUntil = view.pausedUntil
    epoch = view.epoch
    minimumStake = view.minimumStake
    try follow(view.policy, minimumStake: view.minimumStake)
    members = Self.sound(view.members, network: founding.network)
    measurements = [:]
    for (kind, value) in view.measurements where founding.evidenceKinds.contains(kind) {
      measurements[kind, default: []].insert(value)
    }
    certificates = view.certificates
    keyRecords = view.keyRecords
    notBefore = view.notBefore
  }

  /// The same view at a later block that changed nothing in it.
  package func unchanged(at position: ChainPosition) -> MembershipSnapshot {
    var next = self
    next.chain = position
    return next
  }

  private mutating func follow(_ policy: [UInt8], minimumStake: UInt64) throws(FormatError) {
    guard !policy.isEmpty else { return }
    let change = try RegistryChange(kind: .policy, body: policy, network: founding.network)
    guard case .policy(let kinds, let stake, let requirements) = change, stake == minimumStake,
      founding.canFollow(change)
    else { throw .invalid("policy") }
    evidenceKinds = kinds
    if let requirements { self.requirements = requirements }
  }

  /// The members that can be spoken to, ordered by node id.
  ///
  /// A contract cannot check an Ed25519 signature, nor who listens where. So a registration that its key did not sign is
  /// passed over here, and so is one that repeats a key or an endpoint of a member before it. Everything voted is the
  /// same for all readers, hence so is what remains.
  private static func sound(_ members: [Member], network: NetworkID) -> [Member] {
    var keys: Set<[UInt8]> = []
    var endpoints: Set<Endpoint> = []
    return members.sorted { $0.node < $1.node }.filter { member in
      let places = [member.peerEndpoint, member.clientEndpoint]
      guard member.registration.isProved(for: network), places[0] != places[1], !keys.contains(member.identityKey),
        endpoints.isDisjoint(with: places)
      else { return false }
      keys.insert(member.identityKey)
      endpoints.formUnion(places)
      return true
    }
  }
}
