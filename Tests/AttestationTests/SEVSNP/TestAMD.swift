@testable import Attestation
import Crypto
import CryptoExtras
import Foundation
import Identifiers
import Transcripts

/// AMD as a test would like it: a root, intermediates and a chip of its own.
struct TestAMD {
  /// One key for the root and both intermediates, because it takes a while to make.
  static let signer: _RSA.Signing.PrivateKey = {
    do {
      return try _RSA.Signing.PrivateKey(keySize: .bits4096)
    } catch {
      preconditionFailure("a key")
    }
  }()

  struct Certificate {
    var algorithm = SignatureAlgorithm.pss
    var padding = _RSA.Signing.Padding.PSS
    var version: [UInt8] = DERBytes.explicit(0, DERBytes.integer(2))
    var serial = 7
    var issuer: String
    var subject: String
    var start = "20260101000000Z"
    var end = "20360101000000Z"
    var key: [UInt8]
    var extensions: [UInt8]

    func signed() throws -> [UInt8] {
      let content = DERBytes.sequence(
        version, DERBytes.integer(serial), algorithm, DERBytes.name(issuer),
        DERBytes.sequence(DERBytes.time(start), DERBytes.time(end)), DERBytes.name(subject), key,
        DERBytes.explicit(3, DERBytes.tagged(0x30, extensions)))
      let signature = try TestAMD.signer.signature(for: SHA384.hash(data: content), padding: padding)
      return DERBytes.sequence(content, algorithm, DERBytes.bits(Array(signature.rawRepresentation)))
    }
  }

  let product: SNPProduct
  let chip = P384.Signing.PrivateKey()
  /// What its identifier is made of.
  var chipByte: UInt8 = 0xC1
  let authority: AMDAuthority

  init(_ product: SNPProduct = .genoa, pathLimit: [UInt8] = DERBytes.authority) throws {
    self.product = product
    authority = try AMDAuthority(
      product: product, root: Self.authority("ARK", "ARK", pathLimit), chips: Self.authority("ARK", "ASK", pathLimit),
      providers: Self.authority("ARK", "ASVK", pathLimit))
  }

  static func authority(
    _ issuer: String, _ subject: String, _ extensions: [UInt8] = DERBytes.authority
  ) throws -> [UInt8] {
    try Certificate(
      issuer: issuer, subject: subject, key: Array(signer.publicKey.derRepresentation), extensions: extensions
    ).signed()
  }

  /// The certificate of the chip's key, or of a provider's.
  func endorsement(provider: String? = nil, change: (inout Certificate) -> Void = { _ in }) throws -> [UInt8] {
    func version(_ value: Int) -> [UInt8] { DERBytes.integer(value) }
    let turin = product == .turin
    let hardwareID = [UInt8](repeating: chipByte, count: turin ? 8 : 64)
    var certificate = Certificate(
      issuer: provider == nil ? "ASK" : "ASVK", subject: "VEK", key: Array(chip.publicKey.derRepresentation),
      extensions: DERBytes.amd(1, value: version(1)) + DERBytes.amd(2, value: DERBytes.text(product.rawValue + "-B0"))
        + DERBytes.amd(3, 1, value: version(4)) + DERBytes.amd(3, 2, value: version(1))
        + DERBytes.amd(3, 3, value: version(20)) + DERBytes.amd(3, 8, value: version(200))
        + (turin ? DERBytes.amd(3, 9, value: version(3)) : [])
        + (provider.map { DERBytes.amd(5, value: DERBytes.text($0)) } ?? DERBytes.amd(4, value: hardwareID)))
    change(&certificate)
    return try certificate.signed()
  }

  static let firmware = SNPFirmware(bootLoader: 4, tee: 1, snp: 20, microcode: 200)

  func report(provider: Bool = false, version: UInt32 = 5, change: (inout SNPReport) -> Void = { _ in }) throws
    -> SNPReport
  {
    var report = SNPReport()
    report.version = version
    report.guestPolicy = 0x30000
    report.signatureAlgorithm = SNPReport.ecdsaP384
    report.keyInfo = provider ? 1 << 2 : 0
    report.migrationAgent = [UInt8](repeating: 0xFF, count: 32)
    report.measurement = someMeasurement.bytes
    report.reportData = ReportData(.live, [[1]]).bytes
    let firmware = Self.firmware.bytes
    if product == .turin {
      report.chipID = [UInt8](repeating: chipByte, count: 8) + [UInt8](repeating: 0, count: 56)
      for place in SNPReport.FirmwarePlace.allCases { report.write([3, 4, 1, 20, 0, 0, 0, 200], place.rawValue) }
    } else {
      report.chipID = [UInt8](repeating: provider ? 0 : chipByte, count: 64)
      for place in SNPReport.FirmwarePlace.allCases { report.write(firmware, place.rawValue) }
    }
    if version >= 3 {
      report.processor =
        switch product {
        case .milan: (0x19, 0x01, 1)
        case .genoa: (0x19, 0x11, 1)
        case .turin: (0x1A, 0x02, 1)
        }
    }
    if version >= 5 {
      report.launchMitigations = 3
      report.currentMitigations = 3
    }
    change(&report)
    try report.sign(with: chip)
    return report
  }

  func evidence(
    provider: String? = nil, version: UInt32 = 5, certificate: (inout Certificate) -> Void = { _ in },
    report change: (inout SNPReport) -> Void = { _ in }
  ) throws -> Evidence {
    try Evidence(
      kind: .sevSNP,
      data: report(provider: provider != nil, version: version, change: change).bytes
        + endorsement(provider: provider, change: certificate))
  }

  var requirements: SNPRequirements { SNPRequirements(minimumFirmware: [product: Self.firmware]) }

  func verifier(
    revocations: [RevocationList] = [], _ change: (inout SNPRequirements) -> Void = { _ in }
  ) -> SNPVerifier {
    var requirements = requirements
    change(&requirements)
    return SNPVerifier(requirements: requirements, authorities: [authority], revocations: revocations)
  }

  static let noon = Timestamp(secondsSince1970: 1_800_000_000)

  /// A list of the root's that names these serial numbers.
  static func revocationList(
    of serials: [Int], issuer: String = "ARK", from start: String = "20270101000000Z",
    to end: String = "20270201000000Z"
  ) throws -> [UInt8] {
    let entries = serials.flatMap { DERBytes.sequence(DERBytes.integer($0), DERBytes.time(start)) }
    let content = DERBytes.sequence(
      DERBytes.integer(1), SignatureAlgorithm.pss, DERBytes.name(issuer), DERBytes.time(start), DERBytes.time(end),
      serials.isEmpty ? [] : DERBytes.tagged(0x30, entries))
    let signature = try signer.signature(for: SHA384.hash(data: content), padding: .PSS)
    return DERBytes.sequence(content, SignatureAlgorithm.pss, DERBytes.bits(Array(signature.rawRepresentation)))
  }
}

extension SNPReport {
  mutating func write(_ field: [UInt8], _ offset: Int) {
    var copy = bytes
    copy.replaceSubrange(offset..<offset + field.count, with: field)
    self = SNPReport(bytes: copy) ?? self
  }
}
