import Crypto
import Foundation
import Identifiers
import SwiftASN1
import X509

/// Statements of the form of Intel's, under keys everybody knows.
public struct SampleIntel: Sendable {
  public static let made = Result { try SampleIntel() }

  /// DER.
  public let root: [UInt8]
  private let authority: [UInt8]
  private let signer: [UInt8]

  /// A certificate of key 1 for itself. It is made once, because the root is known by its bytes and signatures are random.
  private static let rootText = """
    -----BEGIN CERTIFICATE-----
    MIIBLzCB1qADAgECAgEBMAoGCCqGSM49BAMCMA8xDTALBgNVBAMMBHJvb3QwHhcN
    MjcwMTA1MDgwMDAwWhcNMjcwMTI1MDgwMDAwWjAPMQ0wCwYDVQQDDARyb290MFkw
    EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEb/A7lJJBzh2t1DUZ5pYOCoW0GmmgXDKB
    A6orzhWUyhY8T3U6Vb8B3FP2wLDH7ueLQMb/fSWpbiKCuYnO9xwUSqMjMCEwDwYD
    VR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZIzj0EAwIDSAAwRQIg
    VXn6eq1cGFXS5+oac/AoMtezTEvccl1QTuZEFAM0QTECIQDNe9D1xBU9tvvAIG1d
    epHvzzcCrsiAyr8yX71egBLjjw==
    -----END CERTIFICATE-----
    """

  private init() throws {
    root = try PEMDocument(pemString: Self.rootText).derBytes
    authority = try Self.certificate("authority", 2, 2, by: "root", 1, isAuthority: true)
    signer = try Self.certificate("statements", 3, 3, by: "root", 1, isAuthority: false)
  }

  public static let platforms: String = {
    let components = "[" + [String](repeating: #"{"svn":1}"#, count: 16).joined(separator: ",") + "]"
    let zeros = String(repeating: "0", count: 96)
    let module = #""mrsigner":"\#(zeros)","attributes":"0000000000000000","attributesMask":"FFFFFFFFFFFFFFFF""#
    return #"{"id":"TDX","version":3,"issueDate":"2027-01-15T00:00:00Z","nextUpdate":"2027-02-15T00:00:00Z","#
      + #""fmspc":"010203040506","pceId":"0000","tcbType":0,"tcbEvaluationDataNumber":17,"tdxModule":{\#(module)},"#
      + #""tdxModuleIdentities":[{"id":"TDX_01",\#(module),"tcbLevels":[{"tcb":{"isvsvn":5},"#
      + #""tcbStatus":"UpToDate"}]}],"tcbLevels":[{"tcb":{"sgxtcbcomponents":\#(components),"pcesvn":11,"#
      + #""tdxtcbcomponents":\#(components)},"tcbStatus":"OutOfDate","advisoryIDs":["INTEL-SA-00001"]}]}"#
  }()

  public static let enclaves =
    #"{"id":"TD_QE","version":2,"issueDate":"2027-01-15T00:00:00Z","nextUpdate":"2027-02-15T00:00:00Z","#
    + #""miscselect":"00000000","miscselectMask":"FFFFFFFF","attributes":"11000000000000000000000000000000","#
    + #""attributesMask":"FBFFFFFFFFFFFFFF0000000000000000","mrsigner":"\#(String(repeating: "e1", count: 32))","#
    + #""isvprodid":2,"tcbLevels":[{"tcb":{"isvsvn":4},"tcbStatus":"UpToDate"}]}"#

  /// The whole file, with these two texts signed.
  public func collateral(
    platforms: String = SampleIntel.platforms, enclaves: String = SampleIntel.enclaves
  ) throws -> [UInt8] {
    let signers = pem(signer) + pem(root)
    func signature(_ text: String) throws -> String {
      Hex.encode(try Self.key(3).signature(for: SHA256.hash(data: Array(text.utf8))).rawRepresentation)
    }
    let members: [(String, String)] = [
      ("tcb_info", platforms), ("tcb_info_signature", try signature(platforms)), ("tcb_info_issuer_chain", signers),
      ("qe_identity", enclaves), ("qe_identity_signature", try signature(enclaves)),
      ("qe_identity_issuer_chain", signers), ("root_ca_crl", Hex.encode(try Self.revocations("root", 1))),
      ("pck_crl", Hex.encode(try Self.revocations("authority", 2))),
      ("pck_crl_issuer_chain", pem(authority) + pem(root)),
    ]
    return JSONValue.object(members.map { JSONMember($0.0, .string($0.1)) }).serialized
  }

  /// A list of the authority with this name and key.
  public static func revocations(_ issuer: String, _ number: UInt8) throws -> [UInt8] {
    let algorithm = SampleDER.sequence(SampleDER.name(0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02))
    let start = SampleDER.time("20270115000000Z")
    let content = SampleDER.sequence(
      SampleDER.integer(1), algorithm, SampleDER.common(issuer), start, SampleDER.time("20270215000000Z"),
      SampleDER.sequence(SampleDER.sequence(SampleDER.integer(200), start)),
      SampleDER.explicit(
        0,
        SampleDER.sequence(
          SampleDER.sequence(SampleDER.name(0x55, 0x1D, 0x14), SampleDER.octets(SampleDER.integer(1))))))
    let signature = try key(number).signature(for: SHA256.hash(data: content)).derRepresentation
    return SampleDER.sequence(content, algorithm, SampleDER.bits(Array(signature)))
  }

  private static func key(_ number: UInt8) throws -> P256.Signing.PrivateKey {
    try P256.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: number, count: 32))
  }

  private static func certificate(
    _ subject: String, _ serial: UInt8, _ number: UInt8, by issuer: String, _ signer: UInt8, isAuthority: Bool
  ) throws -> [UInt8] {
    let noon = Date(timeIntervalSince1970: TimeInterval(SelfSignedCertificate.noon.secondsSince1970))
    let certificate = try Certificate(
      version: .v3, serialNumber: .init(bytes: [serial]), publicKey: .init(key(number).publicKey),
      notValidBefore: noon - 864_000, notValidAfter: noon + 864_000, issuer: DistinguishedName { CommonName(issuer) },
      subject: DistinguishedName { CommonName(subject) }, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: Certificate.Extensions {
        if isAuthority {
          Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
          Critical(KeyUsage(keyCertSign: true, cRLSign: true))
        } else {
          Critical(BasicConstraints.notCertificateAuthority)
          Critical(KeyUsage(digitalSignature: true))
        }
      }, issuerPrivateKey: .init(key(signer)))
    var serializer = DER.Serializer()
    try serializer.serialize(certificate)
    return serializer.serializedBytes
  }

  private func pem(_ der: [UInt8]) -> String { PEMDocument(type: "CERTIFICATE", derBytes: der).pemString + "\n" }
}
