public import Identifiers
public import SecretSharing
import Transcripts

/// What all members sign at the end of a key generation: who holds which share of which public keys.
///
/// Group elements are kept in their canonical encodings here and become points once, when the certificate is verified.
public struct KeyCertificateBody: Sendable, Hashable {
  public static let maximumMemberCount = Threshold.maximumPartyCount

  public let network: NetworkID
  public let epoch: UInt64
  public let threshold: Threshold
  /// Ordered by node id; the place is the x-coordinate.
  public let members: [CertifiedMember]
  /// For every purpose its roots, for every root the `t` encoded elements of its Feldman commitment, constant term first.
  public let roots: [KeyPurpose: [[[UInt8]]]]
  /// The canonical binary form; what the digest covers.
  public let encoded: [UInt8]
  /// `SHA-256(tag ‖ lp(encoded))`; what the registry records and sessions name.
  public let digest: Digest32

  /// - Throws: ``KeyCertificateError/malformed(_:)`` unless members, threshold and every purpose's roots agree in number
  ///   and size. Whether the elements are points of their groups is found out by verification.
  public init(
    network: NetworkID, epoch: UInt64, threshold: Threshold, members: [CertifiedMember],
    roots: [KeyPurpose: [[[UInt8]]]]
  ) throws(KeyCertificateError) {
    try CertifiedMember.check(members)
    guard threshold.n == members.count else { throw .malformed(.threshold) }
    for purpose in KeyPurpose.allCases {
      guard let ofPurpose = roots[purpose], ofPurpose.count == purpose.rootCount else { throw .malformed(.roots) }
      for commitment in ofPurpose {
        guard commitment.count == threshold.t,
          commitment.allSatisfy({ $0.count == purpose.elementByteCount })
        else { throw .malformed(.roots) }
      }
    }
    self.network = network
    self.epoch = epoch
    self.threshold = threshold
    self.members = members
    self.roots = roots
    encoded = KeyCertificateEncoding.encode(
      network: network, epoch: epoch, threshold: threshold, members: members, roots: roots)
    digest = TaggedHash.sha256(.keyCertificate, [encoded])
  }

  /// Reads the canonical binary form, and only that: decoding and encoding again gives the same bytes.
  public init(encoded: [UInt8]) throws(KeyCertificateError) {
    let fields = try KeyCertificateEncoding.decode(encoded)
    try self.init(
      network: fields.network, epoch: fields.epoch, threshold: fields.threshold, members: fields.members,
      roots: fields.roots)
    guard self.encoded == encoded else { throw .malformed(.framing) }
  }

  /// The bytes a member's identity key signs.
  public var messageToSign: [UInt8] { TaggedHash.encoding(.keyCertificateSignature, [digest.bytes]) }
}
