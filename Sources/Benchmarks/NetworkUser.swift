internal import Authorization
internal import Client
internal import Identifiers
internal import IdentityEncryption
internal import Membership
internal import NIOCore
internal import PeerLink
internal import PublicKeys
internal import QuorateCommands
internal import Secrets
internal import Signatures
internal import Wire

/// One user with connections of its own, from an address of its own.
///
/// It has as many wallets as it takes to stay below what nodes allow one wallet, and takes turns with them.
final class NetworkUser: Sendable {
  let client: QuorateClient
  let schnorr: KeyRecord
  let ecdsa: KeyRecord
  let owner: EthereumSigningKey
  private let sessions: [UserSession]
  private let policy: DecryptionPolicy

  init(_ number: Int, wallets count: Int, founding: FoundingDocument, registry: FileRegistry) throws {
    var random = SystemRandom()
    let clock = SystemClock()
    let wallets = try (0..<count).map { _ in try EthereumSigningKey(from: &random) }
    guard let owner = wallets.first else { throw BenchmarkFailure.network("a user has at least one wallet") }
    let addresses = Set(wallets.map(\.address))
    func record(_ purpose: KeyPurpose) throws -> KeyRecord {
      try KeyRecord(
        network: founding.network, purpose: purpose, owner: owner.address, salt: random.bytes(16),
        kinds: [.message], wallets: addresses)
    }
    schnorr = try record(.ed25519Sign)
    ecdsa = try record(.secp256k1ECDSA)
    let policy = try DecryptionPolicy(anyOf: addresses)
    let grants: Set<Grant> = [
      .sign(with: schnorr.key), .sign(with: ecdsa.key), .decrypt(under: policy.hash),
    ]
    sessions = try wallets.map { wallet in
      try UserSession(
        wallet: wallet, founding: founding, grants: grants,
        lifetime: 3600, now: clock.wall, from: &random)
    }
    client = QuorateClient(
      registry: registry,
      connector: AttestedNodeConnector(
        directory: MembershipDirectory(registry, verifiers: []), clock: clock,
        localAddress: try Self.address(number)),
      clock: clock)
    self.owner = owner
    self.policy = policy
  }

  /// Nodes count an IPv4 sender by its first 24 bits.
  private static let placeCount = 8
  private static func address(_ number: Int) throws -> SocketAddress {
    try SocketAddress(ipAddress: "127.0.\(1 + number % placeCount).1", port: 0)
  }

  func header() async throws -> FileHeader {
    try await client.encryptor(for: policy).header
  }

  /// The client verifies what it gives: that the data key has the hash in the header.
  func decrypt(_ header: FileHeader, turn: Int) async throws {
    let dataKey = try await client.dataKey(of: header, as: sessions[turn % sessions.count])
    guard dataKey.count == FileHeader.dataKeyByteCount else { throw BenchmarkFailure.network("a wrong data key") }
  }

  /// Checked with the ordinary verifier once more, under the key that the certificate gives.
  func sign(with record: KeyRecord, turn: Int) async throws {
    let content = ContentToSign.message(Array("message \(turn)".utf8))
    let finished = try await client.sign(content, with: record.key, as: sessions[turn % sessions.count])
    guard finished.key == record.key,
      SignatureVerification.isValid(finished.signature, of: content, under: finished.publicKey)
    else { throw BenchmarkFailure.network("a wrong signature") }
  }
}
