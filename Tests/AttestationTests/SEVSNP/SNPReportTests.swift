@testable import Attestation
import Crypto
import ProtocolTestKit
import SwiftASN1
import Testing

@Suite struct SNPReportTests {
  @Test func `every field lies where the firmware ABI puts it`() throws {
    var bytes = [UInt8](repeating: 0, count: 0x4A0)
    bytes[0x000] = 5
    bytes[0x00A] = 0x0B
    bytes[0x030] = 2
    bytes[0x034] = 1
    bytes.replaceSubrange(0x038..<0x040, with: [1, 2, 0, 0, 0, 0, 3, 4])
    bytes[0x048] = 9
    bytes[0x050] = 0xA0
    bytes[0x08F] = 0xA1
    bytes[0x090] = 0xB0
    bytes[0x0BF] = 0xB1
    bytes[0x160] = 0xC0
    bytes.replaceSubrange(0x180..<0x188, with: [5, 6, 0, 0, 0, 0, 7, 8])
    bytes[0x1A0] = 0xD0
    bytes[0x1DF] = 0xD1
    bytes[0x1E0] = 10
    bytes[0x1F0] = 11
    let report = try #require(SNPReport(bytes: bytes))
    #expect(report.version == 5)
    #expect(report.guestPolicy == 0x0B_0000)
    #expect(report.isDebug)
    #expect(report.privilegeLevel == 2)
    #expect(report.signatureAlgorithm == 1)
    #expect(report.currentTCB == SNPFirmware(bootLoader: 1, tee: 2, snp: 3, microcode: 4))
    #expect(report.keyInfo == 9)
    #expect(report.reportData.first == 0xA0 && report.reportData.last == 0xA1 && report.reportData.count == 64)
    #expect(report.measurement.first == 0xB0 && report.measurement.last == 0xB1 && report.measurement.count == 48)
    #expect(report.migrationAgent.first == 0xC0 && report.migrationAgent.count == 32)
    #expect(report.reportedTCB == SNPFirmware(bootLoader: 5, tee: 6, snp: 7, microcode: 8))
    #expect(report.chipID.first == 0xD0 && report.chipID.last == 0xD1 && report.chipID.count == 64)
    #expect(report.committedTCB.bootLoader == 10)
    #expect(report.launchTCB.bootLoader == 11)
    #expect(report.allowsMigration)
  }

  @Test func `what is written at a field is read there and nowhere else`() throws {
    let key = P384.Signing.PrivateKey()
    var report = SNPReport()
    report.version = 5
    report.guestPolicy = 0x30000
    report.migrationAgent = [UInt8](repeating: 0xFF, count: 32)
    report.reportData = Array(0..<64)
    try report.sign(with: key)
    #expect(report.bytes.count == 0x4A0)
    #expect(Array(report.bytes[0x050..<0x090]) == Array(0..<64))
    #expect(!report.isDebug && !report.allowsMigration && report.hasZeroReservedBytes)
    #expect(report.isSigned(by: key.publicKey))
    #expect(!report.isSigned(by: P384.Signing.PrivateKey().publicKey))
  }

  @Test func `a change of any signed byte breaks the signature`() throws {
    let key = P384.Signing.PrivateKey()
    var report = SNPReport()
    report.version = 5
    try report.sign(with: key)
    for offset in stride(from: 0, to: SNPReport.signedByteCount, by: 7) {
      var bytes = report.bytes
      bytes[offset] ^= 1
      #expect(SNPReport(bytes: bytes)?.isSigned(by: key.publicKey) == false)
    }
  }

  @Test(arguments: [0x04C, 0x18B, 0x19F, 0x208, 0x29F, 0x2D0, 0x318, 0x330, 0x49F])
  func `a reserved byte in use is noticed`(offset: Int) throws {
    var bytes = [UInt8](repeating: 0, count: SNPReport.byteCount)
    bytes[offset] = 1
    #expect(SNPReport(bytes: bytes)?.hasZeroReservedBytes == false)
  }

  @Test(arguments: [0, 1183, 1185])
  func `another length is no report`(count: Int) {
    #expect(SNPReport(bytes: [UInt8](repeating: 0, count: count)) == nil)
  }

  @Test(.enabled(if: Vectors.arePresent))
  func `reports of real processors read as others read them and verify under their own keys`() throws {
    var checked = 0
    for entry in try AttestationVectors.entries("snp") {
      guard let policy = entry.policy, let file = entry.report?.file, let keyFile = entry.vek?.file else { continue }
      let report = try #require(SNPReport(bytes: try AttestationVectors.bytes(file)))
      #expect(report.version == entry.version)
      #expect("0x" + String(report.guestPolicy, radix: 16) == policy)
      #expect(report.isDebug == entry.debug)
      #expect(report.privilegeLevel == entry.vmpl)
      #expect(report.reportedTCB.microcode == entry.tcb?.ucode)
      if entry.tcb?.fmc == nil {
        #expect(report.reportedTCB.bootLoader == entry.tcb?.bl)
        #expect(report.reportedTCB.snp == entry.tcb?.snp)
      }
      let key = try publicKey(inCertificate: AttestationVectors.bytes(keyFile))
      #expect(report.isSigned(by: key))
      checked += 1
    }
    #expect(checked >= 5)
  }

  /// The chain of these certificates is RSA-PSS, which the certificate library does not read; the key is all we want.
  private func publicKey(inCertificate der: [UInt8]) throws -> P384.Signing.PublicKey {
    let signed = try #require(children(try DER.parse(der)).first)
    let key = try #require(children(signed).dropFirst(6).first)
    return try P384.Signing.PublicKey(derRepresentation: Array(key.encodedBytes))
  }

  private func children(_ node: ASN1Node) -> [ASN1Node] {
    guard case .constructed(let nodes) = node.content else { return [] }
    return Array(nodes)
  }
}
