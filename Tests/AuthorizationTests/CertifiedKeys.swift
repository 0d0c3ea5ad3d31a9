import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets
import Signatures

/// A key certificate whose roots nobody shares: enough to derive public keys from.
enum CertifiedKeys {
  static func certificate(
    network: NetworkID, identities: [NodeID: Ed25519SigningKey]
  ) throws -> KeyCertificate {
    let threshold = try Threshold.twoThirds(of: identities.count)
    let body = try KeyCertificateBody(
      network: network, epoch: 1, threshold: threshold,
      members: CertifiedMember.numbered(identities.map { (node: $0.key, identityKey: $0.value.publicKey) }),
      roots: Dictionary(
        uniqueKeysWithValues: KeyPurpose.allCases.map { ($0, try roots($0, threshold.t, in: $0.group)) }))
    let certificate = try UnverifiedKeyCertificate(
      body: body, signatures: identities.map { .init(node: $0.key, signature: $0.value.sign(body.messageToSign)) })
    return try certificate.verified(network: network, epoch: 1, anchor: .members(identities.mapValues(\.publicKey)))
  }

  private static func roots<G: PrimeOrderGroup>(
    _ purpose: KeyPurpose, _ t: Int, in group: G.Type
  ) throws -> [[[UInt8]]] {
    var random = SeededRandom(seed: UInt64(KeyPurpose.allCases.firstIndex(of: purpose) ?? 0))
    return try (0..<purpose.rootCount).map { _ in
      try (0..<t).map { _ in
        G.generator.multiplied(by: try G.scalar(reducingWide: random.bytes(64))).canonicalBytes
      }
    }
  }
}
