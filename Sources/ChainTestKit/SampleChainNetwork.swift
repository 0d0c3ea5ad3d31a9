public import Identifiers
public import Membership
import PublicKeys
import Secrets
public import Signatures
import Wire

/// A network whose registry is on a chain and whose every key is known.
public struct SampleChainNetwork: Sendable {
  public static let chainID: UInt64 = 31_337

  public let stakers: [EthereumSigningKey]
  public let owner: EthereumSigningKey
  public let founding: FoundingDocument

  public init(
    name: String = "chain", members count: Int = 5, finalityDepth: UInt64 = 2, headAgeSeconds: Int = 30,
    maximumSnapshotAgeSeconds: Int = 10,
    staking: WalletAddress? = nil, keys: WalletAddress? = nil, stakingCode: Digest32? = nil, keysCode: Digest32? = nil
  ) throws {
    stakers = try (1...count).map { try Self.wallet($0) }.sorted { $0.address < $1.address }
    owner = try Self.wallet(1_000)
    let terms = ChainRegistryTerms(
      chainID: Self.chainID, staking: try staking ?? WalletAddress(bytes: [UInt8](repeating: 0xc1, count: 20)),
      keys: try keys ?? WalletAddress(bytes: [UInt8](repeating: 0xc2, count: 20)),
      stakingCode: stakingCode ?? .keccak256(SimulatedRegistry.stakingCode),
      keysCode: keysCode ?? .keccak256(SimulatedRegistry.keysCode), window: 3_600, notice: 60, unstakeDelay: 86_400,
      keyDeposit: "1000000000000000", finalityDepth: finalityDepth, headAgeSeconds: headAgeSeconds)
    founding = try FoundingDocument(
      FoundingTerms(
        name: name, evidenceKinds: finalityDepth > 0 ? ["software", "sev-snp"] : ["software"],
        developmentRoots: [[UInt8](repeating: 2, count: 49)],
        minimumMembers: 3, minimumStake: 100, domain: "quorate.example", chainID: 1,
        maximumSnapshotAgeSeconds: maximumSnapshotAgeSeconds,
        stakers: stakers.prefix(WireLimits.members).map { FoundingStaker(address: $0.address, stake: 100) },
        registry: .chain(terms)))
  }

  /// The founding document without the registry's place.
  public var draft: [UInt8] {
    Array(String(decoding: founding.bytes, as: UTF8.self).replacing(/"registry":\{[^}]*\},/, with: "").utf8)
  }

  public static func wallet(_ number: Int) throws -> EthereumSigningKey {
    try EthereumSigningKey(secret: SecretBytes(copying: Self.secret(number, 0x11)))
  }

  public static func identity(_ number: Int) throws -> Ed25519SigningKey {
    try Ed25519SigningKey(seed: SecretBytes(copying: Self.secret(number, 0x22)))
  }

  private static func secret(_ number: Int, _ filling: UInt8) -> [UInt8] {
    [UInt8](repeating: filling, count: 30) + [
      UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number),
    ]
  }

  /// - Parameters:
  ///   - identity: whose key; the member's own unless told otherwise.
  ///   - port: of the peer endpoint, the member's own unless told otherwise; the client's follows it.
  public func member(
    _ place: Int, identity: Int? = nil, port: UInt16? = nil, stake: UInt64 = 100, network: NetworkID? = nil
  ) throws -> Member {
    let port = port ?? 7_000 + UInt16(2 * place)
    return try Member(
      registration: Registration(
        network: network ?? founding.network, node: NodeID(staker: stakers[place].address),
        identityKey: Self.identity(identity ?? place), peerEndpoint: Endpoint(host: "127.0.0.1", port: port),
        clientEndpoint: Endpoint(host: "127.0.0.1", port: port + 1)),
      stake: stake)
  }

  public func record(salt: UInt8 = 1, wallet: WalletAddress? = nil) throws -> KeyRecord {
    try KeyRecord(
      network: founding.network, purpose: .ed25519Sign, owner: owner.address,
      salt: [UInt8](repeating: salt, count: 16), kinds: [.message], wallets: [wallet ?? owner.address])
  }

  /// The contracts with every staker a member.
  public func registry() throws -> SimulatedRegistry {
    guard var registry = SimulatedRegistry(founding) else { throw FormatError.invalid("registry") }
    registry.members = try stakers.indices.map { SimulatedRegistry.ListedMember(try member($0)) }
    return registry
  }
}
