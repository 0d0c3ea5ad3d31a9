public import Identifiers

/// Why a key certificate is refused.
public enum KeyCertificateError: Error, Sendable, Hashable {
  /// The bytes or values do not describe a certificate of this version.
  case malformed(Field)
  /// Certifies keys of another network.
  case wrongNetwork
  /// Certifies keys of another epoch.
  case wrongEpoch
  /// `t` is not `floor(2n/3) + 1`.
  case wrongThreshold
  /// The members, or an identity key of one, are not those the caller expects.
  case wrongMembers
  /// Not the certificate the registry names.
  case wrongDigest
  /// These members did not sign.
  case missingSignatures([NodeID])
  /// Signed by somebody who is not a member.
  case foreignSignature(NodeID)
  /// These members' signatures do not hold.
  case invalidSignatures([NodeID])

  public enum Field: Sendable, Hashable {
    case framing
    case version
    case network
    case threshold
    case members
    case identityKey
    case roots
    case signatures
  }
}
