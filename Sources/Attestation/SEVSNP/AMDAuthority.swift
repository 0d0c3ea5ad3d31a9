/// AMD's certificates for one product: the root (ARK) and what it signed for keys of chips (ASK) and of cloud providers
/// (ASVK). They are checked against each other once.
public struct AMDAuthority: Sendable {
  public let product: SNPProduct
  let root: VendorCertificate
  let chips: CertificatePath
  let providers: CertificatePath

  /// - Parameters: DER.
  /// - Throws: unless these are certificates. Whether one signed the other shows in what they are used for.
  public init(product: SNPProduct, root: [UInt8], chips: [UInt8], providers: [UInt8]) throws(AMDAuthorityError) {
    self.product = product
    do {
      let (top, ask, asvk) = (
        try VendorCertificate(der: root), try VendorCertificate(der: chips), try VendorCertificate(der: providers)
      )
      self.root = top
      self.chips = CertificatePath(authorities: [top, ask], root: root)
      self.providers = CertificatePath(authorities: [top, asvk], root: root)
    } catch {
      throw .malformed
    }
  }

  func path(for endorsement: SNPEndorsement) -> CertificatePath {
    switch endorsement.signer {
    case .chip: chips.appending(leaf: endorsement.certificate)
    case .provider: providers.appending(leaf: endorsement.certificate)
    }
  }
}

public enum AMDAuthorityError: Error, Sendable, Hashable {
  case malformed
}
