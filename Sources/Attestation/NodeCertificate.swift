public import Crypto
public import Identifiers
import SwiftASN1
import Transcripts
import X509

/// A node's self-signed TLS certificate with its binding and evidence; what the node itself presents.
public struct NodeCertificate: Sendable, Hashable {
  /// DER, at most ``maximumSize`` bytes.
  public let der: [UInt8]
  public let binding: CertificateBinding
  public let evidence: Evidence

  /// A larger client certificate breaks TLS connections after the handshake.
  public static let maximumSize = Evidence.maximumSize + (4 << 10)
  public static let maximumLifetime: Int64 = 24 * 3600

  /// Makes evidence over the binding and signs the certificate with the TLS key.
  ///
  /// - Parameters:
  ///   - binding: its `tlsKeyDigest` and `evidenceKind` are replaced by what `tlsKey` and `provider` say.
  /// - Throws: what the provider throws, or ``NodeCertificateFault`` when the result would be refused by others.
  public static func issue(
    _ binding: CertificateBinding, tlsKey: P256.Signing.PrivateKey, provider: any EvidenceProvider
  ) async throws -> NodeCertificate {
    var binding = binding
    binding.tlsKeyDigest = tlsKey.publicKey.subjectDigest
    binding.evidenceKind = provider.kind
    let evidence = try await provider.evidence(over: binding.reportData)
    let subject = try UnverifiedNodeCertificate.subject(for: provider.kind)
    let certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(tlsKey.publicKey),
      notValidBefore: binding.notBefore.date, notValidAfter: binding.notAfter.date, issuer: subject, subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: Certificate.Extensions([
        ConceptualMessage(binding: binding.encoded, evidence: evidence).makeExtension()
      ]),
      issuerPrivateKey: .init(tlsKey))
    var serializer = DER.Serializer()
    try serializer.serialize(certificate)
    let checked = try UnverifiedNodeCertificate(der: serializer.serializedBytes)
    return NodeCertificate(der: checked.der, binding: checked.binding, evidence: evidence)
  }
}

extension P256.Signing.PublicKey {
  /// SHA-256 of the SubjectPublicKeyInfo, which names this key in bindings and transcripts.
  public var subjectDigest: Digest32 { Digest32.sha256(of: derRepresentation) }
}
