import Crypto
import SwiftASN1

/// The certificate of a key that signs reports, VCEK or VLEK (AMD: VCEK Certificate and KDS Interface Specification).
struct SNPEndorsement: Sendable {
  let certificate: VendorCertificate
  let key: P384.Signing.PublicKey
  let productName: String
  let product: SNPProduct
  let firmware: SNPFirmware
  let signer: SNPSigner
  /// 64 bytes, 8 for Turin; nil in a provider's certificate.
  let hardwareID: [UInt8]?

  /// - Returns: nil unless these bytes are such a certificate. Who signed it is another question.
  init?(der: [UInt8]) {
    guard let certificate = try? VendorCertificate(der: der), let key = certificate.key.p384,
      Self.integer(.snpStructVersion, in: certificate) != nil,
      let productName = Self.text(.snpProductName, in: certificate),
      let product = SNPProduct(certificateName: productName),
      let bootLoader = Self.integer(.snpBootLoader, in: certificate), let tee = Self.integer(.snpTEE, in: certificate),
      let snp = Self.integer(.snpFirmware, in: certificate),
      let microcode = Self.integer(.snpMicrocode, in: certificate),
      Self.reserved.allSatisfy({ certificate.extensions[$0] == nil || Self.integer($0, in: certificate) == 0 })
    else { return nil }
    let microcontroller = Self.integer(.snpMicrocontroller, in: certificate)
    guard (microcontroller != nil) == (product == .turin) else { return nil }
    let hardwareID = certificate.extensions[.snpHardwareID]?.value
    let provider = Self.text(.snpProvider, in: certificate)
    switch (hardwareID, provider) {
    case (let hardwareID?, nil):
      guard hardwareID.count == product.chipIDByteCount else { return nil }
      signer = .chip
    case (nil, let provider?): signer = .provider(provider)
    default: return nil
    }
    self.certificate = certificate
    self.key = key
    self.productName = productName
    self.product = product
    self.hardwareID = hardwareID
    firmware = SNPFirmware(
      microcontroller: microcontroller ?? 0, bootLoader: bootLoader, tee: tee, snp: snp, microcode: microcode)
  }

  private static func integer(_ name: ASN1ObjectIdentifier, in certificate: VendorCertificate) -> UInt8? {
    certificate.extensions[name].flatMap { try? Int(derEncoded: $0.value) }.flatMap { UInt8(exactly: $0) }
  }

  private static func text(_ name: ASN1ObjectIdentifier, in certificate: VendorCertificate) -> String? {
    certificate.extensions[name].flatMap { try? ASN1IA5String(derEncoded: $0.value) }.map { String($0) }
  }

  private static let reserved: [ASN1ObjectIdentifier] = (4...7).map { [1, 3, 6, 1, 4, 1, 3704, 1, 3, $0] }
}

extension ASN1ObjectIdentifier {
  static let snpMicrocontroller: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 3704, 1, 3, 9]
  static let snpProvider: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 3704, 1, 5]
}
