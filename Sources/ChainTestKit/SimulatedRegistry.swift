import ChainRegistry
import EthereumChain
public import Identifiers
public import Membership
import Signatures
import SigningContent

/// Both contracts of a registry as values: what they hold, the digests they keep of it, and their views.
public struct SimulatedRegistry: Sendable {
  public struct ListedMember: Sendable {
    public var staker: WalletAddress
    public var stake: UInt64
    public var registration: [UInt8]

    public init(staker: WalletAddress, stake: UInt64, registration: [UInt8]) {
      self.staker = staker
      self.stake = stake
      self.registration = registration
    }

    /// As the contract packs what was registered.
    public init(_ member: Member) {
      let peer = Array(member.peerEndpoint.text.utf8)
      var writer = ByteWriter()
      writer.raw(member.identityKey)
      writer.raw(member.registration.proof)
      writer.u16(UInt16(peer.count))
      writer.raw(peer)
      writer.raw(member.clientEndpoint.text.utf8)
      self.init(staker: member.node.staker, stake: member.stake, registration: writer.bytes)
    }
  }

  public struct Measurement: Sendable {
    public var kind: String
    public var value: [UInt8]
    public var since: UInt64

    public init(kind: String, value: [UInt8], since: UInt64) {
      self.kind = kind
      self.value = value
      self.since = since
    }
  }

  public struct Entry: Sendable {
    public var subject: Digest32
    public var owner: WalletAddress
    public var kind: UInt64
    public var detail: UInt64
    public var record: [UInt8]

    public init(subject: Digest32, owner: WalletAddress, kind: UInt64, detail: UInt64, record: [UInt8]) {
      self.subject = subject
      self.owner = owner
      self.kind = kind
      self.detail = detail
      self.record = record
    }

    public init(_ record: KeyRecord) {
      self.init(
        subject: record.key.digest, owner: record.owner, kind: 1, detail: 3,
        record: RegistryChange.keyRecord(record).body)
    }

    public init(notBefore moment: UInt64, of wallet: WalletAddress) {
      let word = [UInt8](repeating: 0, count: 12) + wallet.bytes
      self.init(
        subject: (try? Digest32(bytes: word)) ?? .zero, owner: wallet, kind: 2, detail: moment, record: [])
    }
  }

  public static let stakingCode: [UInt8] = [0x51]
  public static let keysCode: [UInt8] = [0x52]

  public let founding: FoundingDocument
  public let terms: ChainRegistryTerms
  public var network: Digest32
  public var stakingNumber: UInt64 = 1
  public var epoch: UInt64 = 1
  public var minimumStake: UInt64
  public var policy: [UInt8] = []
  public var measurements: [Measurement] = []
  public var certificates: [UInt64: Digest32] = [:]
  public var pausedUntil: UInt64 = 0
  public var members: [ListedMember] = []
  public var keysNumber: UInt64 = 1
  public var entries: [Entry] = []

  /// - Parameter founding: of a network whose registry is on a chain; nil otherwise.
  public init?(_ founding: FoundingDocument) {
    guard case .chain(let terms) = founding.registry else { return nil }
    self.founding = founding
    self.terms = terms
    network = founding.network.digest
    minimumStake = founding.minimumStake
  }

  /// The contracts as they would be on a chain now.
  public var contracts: [WalletAddress: SimulatedContract] {
    // Made once: a contract keeps its digests, too.
    let (staking, keys) = (stakingOverview, keysOverview)
    return [
      terms.staking: SimulatedContract(
        code: Self.stakingCode, storage: [.zero: Self.word(stakingDigest)],
        run: { [self] data in
          data.elementsEqual(StakingContract.overview.selector.bytes) ? staking : self.staking(data)
        }),
      terms.keys: SimulatedContract(
        code: Self.keysCode, storage: [.zero: Self.word(keysDigest)],
        run: { [self] data in data.elementsEqual(KeysContract.overview.selector.bytes) ? keys : self.keys(data) }),
    ]
  }

  private static func word(_ digest: Digest32) -> UInt256 { UInt256(bigEndianBytes: digest.bytes) ?? .zero }
}

extension SimulatedRegistry {
  private var policyDigest: Digest32 { .keccak256(policy) }

  private var measurementsDigest: Digest32 {
    measurements.reduce(.zero) { digest, entry in
      WordHash.hash([
        .digest(digest),
        .digest(
          WordHash.hash([
            .digest(.keccak256(Array(entry.kind.utf8))), .digest(.keccak256(entry.value)), .number(entry.since),
          ])),
      ])
    }
  }

  private var certificatesDigest: Digest32 {
    certificates.sorted { $0.key < $1.key }.reduce(.zero) { digest, entry in
      WordHash.hash([.digest(digest), .number(entry.key), .digest(entry.value)])
    }
  }

  private var memberRoot: Digest32 {
    ContractTree.root(
      of: members.map {
        WordHash.hash([.address($0.staker), .number($0.stake), .digest(.keccak256($0.registration))])
      })
  }

  private var parametersDigest: Digest32 {
    let founders = founding.stakers.reduce(Digest32.zero) { WordHash.hash([.digest($0), .address($1.address)]) }
    return WordHash.hash([
      .number(UInt64(founding.minimumMembers)), .number(founding.minimumStake), .number(terms.window),
      .number(terms.notice), .number(terms.unstakeDelay), .digest(founders),
    ])
  }

  var stakingDigest: Digest32 {
    WordHash.hash([
      WordHash.tag("quorate/staking-state/v1"), .digest(network), .number(stakingNumber), .number(epoch),
      .number(minimumStake), .digest(policyDigest), .digest(measurementsDigest), .digest(certificatesDigest),
      .number(pausedUntil), .number(UInt64(members.count)), .digest(memberRoot), .digest(parametersDigest),
    ])
  }

  private var leaves: [Digest32] {
    entries.map {
      WordHash.hash([
        .number($0.kind), .digest($0.subject), .address($0.owner), .number($0.detail), .digest(.keccak256($0.record)),
      ])
    }
  }

  private var deposit: UInt256 { UInt256(decimal: terms.keyDeposit) ?? .zero }

  var keysDigest: Digest32 {
    WordHash.hash([
      WordHash.tag("quorate/keys-state/v1"), .digest(network), .number(keysNumber), .address(terms.staking),
      .number(UInt64(entries.count)), .digest(ContractTree.root(of: leaves)), .amount(deposit),
    ])
  }

  private var stakingOverview: SimulatedContract.Outcome {
    Self.answer(
      StakingContract.overview,
      [
        .digest(network), .uint(stakingNumber), .digest(stakingDigest), .uint(epoch), .uint(minimumStake),
        .digest(policyDigest), .digest(measurementsDigest), .digest(certificatesDigest), .uint(pausedUntil),
        .uint(UInt64(members.count)), .digest(memberRoot), .digest(parametersDigest),
      ])
  }

  private var keysOverview: SimulatedContract.Outcome {
    Self.answer(
      KeysContract.overview,
      [
        .digest(network), .uint(keysNumber), .digest(keysDigest), .address(terms.staking),
        .uint(UInt64(entries.count)), .digest(ContractTree.root(of: leaves)), .uint(deposit),
      ])
  }

  private func staking(_ data: [UInt8]) -> SimulatedContract.Outcome {
    switch FunctionSelector(bytes: Array(data.prefix(4))) {
    case StakingContract.members.selector:
      return Self.answer(
        StakingContract.members,
        [
          .array(
            Self.page(of: members, StakingContract.members, data).map {
              .tuple([.address($0.staker), .uint($0.stake), .bytes($0.registration)])
            })
        ])
    case StakingContract.measurements.selector:
      let list = measurements.map { ABIValue.tuple([.string($0.kind), .bytes($0.value), .uint($0.since)]) }
      return Self.answer(StakingContract.measurements, [.array(list)])
    case StakingContract.policy.selector:
      return Self.answer(StakingContract.policy, [.bytes(policy)])
    case StakingContract.certificates.selector:
      // Epochs count from one.
      let all = (0...epoch).map { certificates[$0] ?? .zero }
      return Self.answer(
        StakingContract.certificates,
        [.array(Self.page(of: all, StakingContract.certificates, data).map { .digest($0) })])
    default:
      return .reverted
    }
  }

  private func keys(_ data: [UInt8]) -> SimulatedContract.Outcome {
    switch FunctionSelector(bytes: Array(data.prefix(4))) {
    case KeysContract.pageDigests.selector:
      let leaves = leaves
      let pages = stride(from: 0, to: leaves.count, by: ContractTree.pageSize).map {
        ContractTree.root(of: Array(leaves[$0..<min($0 + ContractTree.pageSize, leaves.count)]))
      }
      return Self.answer(
        KeysContract.pageDigests,
        [.array(Self.page(of: pages, KeysContract.pageDigests, data).map { .digest($0) })])
    case KeysContract.entries.selector:
      return Self.answer(
        KeysContract.entries,
        [
          .array(
            Self.page(of: entries, KeysContract.entries, data).map {
              .tuple([.digest($0.subject), .address($0.owner), .uint($0.kind), .uint($0.detail), .bytes($0.record)])
            })
        ])
    default:
      return .reverted
    }
  }

  private static func answer(_ function: ContractFunction, _ values: [ABIValue]) -> SimulatedContract.Outcome {
    guard let bytes = try? ABIValue.encode(values, as: function.results) else { return .reverted }
    return .returned(bytes)
  }

  /// What a call of `first` and `count` names.
  private static func page<Value>(of all: [Value], _ function: ContractFunction, _ data: [UInt8]) -> ArraySlice<Value> {
    guard let arguments = try? ABIValue.decode(function.parameters, from: Array(data.dropFirst(4))),
      case .uint(let first) = arguments[0], case .uint(let count) = arguments[1],
      let first = first.uint64.flatMap(Int.init(exactly:)), let count = count.uint64.flatMap(Int.init(exactly:))
    else { return [] }
    return all.dropFirst(first).prefix(count)
  }
}
