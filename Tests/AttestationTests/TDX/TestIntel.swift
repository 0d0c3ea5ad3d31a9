@testable import Attestation
import Crypto
import Foundation
import Identifiers
import SwiftASN1
import Transcripts
import X509

/// Intel as a test would like it: a root, authorities, a platform and statements of its own.
struct TestIntel {
  static let noon = Timestamp(secondsSince1970: 1_800_000_000)

  let rootKey = P256.Signing.PrivateKey()
  let authorityKey = P256.Signing.PrivateKey()
  let statementKey = P256.Signing.PrivateKey()
  let platformKey = P256.Signing.PrivateKey()
  let enclaveKey = P256.Signing.PrivateKey()
  let root: [UInt8]
  let authority: [UInt8]
  let statementSigner: [UInt8]

  init() throws {
    root = try Self.certificate("root", 1, rootKey, issuer: "root", signer: rootKey, isAuthority: true)
    authority = try Self.certificate("authority", 2, authorityKey, issuer: "root", signer: rootKey, isAuthority: true)
    statementSigner = try Self.certificate("statements", 3, statementKey, issuer: "root", signer: rootKey)
  }

  static func certificate(
    _ subject: String, _ serial: UInt8, _ key: P256.Signing.PrivateKey, issuer: String,
    signer: P256.Signing.PrivateKey, isAuthority: Bool = false, platform: [UInt8]? = nil
  ) throws -> [UInt8] {
    let certificate = try Certificate(
      version: .v3, serialNumber: .init(bytes: [serial]), publicKey: .init(key.publicKey),
      notValidBefore: noon.adding(seconds: -86_400).date, notValidAfter: noon.adding(seconds: 864_000).date,
      issuer: DistinguishedName { CommonName(issuer) }, subject: DistinguishedName { CommonName(subject) },
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: Certificate.Extensions {
        if isAuthority {
          Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
          Critical(KeyUsage(keyCertSign: true, cRLSign: true))
        } else {
          Critical(BasicConstraints.notCertificateAuthority)
          Critical(KeyUsage(digitalSignature: true))
        }
        if let platform { Certificate.Extension(oid: .sgx, critical: false, value: platform[...]) }
      }, issuerPrivateKey: .init(signer))
    var serializer = DER.Serializer()
    try serializer.serialize(certificate)
    return serializer.serializedBytes
  }

  static func field(_ name: UInt8..., value: [UInt8]) -> [UInt8] {
    DERBytes.sequence(DERBytes.tagged(0x06, [0x2A, 0x86, 0x48, 0x86, 0xF8, 0x4D, 0x01, 0x0D, 0x01] + name), value)
  }

  /// Intel's extension of a platform's certificate.
  static func platform(
    version: Int = 2, enclaveVersion: Int = 11, enclaveID: [UInt8] = [0, 0], kind: [UInt8] = [1, 2, 3, 4, 5, 6]
  ) -> [UInt8] {
    let versions = (1...16).flatMap { field(2, UInt8($0), value: DERBytes.integer(version)) }
    let whole = DERBytes.octets([UInt8](repeating: UInt8(version), count: 16))
    return DERBytes.sequence(
      field(1, value: DERBytes.octets([UInt8](repeating: 0xA1, count: 16))),
      field(
        2,
        value: DERBytes.tagged(
          0x30, versions + field(2, 17, value: DERBytes.integer(enclaveVersion)) + field(2, 18, value: whole))),
      field(3, value: DERBytes.octets(enclaveID)), field(4, value: DERBytes.octets(kind)),
      field(5, value: [0x0A, 1, 1]))
  }

  static var report: [UInt8] {
    var report = [UInt8](repeating: 0, count: 648)
    report.replaceSubrange(0..<3, with: [5, 1, 2])
    report.replaceSubrange(584..<587, with: [5, 1, 2])
    report[123] = 0x10
    report.replaceSubrange(136..<184, with: someMeasurement.bytes)
    report.replaceSubrange(520..<584, with: ReportData(.live, [[1]]).bytes)
    return report
  }

  static var enclave: [UInt8] {
    var enclave = [UInt8](repeating: 0, count: 384)
    enclave[48] = 0x15
    enclave[128] = 0xE1
    enclave[256] = 2
    enclave[258] = 4
    return enclave
  }

  struct Change {
    var version = 5
    var report = TestIntel.report
    var enclave = TestIntel.enclave
    var header: [UInt8] = [2, 0, 0x81, 0, 0, 0, 0, 0, 0, 0] + TestIntel.vendor + [UInt8](repeating: 0, count: 20)
    var platform = TestIntel.platform()
    var platformSerial: UInt8 = 9
    var authentication = [UInt8](0..<32)
    var bodyType = 3
    /// What the enclave's report is about, where it is not the key and the authentication data.
    var bound: [UInt8]?
    var tail: [UInt8] = []
    var chain: ([[UInt8]]) -> [UInt8] = { TestIntel.pem($0) + [0] }
    var enclaveSigner: P256.Signing.PrivateKey?
    var quoteSigner: P256.Signing.PrivateKey?
  }

  static let vendor: [UInt8] = [
    0x93, 0x9A, 0x72, 0x33, 0xF7, 0x9C, 0x4C, 0xA9, 0x94, 0x0A, 0x0D, 0xB3, 0x95, 0x7F, 0x06, 0x07,
  ]

  static func pem(_ chain: [[UInt8]]) -> [UInt8] {
    Array(chain.map { PEMDocument(type: "CERTIFICATE", derBytes: $0).pemString + "\n" }.joined().utf8)
  }

  static func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }

  func quote(_ change: (inout Change) -> Void = { _ in }) throws -> [UInt8] {
    var parts = Change()
    change(&parts)
    var signed = Self.little(parts.version, 2) + parts.header
    if parts.version == 4 {
      signed += parts.report.prefix(584)
    } else {
      signed += Self.little(parts.bodyType, 2) + Self.little(parts.report.count, 4) + parts.report
    }
    let key = Array(enclaveKey.publicKey.rawRepresentation)
    let bound = parts.bound ?? key + parts.authentication
    parts.enclave.replaceSubrange(320..<352, with: Array(SHA256.hash(data: bound)))
    let leaf = try Self.certificate(
      "platform", parts.platformSerial, platformKey, issuer: "authority", signer: authorityKey, platform: parts.platform
    )
    let chain = parts.chain([leaf, authority, root])
    let certification =
      parts.enclave + (try sign(parts.enclave, parts.enclaveSigner ?? platformKey))
      + Self.little(parts.authentication.count, 2) + parts.authentication + Self.little(5, 2)
      + Self.little(chain.count, 4) + chain
    let data =
      (try sign(signed, parts.quoteSigner ?? enclaveKey)) + key + Self.little(6, 2)
      + Self.little(certification.count, 4) + certification
    return signed + Self.little(data.count, 4) + data + parts.tail
  }

  func evidence(_ change: (inout Change) -> Void = { _ in }) throws -> Evidence {
    try Evidence(kind: .tdx, data: quote(change))
  }

  private func sign(_ message: [UInt8], _ key: P256.Signing.PrivateKey) throws -> [UInt8] {
    Array(try key.signature(for: SHA256.hash(data: message)).rawRepresentation)
  }
}

extension TestIntel {
  static let statusOfPlatform = "\"UpToDate\",\"of\":\"platform\""
  static let statusOfModule = "\"UpToDate\",\"of\":\"module\""
  static let statusOfEnclave = "\"UpToDate\",\"of\":\"enclave\""

  static let platforms: String = {
    func components(_ versions: [Int]) -> String {
      "["
        + (versions + [Int](repeating: 0, count: 16 - versions.count)).map { "{\"svn\":\($0)}" }.joined(separator: ",")
        + "]"
    }
    let zeros = String(repeating: "0", count: 96)
    let module = "\"mrsigner\":\"\(zeros)\",\"attributes\":\"0000000000000000\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\""
    return """
      {"id":"TDX","version":3,"issueDate":"2027-01-15T00:00:00Z","nextUpdate":"2027-02-15T00:00:00Z",\
      "fmspc":"010203040506","pceId":"0000","tcbType":0,"tcbEvaluationDataNumber":17,"tdxModule":{\(module)},\
      "tdxModuleIdentities":[{"id":"TDX_01",\(module),"tcbLevels":[{"tcb":{"isvsvn":5},\
      "tcbStatus":\(statusOfModule)},{"tcb":{"isvsvn":4},"tcbStatus":"OutOfDate"}]}],\
      "tcbLevels":[{"tcb":{"sgxtcbcomponents":\(components([2, 2])),"pcesvn":11,"tdxtcbcomponents":\
      \(components([5, 0, 2]))},"tcbStatus":\(statusOfPlatform)},\
      {"tcb":{"sgxtcbcomponents":\(components([1, 1])),"pcesvn":5,"tdxtcbcomponents":\(components([5, 0, 1]))},\
      "tcbStatus":"OutOfDate","advisoryIDs":["INTEL-SA-00001"]}]}
      """.replacing("},\"tcbStatus\"", with: "},\"tcbDate\":\"2026-01-01T00:00:00Z\",\"tcbStatus\"")
  }()

  static let enclaves = """
    {"id":"TD_QE","version":2,"issueDate":"2027-01-14T12:00:00Z","nextUpdate":"2027-02-14T12:00:00Z",\
    "tcbEvaluationDataNumber":17,"miscselect":"00000000","miscselectMask":"FFFFFFFF",\
    "attributes":"11000000000000000000000000000000","attributesMask":"FBFFFFFFFFFFFFFF0000000000000000",\
    "mrsigner":"E1\(String(repeating: "0", count: 62))","isvprodid":2,\
    "tcbLevels":[{"tcb":{"isvsvn":4},"tcbStatus":\(statusOfEnclave)},{"tcb":{"isvsvn":2},"tcbStatus":"OutOfDate"}]}
    """.replacing("},\"tcbStatus\"", with: "},\"tcbDate\":\"2026-01-01T00:00:00Z\",\"tcbStatus\"")

  struct Statements {
    var platforms = TestIntel.platforms
    var enclaves = TestIntel.enclaves
    var revokedByRoot: [Int] = []
    var revokedByAuthority: [Int] = []
    var signer: P256.Signing.PrivateKey?
    var end = "20270301000000Z"
  }

  func collateralJSON(_ change: (inout Statements) -> Void = { _ in }) throws -> [UInt8] {
    var statements = Statements()
    change(&statements)
    func signature(_ text: String) throws -> String {
      Hex.encode(try sign(Array(text.utf8), statements.signer ?? statementKey))
    }
    let chain = String(decoding: Self.pem([statementSigner, root]), as: UTF8.self)
    let record: [String: String] = [
      "tcb_info": statements.platforms, "tcb_info_signature": try signature(statements.platforms),
      "tcb_info_issuer_chain": chain, "qe_identity": statements.enclaves,
      "qe_identity_signature": try signature(statements.enclaves), "qe_identity_issuer_chain": chain,
      "pck_crl_issuer_chain": String(decoding: Self.pem([authority, root]), as: UTF8.self),
      "root_ca_crl": Hex.encode(try list(statements.revokedByRoot, "root", rootKey, end: "20280101000000Z")),
      "pck_crl": Hex.encode(try list(statements.revokedByAuthority, "authority", authorityKey, end: statements.end)),
    ]
    return [UInt8](try JSONEncoder().encode(record))
  }

  func collateral(_ change: (inout Statements) -> Void = { _ in }) throws -> IntelCollateral {
    try IntelCollateral(json: collateralJSON(change), root: root)
  }

  private func list(
    _ serials: [Int], _ issuer: String, _ key: P256.Signing.PrivateKey, end: String
  ) throws -> [UInt8] {
    let start = DERBytes.time("20270114120000Z")
    let entries = serials.flatMap { DERBytes.sequence(DERBytes.integer($0), start) }
    let name = DERBytes.name(issuer)
    let content = DERBytes.sequence(
      DERBytes.integer(1), SignatureAlgorithm.ecdsaP256, name, start, DERBytes.time(end),
      serials.isEmpty ? [] : DERBytes.tagged(0x30, entries),
      DERBytes.explicit(
        0,
        DERBytes.sequence(
          DERBytes.sequence(DERBytes.tagged(0x06, [0x55, 0x1D, 0x14]), DERBytes.octets(DERBytes.integer(1))))))
    let signature = try key.signature(for: SHA256.hash(data: content)).derRepresentation
    return DERBytes.sequence(content, SignatureAlgorithm.ecdsaP256, DERBytes.bits(Array(signature)))
  }

  func verifier(
    _ requirement: (inout TDXRequirements) -> Void = { _ in }, statements: (inout Statements) -> Void = { _ in }
  ) throws -> TDXVerifier {
    var requirements = TDXRequirements()
    requirement(&requirements)
    return TDXVerifier(requirements: requirements, collateral: [try collateral(statements)], root: root)
  }
}
