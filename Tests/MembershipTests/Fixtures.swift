import Identifiers
import Membership
import PublicKeys
import Secrets
import Signatures
import Wire

/// A network of five stakers whose every key is known.
struct Network {
  static let stakerCount = 5

  let stakers: [EthereumSigningKey]
  let owner: EthereumSigningKey
  let stranger: EthereumSigningKey
  let founding: FoundingDocument

  init(name: String = "test network") throws {
    stakers = try (1...Self.stakerCount).map { try Self.wallet(UInt8($0)) }.sorted { $0.address < $1.address }
    owner = try Self.wallet(0x51)
    stranger = try Self.wallet(0x52)
    founding = try FoundingDocument(Self.terms(name: name, stakers: stakers.map(\.address)))
  }

  static func terms(name: String = "test network", stakers: [WalletAddress]) -> FoundingTerms {
    FoundingTerms(
      name: name, evidenceKinds: ["software"], developmentRoots: [[UInt8](repeating: 2, count: 49)], minimumMembers: 3,
      minimumStake: 100, domain: "quorate.example", chainID: 1, maximumSnapshotAgeSeconds: 5,
      stakers: stakers.map { FoundingStaker(address: $0, stake: 100) })
  }

  static func wallet(_ byte: UInt8) throws -> EthereumSigningKey {
    try EthereumSigningKey(secret: SecretBytes(copying: [UInt8](repeating: byte, count: 32)))
  }

  static func identity(_ byte: UInt8) throws -> Ed25519SigningKey {
    try Ed25519SigningKey(seed: SecretBytes(copying: [UInt8](repeating: byte, count: 32)))
  }

  var empty: MembershipSnapshot { MembershipSnapshot(founding: founding) }

  /// Member `place` with identity key, ports and stake of its own unless told otherwise.
  func member(
    _ place: Int, identity: UInt8? = nil, port: UInt16? = nil, stake: UInt64 = 100, network: NetworkID? = nil
  ) throws -> Member {
    let port = port ?? 7_000 + UInt16(place)
    return try Member(
      registration: Registration(
        network: network ?? founding.network, node: NodeID(staker: stakers[place].address),
        identityKey: Self.identity(identity ?? UInt8(0x80 + place)),
        peerEndpoint: Endpoint(host: "127.0.0.1", port: port),
        clientEndpoint: Endpoint(host: "127.0.0.1", port: port + 1_000)),
      stake: stake)
  }

  func members() throws -> [Member] {
    try stakers.indices.map { try member($0) }
  }

  func record(
    owner: WalletAddress? = nil, kinds: Set<SigningKind> = [.message], salt: UInt8 = 1
  ) throws -> KeyRecord {
    try KeyRecord(
      network: founding.network, purpose: .ed25519Sign, owner: owner ?? self.owner.address,
      salt: [UInt8](repeating: salt, count: 16), kinds: kinds, wallets: [self.owner.address])
  }

  /// The change as the wallets that must sign it do.
  func update(
    _ change: RegistryChange, after snapshot: MembershipSnapshot, by wallets: [EthereumSigningKey]? = nil
  ) throws -> RegistryUpdate {
    let signers: [EthereumSigningKey] =
      switch change.kind.signers {
      case .stakers: Array(stakers.prefix(4))
      case .owner, .wallet: [owner]
      }
    return try snapshot.proposing(change).signed(by: wallets ?? signers)
  }

  func applying(_ changes: [RegistryChange]) throws -> MembershipSnapshot {
    try changes.reduce(empty) { try $0.applying(update($1, after: $0)) }
  }

  /// One update of every kind.
  func changes() throws -> [RegistryChange] {
    try [
      .members(members()),
      .policy(evidenceKinds: ["software"], minimumStake: 90),
      .measurements(["software": [[UInt8](repeating: 3, count: 48), [UInt8](repeating: 4, count: 48)]]),
      .keyCertificate(epoch: 1, digest: Digest32(bytes: [UInt8](repeating: 5, count: 32))),
      .keyRecord(record()),
      .notBefore(wallet: owner.address, Timestamp(text: "2026-01-02T03:04:05Z")),
      .epoch(2),
    ]
  }

  func document(_ changes: [RegistryChange]) throws -> RegistryDocument {
    var document = RegistryDocument(founding: founding)
    var snapshot = empty
    for change in changes {
      let update = try update(change, after: snapshot)
      document.append(update)
      snapshot = try snapshot.applying(update)
    }
    return document
  }
}

/// What an update says once its body was edited without telling the signers.
extension RegistryDocument {
  func edited(_ original: String, _ replacement: String) throws -> RegistryDocument {
    let text = String(decoding: encoded, as: UTF8.self)
    return try RegistryDocument(
      decoding: Array(text.replacing(original, with: replacement, maxReplacements: 1).utf8))
  }
}
