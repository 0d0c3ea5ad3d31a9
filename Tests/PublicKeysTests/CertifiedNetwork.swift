import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets
import Signatures

/// A network whose members' identity keys and root polynomials the test knows.
struct CertifiedNetwork {
  let network: NetworkID
  let epoch: UInt64 = 3
  let threshold: Threshold
  let identities: [NodeID: Ed25519SigningKey]
  let members: [CertifiedMember]
  let roots: [KeyPurpose: [[[UInt8]]]]

  init(t: Int, n: Int, seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    network = try NetworkID(bytes: random.bytes(32))
    threshold = try Threshold(t: t, n: n)
    var identities: [NodeID: Ed25519SigningKey] = [:]
    for _ in 0..<n { identities[try NodeID(bytes: random.bytes(20))] = Ed25519SigningKey(from: &random) }
    self.identities = identities
    members = try CertifiedMember.numbered(identities.map { (node: $0.key, identityKey: $0.value.publicKey) })
    var roots: [KeyPurpose: [[[UInt8]]]] = [:]
    for purpose in KeyPurpose.allCases {
      roots[purpose] = try Self.commitments(purpose, t, in: purpose.group)
    }
    self.roots = roots
  }

  var identityKeys: [NodeID: [UInt8]] { identities.mapValues(\.publicKey) }

  func body() throws -> KeyCertificateBody {
    try KeyCertificateBody(network: network, epoch: epoch, threshold: threshold, members: members, roots: roots)
  }

  func signatures(of body: KeyCertificateBody) -> [UnverifiedKeyCertificate.MemberSignature] {
    identities.map { .init(node: $0.key, signature: $0.value.sign(body.messageToSign)) }
  }

  func unverified() throws -> UnverifiedKeyCertificate {
    let body = try body()
    return try UnverifiedKeyCertificate(body: body, signatures: signatures(of: body))
  }

  func certificate() throws -> KeyCertificate {
    try verified(unverified())
  }

  func verified(_ certificate: UnverifiedKeyCertificate) throws(KeyCertificateError) -> KeyCertificate {
    try certificate.verified(network: network, epoch: epoch, anchor: .members(identityKeys))
  }

  /// The value of a root's polynomial at `x`: at 0 the root secret, at a member's place its share.
  func secret<G: PrimeOrderGroup>(
    _ purpose: KeyPurpose, _ root: Int, at x: UInt16, in group: G.Type
  ) throws -> G.Scalar {
    try Self.polynomial(purpose, root, threshold.t, in: group).reversed()
      .reduce(.zero) { $0 * G.Scalar(UInt64(x)) + $1 }
  }

  private static func commitments<G: PrimeOrderGroup>(
    _ purpose: KeyPurpose, _ t: Int, in group: G.Type
  ) throws -> [[[UInt8]]] {
    try (0..<purpose.rootCount).map { root in
      try polynomial(purpose, root, t, in: group).map { G.generator.multiplied(by: $0).canonicalBytes }
    }
  }

  private static func polynomial<G: PrimeOrderGroup>(
    _ purpose: KeyPurpose, _ root: Int, _ t: Int, in group: G.Type
  ) throws -> [G.Scalar] {
    let place = KeyPurpose.allCases.firstIndex(of: purpose) ?? 0
    var random = SeededRandom(seed: UInt64(1000 + 10 * place + root))
    return try (0..<t).map { _ in try G.scalar(reducingWide: random.bytes(64)) }
  }
}
