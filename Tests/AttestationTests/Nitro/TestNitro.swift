@testable import Attestation
import Crypto
import Identifiers
import SwiftASN1
import Transcripts
import X509

/// AWS as a test would like it: a root, authorities and an enclave of its own.
struct TestNitro {
  static let noon = Timestamp(secondsSince1970: 1_800_000_000)

  let rootKey = P384.Signing.PrivateKey()
  let middleKey = P384.Signing.PrivateKey()
  let enclaveKey = P384.Signing.PrivateKey()
  let root: [UInt8]

  init() throws {
    root = try Self.certificate("root", rootKey.publicKey, issuer: "root", signer: rootKey, limit: .some(nil))
  }

  /// - Parameter limit: nil for a certificate that signs no others.
  static func certificate(
    _ subject: String, _ key: P384.Signing.PublicKey, issuer: String, signer: P384.Signing.PrivateKey, limit: Int??,
    lifetime: Int64 = 86_400
  ) throws -> [UInt8] {
    let certificate = try Certificate(
      version: .v3, serialNumber: .init(), publicKey: .init(key), notValidBefore: noon.adding(seconds: -86_400).date,
      notValidAfter: noon.adding(seconds: lifetime).date, issuer: DistinguishedName { CommonName(issuer) },
      subject: DistinguishedName { CommonName(subject) }, signatureAlgorithm: .ecdsaWithSHA384,
      extensions: Certificate.Extensions {
        if let limit {
          Critical(BasicConstraints.isCertificateAuthority(maxPathLength: limit))
          Critical(KeyUsage(keyCertSign: true))
        } else {
          Critical(BasicConstraints.notCertificateAuthority)
          KeyUsage(digitalSignature: true)
        }
      }, issuerPrivateKey: .init(signer))
    var serializer = DER.Serializer()
    try serializer.serialize(certificate)
    return serializer.serializedBytes
  }

  func fields(middleLimit: Int?? = .some(0)) throws -> [CBOR: CBOR] {
    let middle = try Self.certificate(
      "middle", middleKey.publicKey, issuer: "root", signer: rootKey, limit: middleLimit)
    let leaf = try Self.certificate("leaf", enclaveKey.publicKey, issuer: "middle", signer: middleKey, limit: nil)
    let register = [UInt8](repeating: 7, count: 48)
    return [
      .text("module_id"): .text("i-0123-enc4567"), .text("digest"): .text("SHA384"),
      .text("timestamp"): .unsigned(UInt64(Self.noon.secondsSince1970) * 1000),
      .text("pcrs"): .map([.unsigned(0): .bytes(someMeasurement.bytes), .unsigned(8): .bytes(register)]),
      .text("certificate"): .bytes(leaf), .text("cabundle"): .array([.bytes(root), .bytes(middle)]),
      .text("public_key"): .null, .text("user_data"): .bytes(ReportData(.live, [[1]]).bytes), .text("nonce"): .null,
    ]
  }

  func evidence(_ change: (inout [CBOR: CBOR]) throws -> Void = { _ in }) throws -> Evidence {
    var fields = try fields()
    try change(&fields)
    return try evidence(payload: CBOR.map(fields).encoded)
  }

  func evidence(payload: [UInt8], protected: [UInt8] = [0xA1, 0x01, 0x38, 0x22]) throws -> Evidence {
    let signed = CBOR.array([.text("Signature1"), .bytes(protected), .bytes([]), .bytes(payload)]).encoded
    let signature = try enclaveKey.signature(for: SHA384.hash(data: signed)).rawRepresentation
    return try Evidence(
      kind: .nitro,
      data: CBOR.array([.bytes(protected), .map([:]), .bytes(payload), .bytes(Array(signature))]).encoded)
  }

  func verifier(_ change: (inout NitroRequirements) -> Void = { _ in }) -> NitroVerifier {
    var requirements = NitroRequirements()
    change(&requirements)
    return NitroVerifier(requirements: requirements, root: root)
  }
}
