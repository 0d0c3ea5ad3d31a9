public import Identifiers
public import PublicKeys
import SecretSharing

/// Which quorums an epoch's key certificate allows.
public struct QuorumRules: Sendable, Hashable {
  public let epoch: UInt64
  /// The key certificate's digest.
  public let certificate: Digest32
  /// `t`
  public let threshold: Int
  public let members: Set<NodeID>

  public init(epoch: UInt64, certificate: Digest32, threshold: Int, members: Set<NodeID>) {
    self.epoch = epoch
    self.certificate = certificate
    self.threshold = threshold
    self.members = members
  }

  public init(_ certificate: KeyCertificate) {
    self.init(
      epoch: certificate.epoch, certificate: certificate.digest, threshold: certificate.threshold.t,
      members: Set(certificate.members.map(\.node)))
  }
}
