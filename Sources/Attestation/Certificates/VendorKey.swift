import Crypto
import CryptoExtras
import Foundation
import SwiftASN1

/// How a maker signs its certificates and revocation lists.
enum SignatureAlgorithm: Sendable, Hashable {
  /// RSASSA-PSS, SHA-384, MGF1 with SHA-384, 48 bytes of salt (RFC 8017 appendix A.2.3).
  case pssSHA384
  case ecdsaSHA256
  case ecdsaSHA384

  /// - Parameter encoded: the whole AlgorithmIdentifier. Anything but the encodings that occur is refused.
  init?(encoded: [UInt8]) {
    switch encoded {
    case Self.pss, Self.pssWithTrailer: self = .pssSHA384
    case Self.ecdsaP256: self = .ecdsaSHA256
    case Self.ecdsaP384: self = .ecdsaSHA384
    default: return nil
    }
  }

  private static let hash: [UInt8] = [
    0xA0, 0x0F, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00,
  ]
  private static let mask: [UInt8] = [
    0xA1, 0x1C, 0x30, 0x1A, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x08,
    0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00,
  ]
  private static let salt: [UInt8] = [0xA2, 0x03, 0x02, 0x01, 0x30]
  private static let name: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A]
  /// As AMD's key server writes it today, and as DER wants it.
  static let pss: [UInt8] = [0x30, 0x41] + name + [0x30, 0x34] + hash + mask + salt
  /// As it wrote it before, with the default value of the trailer spelled out.
  static let pssWithTrailer: [UInt8] =
    [0x30, 0x46] + name + [0x30, 0x39] + hash + mask + salt + [0xA3, 0x03, 0x02, 0x01, 0x01]
  static let ecdsaP256: [UInt8] = [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]
  static let ecdsaP384: [UInt8] = [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03]
}

/// A signature and the bytes it is over.
struct VendorSignature: Sendable {
  let algorithm: SignatureAlgorithm
  let message: [UInt8]
  let bytes: [UInt8]
}

/// The key in a maker's certificate.
enum VendorKey: Sendable {
  case rsa4096(_RSA.Signing.PublicKey)
  case p256(P256.Signing.PublicKey)
  case p384(P384.Signing.PublicKey)

  /// - Parameter node: a SubjectPublicKeyInfo.
  init(_ node: ASN1Node) throws(CertificateFault) {
    guard let parts = try? DERNodes.children(of: node), parts.count == 2,
      let bits = try? ASN1BitString(derEncoded: parts[1]), bits.paddingBits == 0
    else { throw .malformed }
    switch Array(parts[0].encodedBytes) {
    case Self.rsa:
      guard let key = try? _RSA.Signing.PublicKey(derRepresentation: Array(node.encodedBytes)),
        key.keySizeInBits == 4096
      else { throw .key }
      self = .rsa4096(key)
    case Self.curve256:
      guard let key = try? P256.Signing.PublicKey(x963Representation: bits.bytes) else { throw .key }
      self = .p256(key)
    case Self.curve384:
      guard let key = try? P384.Signing.PublicKey(x963Representation: bits.bytes) else { throw .key }
      self = .p384(key)
    default:
      throw .key
    }
  }

  var p256: P256.Signing.PublicKey? { if case .p256(let key) = self { key } else { nil } }
  var p384: P384.Signing.PublicKey? { if case .p384(let key) = self { key } else { nil } }

  func verifies(_ signature: VendorSignature) -> Bool {
    switch (self, signature.algorithm) {
    case (.rsa4096(let key), .pssSHA384):
      key.isValidSignature(
        .init(rawRepresentation: signature.bytes), for: SHA384.hash(data: signature.message), padding: .PSS)
    case (.p256(let key), .ecdsaSHA256):
      (try? P256.Signing.ECDSASignature(derRepresentation: signature.bytes)).map {
        key.isValidSignature($0, for: SHA256.hash(data: signature.message))
      } ?? false
    case (.p384(let key), .ecdsaSHA384):
      (try? P384.Signing.ECDSASignature(derRepresentation: signature.bytes)).map {
        key.isValidSignature($0, for: SHA384.hash(data: signature.message))
      } ?? false
    default:
      false
    }
  }

  static let rsa: [UInt8] = [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00]
  static let curve256: [UInt8] = [
    0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
    0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,
  ]
  static let curve384: [UInt8] = [
    0x30, 0x10, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22,
  ]
}
