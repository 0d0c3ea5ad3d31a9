import Crypto
public import Identifiers
import SwiftASN1
import X509

/// A certificate that has the form every node's certificate has. Neither its evidence nor its identity is checked yet.
public struct UnverifiedNodeCertificate: Sendable, Hashable {
  public let der: [UInt8]
  public let binding: CertificateBinding
  public let evidence: Evidence

  /// - Throws: unless the certificate is self-signed with P-256, holds our one extension and nothing else, and says in
  ///   its binding what it says about itself.
  public init(der: [UInt8]) throws(NodeCertificateFault) {
    guard der.count <= NodeCertificate.maximumSize else { throw .tooLarge }
    guard let certificate = try? Certificate(derEncoded: der), certificate.version == .v3,
      certificate.signatureAlgorithm == .ecdsaWithSHA256, let key = P256.Signing.PublicKey(certificate.publicKey)
    else { throw .malformed }
    guard certificate.issuer == certificate.subject,
      certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
    else { throw .notSelfSigned }
    guard certificate.extensions.count == 1, let message = certificate.extensions.first.flatMap(ConceptualMessage.init),
      let binding = try? CertificateBinding(decoding: message.binding)
    else { throw .malformed }
    guard binding.tlsKeyDigest == key.subjectDigest, binding.notBefore == Timestamp(certificate.notValidBefore),
      binding.notAfter == Timestamp(certificate.notValidAfter), binding.evidenceKind == message.evidence.kind,
      binding.node == NodeID(staker: binding.staker),
      certificate.subject == (try? Self.subject(for: binding.evidenceKind))
    else { throw .contradictsItself }
    let lifetime = binding.notAfter.seconds(since: binding.notBefore)
    guard lifetime > 0, lifetime <= NodeCertificate.maximumLifetime else { throw .lifetime }
    self.der = der
    self.binding = binding
    evidence = message.evidence
  }

  /// - Throws: when `now` is outside the certificate's validity; both ends belong to it.
  public func requireValid(at now: Timestamp) throws(NodeCertificateFault) {
    guard now >= binding.notBefore else { throw .notYetValid }
    guard now <= binding.notAfter else { throw .expired }
  }

  /// A person who looks at the certificate sees what it is worth.
  static func subject(for kind: EvidenceKind) throws -> DistinguishedName {
    try DistinguishedName {
      CommonName(kind == .software ? "DEVELOPMENT ONLY - NOT A TEE" : "quorate node")
    }
  }
}

/// Why a certificate cannot be that of a node.
public enum NodeCertificateFault: String, Error, Sendable, Hashable, CaseIterable {
  case tooLarge = "too-large"
  case malformed
  case notSelfSigned = "not-self-signed"
  /// The binding inside names another key, validity or kind of evidence than the certificate around it.
  case contradictsItself = "contradicts-itself"
  /// More than 24 hours, or none.
  case lifetime
  case notYetValid = "not-yet-valid"
  case expired
}
