public import Identifiers
public import PublicKeys
import Curves
import SecretSharing
import SigningContent

/// Which quorums an epoch's key certificate allows.
public struct QuorumRules: Sendable {
  public let epoch: UInt64
  /// The key certificate's digest.
  public let certificate: Digest32
  /// `t`
  public let threshold: Int
  public let members: Set<NodeID>
  /// What keys are derived from; nil where no content is read that has to be judged by the key that signs it.
  private let keys: KeyCertificate?

  public init(epoch: UInt64, certificate: Digest32, threshold: Int, members: Set<NodeID>) {
    self.init(epoch: epoch, certificate: certificate, threshold: threshold, members: members, keys: nil)
  }

  private init(epoch: UInt64, certificate: Digest32, threshold: Int, members: Set<NodeID>, keys: KeyCertificate?) {
    self.epoch = epoch
    self.certificate = certificate
    self.threshold = threshold
    self.members = members
    self.keys = keys
  }

  public init(_ certificate: KeyCertificate) {
    self.init(
      epoch: certificate.epoch, certificate: certificate.digest, threshold: certificate.threshold.t,
      members: Set(certificate.members.map(\.node)), keys: certificate)
  }

  /// The key that signs readable content under this record; nil for a purpose that signs none, after the same work.
  func contentKey(_ key: KeyID, _ purpose: KeyPurpose) -> ContentKey? {
    let derivable = purpose == .secp256k1Taproot ? purpose : .secp256k1ECDSA
    guard let derived = try? keys?.derivedKey(derivable, keyID: key, in: Secp256k1.self) else { return nil }
    switch purpose {
    case .secp256k1ECDSA: return .ecdsa(derived.publicKey)
    case .secp256k1Taproot: return .taproot(derived.publicKey)
    case .ed25519Sign, .ristretto255Sign, .secp256k1FROST, .bls12381IBE: return nil
    }
  }
}
