@testable import Attestation
import Crypto
import Foundation
@testable import FuzzTargets
import Identifiers

/// Seeds of the targets around trusted execution environments: in the layouts of real evidence, by keys of nobody.
struct HardwareSeeds {
  func seeds() throws -> [String: [[UInt8]]] {
    let chip = try vek(.genoa)
    let provider = try vek(.milan, provider: "CN=cc-test.example")
    let reports = [
      try report(.milan, version: 2).bytes + vek(.milan), try report(.genoa, version: 5).bytes + chip,
      try report(.turin, version: 5).bytes + vek(.turin),
      try report(.milan, version: 3, isOfProvider: true).bytes + provider,
    ]
    let payloads = [try payload(), [0xBF] + (try payload()).dropFirst() + [0xFF]]
    let documents = payloads.map { SampleNitro.document(payload: $0) }
    let quotes = [try quote(version: 4), try quote(version: 5), try quote(version: 5) + [0, 0, 0]]
    let intel = try SampleIntel.made.get()
    let requests = try (0..<5).map { try ReportData(bytes: filled(UInt8($0), 64)) }
    return [
      "snp-evidence": reports,
      "tdx-quote": quotes,
      "nitro-document": documents + [[0xD2] + (documents.first ?? [])],
      "nitro-payload": payloads,
      "vendor-certificate": [chip, provider, try platformCertificate()],
      "key-certificate-file": [chip, provider, pem(chip)],
      "revocation-list": [try SampleIntel.revocations("root", 1), try SampleIntel.revocations("x", 2)],
      "tdx-collateral": [try intel.collateral(), try intel.collateral(platforms: oldPlatforms)],
      "tdx-platforms": [Array(SampleIntel.platforms.utf8), Array(oldPlatforms.utf8)],
      "tdx-enclaves": [
        Array(SampleIntel.enclaves.utf8), Array(SampleIntel.enclaves.replacing("UpToDate", with: "Revoked").utf8),
      ],
      "certificate-table": [[], table([chip]), table([chip, provider, [1, 2, 3]])],
      "nitro-answer": documents.map {
        CBOR.map([.text("Attestation"): .map([.text("document"): .bytes($0)])]).encoded
      },
      "inclusion-proof": try [1, 2, 5].compactMap { count in
        try EvidenceBatch(Array(requests.prefix(count))).proof(at: count - 1)?.encoded
      },
      "evidence-policy": policies.map { Array($0.utf8) },
      "evidence-file": reports + quotes + documents.map { $0 + [1, 2, 3] },
    ]
  }

  private func filled(_ byte: UInt8, _ count: Int) -> [UInt8] { [UInt8](repeating: byte, count: count) }

  private func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  // MARK: Certificates

  private func certificate(_ algorithm: [UInt8], _ key: [UInt8], _ extensions: [UInt8]) -> [UInt8] {
    let content = SampleDER.sequence(
      SampleDER.explicit(0, SampleDER.integer(2)), SampleDER.integer(7), algorithm, SampleDER.common("authority"),
      SampleDER.sequence(SampleDER.time("20260101000000Z"), SampleDER.time("20360101000000Z")),
      SampleDER.common("key"), key, SampleDER.explicit(3, SampleDER.tagged(0x30, extensions)))
    return SampleDER.sequence(content, algorithm, SampleDER.bits(filled(1, 72)))
  }

  private func chipKey() throws -> P384.Signing.PrivateKey {
    try P384.Signing.PrivateKey(rawRepresentation: filled(1, 48))
  }

  private func vek(_ product: SNPProduct, provider: String? = nil) throws -> [UInt8] {
    func amd(_ arcs: UInt8..., value: [UInt8]) -> [UInt8] {
      let name = SampleDER.tagged(0x06, [0x2B, 0x06, 0x01, 0x04, 0x01, 0x9C, 0x78, 0x01] + arcs)
      return SampleDER.sequence(name, SampleDER.octets(value))
    }
    var extensions = amd(1, value: SampleDER.integer(1)) + amd(2, value: SampleDER.text(product.rawValue + "-B0"))
    for (part, version) in [(1, 4), (2, 1), (3, 20), (8, 200)] as [(UInt8, UInt8)] {
      extensions += amd(3, part, value: SampleDER.integer(version))
    }
    if product == .turin { extensions += amd(3, 9, value: SampleDER.integer(3)) }
    extensions +=
      provider.map { amd(5, value: SampleDER.text($0)) } ?? amd(4, value: filled(0xC1, product == .turin ? 8 : 64))
    return certificate(SignatureAlgorithm.pss, Array(try chipKey().publicKey.derRepresentation), extensions)
  }

  private func platformCertificate() throws -> [UInt8] {
    func intel(_ arcs: UInt8..., value: [UInt8]) -> [UInt8] {
      SampleDER.sequence(
        SampleDER.tagged(0x06, [0x2A, 0x86, 0x48, 0x86, 0xF8, 0x4D, 0x01, 0x0D, 0x01] + arcs), value)
    }
    let versions = (1...17).flatMap { intel(2, $0, value: SampleDER.integer(2)) }
    let fields =
      intel(1, value: SampleDER.octets(filled(0xA1, 16))) + intel(2, value: SampleDER.tagged(0x30, versions))
      + intel(3, value: SampleDER.octets([0, 0])) + intel(4, value: SampleDER.octets([1, 2, 3, 4, 5, 6]))
    let name = SampleDER.tagged(0x06, [0x2A, 0x86, 0x48, 0x86, 0xF8, 0x4D, 0x01, 0x0D, 0x01])
    let key = try P256.Signing.PrivateKey(rawRepresentation: filled(1, 32)).publicKey
    return certificate(
      SignatureAlgorithm.ecdsaP256, Array(key.derRepresentation),
      SampleDER.sequence(name, SampleDER.octets(SampleDER.tagged(0x30, fields))))
  }

  private func pem(_ der: [UInt8]) -> [UInt8] {
    let text = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
    return Array("-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n".utf8)
  }

  private func table(_ certificates: [[UInt8]]) -> [UInt8] {
    var offset = 24 * (certificates.count + 1)
    var entries: [UInt8] = []
    for certificate in certificates {
      entries += filled(0x63, 16) + little(offset, 4) + little(certificate.count, 4)
      offset += certificate.count
    }
    return entries + filled(0, 24) + certificates.flatMap(\.self)
  }

  // MARK: Evidence

  private func report(_ product: SNPProduct, version: UInt32, isOfProvider: Bool = false) throws -> SNPReport {
    let firmware = SNPFirmware(
      microcontroller: product == .turin ? 3 : 0, bootLoader: 4, tee: 1, snp: 20, microcode: 200)
    var bytes = SNPReport().bytes
    for place in SNPReport.FirmwarePlace.allCases {
      bytes.replaceSubrange(place.rawValue..<place.rawValue + 8, with: firmware.bytes(layout: product.layout))
    }
    var report = SNPReport(bytes: bytes) ?? SNPReport()
    report.version = version
    report.guestPolicy = 0x30000
    report.signatureAlgorithm = SNPReport.ecdsaP384
    report.keyInfo = isOfProvider ? 1 << 2 : 0
    report.migrationAgent = filled(0xFF, 32)
    report.measurement = filled(7, 48)
    report.reportData = filled(9, 64)
    report.chipID = isOfProvider ? filled(0, 64) : filled(0xC1, product == .turin ? 8 : 64)
    if version >= 3 {
      report.processor =
        switch product {
        case .milan: (0x19, 0x01, 1)
        case .genoa: (0x19, 0x11, 1)
        case .turin: (0x1A, 0x02, 1)
        }
    }
    try report.sign(with: chipKey())
    return report
  }

  private func quote(version: Int) throws -> [UInt8] {
    let vendor: [UInt8] = [
      0x93, 0x9A, 0x72, 0x33, 0xF7, 0x9C, 0x4C, 0xA9, 0x94, 0x0A, 0x0D, 0xB3, 0x95, 0x7F, 0x06, 0x07,
    ]
    let header = little(version, 2) + [2, 0, 0x81, 0, 0, 0, 0, 0, 0, 0] + vendor + filled(0, 20)
    let body = filled(3, version == 4 ? 584 : 648)
    let chain = try (0..<3).flatMap { _ in pem(try platformCertificate()) }
    let certification =
      filled(0, 384) + filled(1, 64) + little(32, 2) + filled(2, 32) + little(5, 2) + little(chain.count, 4) + chain
    let data =
      filled(1, 64) + filled(4, 64) + little(6, 2) + little(certification.count, 4) + certification
    return header + (version == 4 ? [] : little(3, 2) + little(body.count, 4)) + body + little(data.count, 4) + data
  }

  private func payload() throws -> [UInt8] {
    let certificate = CBOR.bytes(try platformCertificate())
    return CBOR.map([
      .text("module_id"): .text("i-0123-enc4567"), .text("digest"): .text("SHA384"),
      .text("timestamp"): .unsigned(1_800_000_000_000),
      .text("pcrs"): .map([.unsigned(0): .bytes(filled(7, 48)), .unsigned(8): .bytes(filled(8, 48))]),
      .text("certificate"): certificate, .text("cabundle"): .array([certificate, certificate]),
      .text("public_key"): .null, .text("user_data"): .bytes(filled(9, 64)), .text("nonce"): .null,
    ]).encoded
  }

  // MARK: Texts

  private var oldPlatforms: String { SampleIntel.platforms.replacing(#""OutOfDate""#, with: #""SWHardeningNeeded""#) }

  private var policies: [String] {
    let hash = String(repeating: "ab", count: 48)
    return [
      #"{"measurements":{"sev-snp":["\#(hash)"],"tdx":[]},"snp":{"minimumFirmware":{"Turin":{"microcontroller":1,"#
        + #""bootLoader":2}},"signers":["chip","provider:x"],"protections":"0x24","idKeys":["\#(hash)"]}}"#,
      #"{"measurements":{"nitro":["\#(hash)"]},"platforms":["nitro:00ff"],"tdx":{"statuses":["UpToDate"],"#
        + #""attributes":"0x0","serviceDomains":"\#(hash)"},"nitro":{"maximumAge":60,"registers":{"8":["\#(hash)"]}}}"#,
    ]
  }
}
