import Attestation
import Identifiers

/// Judges the certificate a connection presents, before anything else is heard from it.
struct CertificateCheck: Sendable {
  enum Expectation: Sendable {
    /// This end dialled.
    case exactly(NodeID)
    /// This end was dialled, by a node with a smaller identifier.
    case anyMember(below: NodeID)
  }

  let expectation: Expectation

  func verify(_ chain: [[UInt8]], view: PeerView?, now: Timestamp) throws(HandshakeRefusal) -> VerifiedNodeCertificate {
    guard let view else { throw .registryUnavailable }
    guard chain.count == 1, let der = chain.first else { throw .certificateCount(chain.count) }
    let certificate: UnverifiedNodeCertificate
    do {
      certificate = try UnverifiedNodeCertificate(der: der)
    } catch {
      throw .certificate(error)
    }
    let binding = certificate.binding
    guard binding.network == view.network else { throw .wrongNetwork }
    switch expectation {
    case .exactly(let node):
      guard binding.node == node else { throw .wrongNode }
    case .anyMember(let own):
      guard binding.node < own else { throw .wrongDirection }
    }
    let member = try view.member(binding.node)
    do {
      try certificate.requireValid(at: now)
    } catch {
      throw .certificate(error)
    }
    guard view.anchors.contains(binding.anchor) else { throw .staleAnchor }
    let verified: VerifiedNodeCertificate
    do {
      verified = try view.policy.verify(certificate, now: now)
    } catch {
      throw .evidence(error)
    }
    guard binding.identityKey == member.identityKey else { throw .wrongIdentityKey }
    return verified
  }
}
