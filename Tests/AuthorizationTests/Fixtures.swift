import Authorization
import Identifiers
import Membership
import PublicKeys
import Secrets
import Signatures
import SigningContent
import Wire

/// A network of five members with one signing key, a decryption policy and one user who may use both.
struct Setting {
  static let threshold = 4

  let stakers: [EthereumSigningKey]
  let user: EthereumSigningKey
  let other: EthereumSigningKey
  let sessionKey: Ed25519SigningKey
  let founding: FoundingDocument
  let record: KeyRecord
  let otherRecord: KeyRecord
  let policy: DecryptionPolicy
  let certificate: KeyCertificate
  let rules: QuorumRules
  let now: Timestamp
  var snapshot: MembershipSnapshot

  init(
    kinds: Set<SigningKind> = [.message, .file], purpose: KeyPurpose = .ed25519Sign,
    constraints: ContentConstraints? = nil, registry: RegistryPlace = .file
  ) throws {
    stakers = try (1...5).map { try Self.wallet(UInt8($0)) }.sorted { $0.address < $1.address }
    user = try Self.wallet(0x51)
    other = try Self.wallet(0x52)
    sessionKey = try Self.key(0x61)
    now = try Timestamp(text: "2026-03-04T12:00:00Z")
    founding = try FoundingDocument(
      FoundingTerms(
        name: "test network", evidenceKinds: ["software"], developmentRoots: [[UInt8](repeating: 2, count: 49)],
        minimumMembers: 3, minimumStake: 100, domain: "quorate.example", chainID: 1, maximumSnapshotAgeSeconds: 5,
        stakers: stakers.map { FoundingStaker(address: $0.address, stake: 100) }, registry: registry))
    let network = founding.network
    record = try KeyRecord(
      network: network, purpose: purpose, owner: user.address, salt: [UInt8](repeating: 1, count: 16), kinds: kinds,
      wallets: [user.address], constraints: constraints)
    otherRecord = try KeyRecord(
      network: network, purpose: purpose, owner: other.address, salt: [UInt8](repeating: 1, count: 16), kinds: kinds,
      wallets: [other.address], constraints: constraints)
    policy = try DecryptionPolicy(anyOf: [user.address])
    certificate = try CertifiedKeys.certificate(
      network: network,
      identities: Dictionary(
        uniqueKeysWithValues: stakers.enumerated().map {
          (NodeID(staker: $1.address), try Self.key(UInt8(0x80 + $0)))
        }))
    rules = QuorumRules(certificate)
    snapshot = MembershipSnapshot(founding: founding)
    try apply(.members(members()), by: stakers)
    try apply(.keyRecord(record), by: [user])
    try apply(.keyRecord(otherRecord), by: [other])
  }

  static func wallet(_ byte: UInt8) throws -> EthereumSigningKey {
    try EthereumSigningKey(secret: SecretBytes(copying: [UInt8](repeating: byte, count: 32)))
  }

  static func key(_ byte: UInt8) throws -> Ed25519SigningKey {
    try Ed25519SigningKey(seed: SecretBytes(copying: [UInt8](repeating: byte, count: 32)))
  }

  static func instance(_ place: Int) throws -> Instance {
    try Instance(bytes: [UInt8](repeating: 0x20 + UInt8(place), count: 32))
  }

  func node(_ place: Int) -> NodeID { NodeID(staker: stakers[place].address) }

  func members(stakeOfLast: UInt64 = 100) throws -> [Member] {
    try stakers.indices.map { place in
      let port = UInt16(7_000 + place)
      return try Member(
        registration: Registration(
          network: founding.network, node: node(place), identityKey: Self.key(UInt8(0x80 + place)),
          peerEndpoint: Endpoint(host: "127.0.0.1", port: port),
          clientEndpoint: Endpoint(host: "127.0.0.1", port: port + 1_000)),
        stake: place == stakers.count - 1 ? stakeOfLast : 100)
    }
  }

  mutating func apply(_ change: RegistryChange, by signers: [EthereumSigningKey]) throws {
    snapshot = try snapshot.applying(snapshot.proposing(change).signed(by: signers))
  }

  func entry(_ place: Int) throws -> QuorumEntry {
    try QuorumEntry(node: node(place), instance: Self.instance(place))
  }

  /// This node is member 0.
  func authorizer() throws -> Authorizer {
    try Authorizer(node: node(0), instance: Self.instance(0))
  }

  func authorize(
    _ order: Order, at clock: ClockReading? = nil, in snapshot: MembershipSnapshot? = nil, rules: QuorumRules? = nil
  ) throws -> AuthorizedOperation {
    let submission = try order.submission(self)
    return try authorizer().authorize(
      body: submission.encoded, at: clock ?? ClockReading(wall: now, highest: now), in: snapshot ?? self.snapshot,
      under: rules ?? self.rules)
  }

  func refusal(
    _ order: Order, at clock: ClockReading? = nil, in snapshot: MembershipSnapshot? = nil, rules: QuorumRules? = nil
  ) -> Refusal? {
    do {
      _ = try authorize(order, at: clock, in: snapshot, rules: rules)
      return nil
    } catch {
      return error as? Refusal
    }
  }
}
