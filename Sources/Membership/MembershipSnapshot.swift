public import Attestation
public import Identifiers
public import Wire

/// Everything the registry says after one of its updates, or at one block. Immutable; made only by verifying every
/// update, or from what was checked against a block.
public struct MembershipSnapshot: Sendable {
  public let founding: FoundingDocument
  /// Digests after each update of a file; place 0 is the network id itself.
  public internal(set) var history: [Digest32]
  /// Where a registry on a chain stands; nil for a file.
  public internal(set) var chain: ChainPosition?
  /// Until when, by the chain's time, nodes do no user's work; nil where nobody ever paused the network.
  public internal(set) var pausedUntil: Timestamp?
  public internal(set) var epoch: UInt64 = 1
  /// Ordered by node id.
  public internal(set) var members: [Member] = []
  public internal(set) var minimumStake: UInt64
  /// The kinds of evidence accepted now, a subset of the founding document's.
  public internal(set) var evidenceKinds: [String]
  /// Code that may run: evidence kind → SHA-384 measurements (48 bytes).
  public internal(set) var measurements: [String: Set<[UInt8]>]
  /// What is asked of evidence beside the code.
  public internal(set) var requirements: EvidenceRequirements
  var certificates: [UInt64: Digest32] = [:]
  var keyRecords: [KeyID: KeyRecord] = [:]
  var notBefore: [WalletAddress: Timestamp] = [:]

  /// A network before its first update.
  public init(founding: FoundingDocument) {
    self.founding = founding
    history = [founding.network.digest]
    minimumStake = founding.minimumStake
    evidenceKinds = founding.evidenceKinds
    measurements = founding.measurements
    requirements = founding.requirements
  }

  public var network: NetworkID { founding.network }
  /// How many updates there were.
  public var number: UInt64 { chain?.number ?? UInt64(history.count - 1) }
  /// Of the last update; of the founding document when there was none.
  public var digest: Digest32 { chain?.digest ?? history.last ?? founding.network.digest }
  public var position: RegistryPosition { RegistryPosition(number: number, digest: digest) }

  /// The digest after update `number`; nil when this view does not reach so far, and for updates of a chain that the
  /// reader did not see: what is agreed there descends from what was agreed before.
  public func digest(at number: UInt64) -> Digest32? {
    if let chain { return chain.digests[number] }
    return number <= self.number ? history[Int(number)] : nil
  }

  /// Whether the stakers stopped users' work for now.
  public var isPaused: Bool {
    guard let pausedUntil, let chain else { return false }
    return chain.block.moment < pausedUntil
  }

  public func member(_ node: NodeID) -> Member? {
    members.first { $0.node == node }
  }

  /// The member, if it is one and its stake suffices: whom a node speaks to.
  public func eligibleMember(_ node: NodeID) -> Member? {
    member(node).flatMap { $0.stake >= minimumStake ? $0 : nil }
  }

  public var eligibleMembers: [Member] {
    members.filter { $0.stake >= minimumStake }
  }

  /// The digest of an epoch's key certificate; nil before its key generation is recorded.
  public func certificateDigest(of epoch: UInt64) -> Digest32? {
    certificates[epoch]
  }

  /// The digest of the current epoch's key certificate.
  public var certificateDigest: Digest32? { certificateDigest(of: epoch) }

  public func keyRecord(_ key: KeyID) -> KeyRecord? {
    keyRecords[key]
  }

  /// Capabilities of the wallet issued before this moment are refused; nil when there is no such limit.
  public func notBefore(of wallet: WalletAddress) -> Timestamp? {
    notBefore[wallet]
  }

  /// The stakers whose signatures count for the next update.
  public var stakers: [WalletAddress] {
    members.isEmpty ? founding.stakers.map(\.address) : members.map(\.node.staker)
  }
}
