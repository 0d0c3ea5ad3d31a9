public import Attestation
public import Crypto
public import Identifiers
import NIOSSL
public import Signatures
import Synchronization

/// The long-term Ed25519 key of a node, wherever it is kept.
public protocol IdentitySigner: Sendable {
  /// 32 bytes.
  var publicKey: [UInt8] { get }
  /// 64 bytes.
  func sign(_ message: [UInt8]) throws -> [UInt8]
}

extension Ed25519SigningKey: IdentitySigner {}

/// What makes one running process a node: keys in memory, the instance, and the certificate of the moment.
///
/// TLS key, HPKE key and instance are made here, live as long as this object and are never written anywhere.
public final class NodeIdentity: Sendable {
  public let network: NetworkID
  public let node: NodeID
  public let instance: Instance
  /// Decrypts what others encrypt to the key in the binding.
  public let hpkeKey: Curve25519.KeyAgreement.PrivateKey

  let tlsKey: NIOSSLPrivateKeySource
  let signer: any IdentitySigner
  let attester: any EvidenceProvider
  /// Answers users in batches, since hardware makes few reports; nil where reports cost nothing.
  let batcher: EvidenceBatcher?
  private let signingKey: P256.Signing.PrivateKey
  private let configuration: Digest32
  private let current: Mutex<NodeCertificate>

  /// Whether users that ask at the same time share a report.
  public var answersInBatches: Bool { batcher != nil }

  /// The certificate others see now.
  public var certificate: NodeCertificate { current.withLock(\.self) }

  /// Makes the keys and the first certificate.
  ///
  /// - Parameters:
  ///   - configuration: hash of the configuration the node runs with.
  ///   - anchor: see ``CertificateBinding/anchor``.
  ///   - instance: 32 fresh random bytes.
  ///   - clock: for the interval between reports to users.
  /// - Throws: when there is no evidence to be had.
  public init(
    network: NetworkID, node: NodeID, instance: Instance, configuration: Digest32, anchor: Digest32,
    signer: any IdentitySigner, attester: any EvidenceProvider, clock: any LocalClock = SystemClock(), now: Timestamp
  ) async throws {
    let signingKey = P256.Signing.PrivateKey()
    let hpkeKey = Curve25519.KeyAgreement.PrivateKey()
    let draft = CertificateBinding(
      network: network, node: node, instance: instance, staker: node.staker, identityKey: signer.publicKey,
      kem: .x25519, hpkeKey: Array(hpkeKey.publicKey.rawRepresentation),
      tlsKeyDigest: signingKey.publicKey.subjectDigest,
      notBefore: now, notAfter: now, anchor: anchor, configuration: configuration, evidenceKind: attester.kind,
      role: .node)
    let first = try await Self.issue(draft, key: signingKey, attester: attester, now: now)
    self.network = network
    self.node = node
    self.instance = instance
    self.hpkeKey = hpkeKey
    self.signer = signer
    self.attester = attester
    batcher = attester.kind == .software ? nil : EvidenceBatcher(provider: attester, clock: clock)
    self.signingKey = signingKey
    self.configuration = configuration
    tlsKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(signingKey.derRepresentation), format: .der))
    current = Mutex(first)
  }

  /// Replaces the certificate once half of its life is over. New connections use the new one.
  /// - Returns: whether there is a new one.
  @discardableResult
  public func renewCertificate(anchor: Digest32, now: Timestamp) async throws -> Bool {
    let old = certificate.binding
    let halfTime = old.notBefore.adding(seconds: Self.lifetime / 2)
    guard now >= halfTime || now < old.notBefore else { return false }
    var draft = old
    draft.anchor = anchor
    let renewed = try await Self.issue(draft, key: signingKey, attester: attester, now: now)
    current.withLock { $0 = renewed }
    return true
  }

  private static func issue(
    _ draft: CertificateBinding, key: P256.Signing.PrivateKey, attester: any EvidenceProvider, now: Timestamp
  ) async throws -> NodeCertificate {
    var binding = draft
    binding.notBefore = now.adding(seconds: -backdating)
    binding.notAfter = binding.notBefore.adding(seconds: lifetime)
    return try await NodeCertificate.issue(binding, tlsKey: key, provider: attester)
  }

  private static let lifetime = NodeCertificate.maximumLifetime
  /// Other machines' clocks may be this far behind.
  private static let backdating: Int64 = 60
}
