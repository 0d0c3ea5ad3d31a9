import Identifiers
import SwiftASN1

/// Certificates from a pinned root down to the key that signs evidence (RFC 5280 section 6, without names of policies
/// and with every extension that is critical and unknown refused).
struct CertificatePath: Sendable {
  static let maximumLength = 8

  /// The root first, the key that signs evidence last.
  let certificates: [VendorCertificate]
  /// Whether each was signed by the one above it, which was allowed to, up to the pinned root.
  let isLinked: Bool

  /// Certificates that sign others, from the root down.
  ///
  /// - Parameter root: DER of what has to be at the top, byte by byte.
  init(authorities: [VendorCertificate], root: [UInt8]) {
    certificates = authorities
    isLinked =
      authorities.first?.der == root && authorities.count < Self.maximumLength
      && authorities.allSatisfy { $0.followingAuthorities != nil && Self.isUnderstood($0) }
      && zip(authorities, authorities.dropFirst()).allSatisfy(Self.isLink)
  }

  var leaf: VendorCertificate? { certificates.last }

  private init(certificates: [VendorCertificate], isLinked: Bool) {
    self.certificates = certificates
    self.isLinked = isLinked
  }

  /// The path to a key that signs data. Nothing above is checked twice.
  func appending(leaf: VendorCertificate) -> CertificatePath {
    let limits = certificates.reversed().enumerated().allSatisfy { following, authority in
      (authority.followingAuthorities ?? -1) >= following
    }
    guard isLinked, limits, let issuer = certificates.last else {
      return CertificatePath(certificates: certificates + [leaf], isLinked: false)
    }
    return CertificatePath(
      certificates: certificates + [leaf],
      isLinked: Self.isLink(issuer: issuer, subject: leaf) && Self.isUnderstood(leaf) && leaf.maySignData)
  }

  @FailedChecks func faults(now: Timestamp, revocations: [RevocationList] = []) -> [FailedCheck] {
    require(isLinked, .endorsement, "does not lead to a pinned root")
    for certificate in certificates {
      require(
        certificate.validity.contains(now), .endorsementValidity,
        "valid \(certificate.validity.lowerBound) to \(certificate.validity.upperBound)")
      require(!revocations.contains { $0.revokes(certificate) }, .revocation, "a certificate was revoked by its issuer")
    }
  }

  private static func isLink(issuer: VendorCertificate, subject: VendorCertificate) -> Bool {
    issuer.maySignCertificates && subject.issuer == issuer.subject && subject.isSigned(by: issuer.key)
  }

  private static func isUnderstood(_ certificate: VendorCertificate) -> Bool {
    certificate.extensions.allSatisfy { !$1.isCritical || VendorCertificate.understood.contains($0) }
  }
}
