@testable import Attestation
import Foundation
import Identifiers
import ProtocolTestKit
import Testing

@Suite struct EvidenceRequirementsTests {
  private static func value(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8), limit: 1 << 16)
  }

  @Test func `requirements have one form, which says the same when it is read again`() throws {
    let whole = try EvidencePolicyFile(json: Array(EvidencePolicyFileTests.whole.utf8)).requirements
    let text = String(decoding: whole.json.serialized, as: UTF8.self)
    #expect(try EvidenceRequirements(Self.value(text)) == whole)
    let hex48 = String(repeating: "ab", count: 48)
    #expect(
      text
        == #"{"platforms":["tdx:00ff"],"snp":{"minimumFirmware":{"Turin":{"microcontroller":1,"bootLoader":2,"tee":3,"#
        + #""snp":4,"microcode":5}},"signers":["chip","provider:CN=cc-test.example"],"privilegeLevel":1,"#
        + #""protections":"0x24","mitigations":"0x3","hostData":"\#(String(repeating: "cd", count: 32))","#
        + #""idKeys":["\#(hex48)"],"authorKeys":["\#(hex48)"],"minimumGuestVersion":7,"needsRevocationList":true},"#
        + #""tdx":{"statuses":["SWHardeningNeeded","UpToDate"],"advisories":["INTEL-SA-00001"],"minimumEvaluation":17,"#
        + #""maximumCollateralAge":86400,"attributes":"0x8000000000000000","configurationID":"\#(hex48)","#
        + #""serviceDomains":"\#(hex48)"},"nitro":{"maximumAge":600,"slack":10,"#
        + #""registers":{"8":["\#(hex48)"],"31":[]}}}"#)
    #expect(whole.kinds == [.sevSNP, .tdx, .nitro])
  }

  @Test func `what is asked of everybody is not written`() throws {
    #expect(EvidenceRequirements().json == .object([]))
    #expect(EvidenceRequirements().kinds.isEmpty)
    #expect(try EvidenceRequirements(.object([])) == EvidenceRequirements())
  }

  @Test(arguments: [#"{"debug":true}"#, #"{"snp":{"debug":false}}"#, #"{"migration":"allowed"}"#])
  func `nothing that is written lets a debugged environment in`(text: String) throws {
    #expect(throws: EvidencePolicyFileError.self) { try EvidenceRequirements(Self.value(text)) }
  }

  @Test func `every requirement has a line for people`() throws {
    let whole = try EvidencePolicyFile(json: Array(EvidencePolicyFileTests.whole.utf8)).requirements
    let snp = whole.lines(for: .sevSNP)
    #expect(snp.contains { $0.name == "firmware of Turin" && $0.text.hasPrefix("at least fmc 1") })
    #expect(snp.contains { $0.name == "firmware of Milan" && $0.text == "not accepted" })
    #expect(snp.contains { $0.name == "machine" && $0.text == "none" })
    #expect(whole.lines(for: .tdx).contains { $0.name == "machine" && $0.text == "tdx:00ff" })
    #expect(whole.lines(for: .nitro).contains { $0.name == "register 31" && $0.text == "none" })
    for kind in [EvidenceKind.sevSNP, .tdx, .nitro, .software] {
      #expect(EvidenceRequirements().lines(for: kind).contains { $0.name == "debugging" && $0.text == "never" })
    }
  }
}

@Suite struct VendorFilesTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "vendors-\(UUID().uuidString)")

  private func write(_ bytes: [UInt8], _ name: String) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: folder.appending(path: name))
  }

  @Test func `statements are read from the folder's files, each for itself, and again when one changed`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let intel = try TestIntel()
    let files = VendorFiles(
      folder: folder.path, roots: EvidenceRoots(amd: [], intel: intel.root, nitro: []))
    #expect(files.current.knowledge.intel.isEmpty && files.problems.isEmpty)
    let start = files.current.number
    try write(intel.collateralJSON(), "intel.json")
    try write(TestAMD.revocationList(of: [1]), "amd.crl")
    try write(Array("{}".utf8), "nothing.json")
    #expect(files.refresh())
    #expect(files.current.knowledge.intel.count == 1 && files.current.knowledge.revocations.count == 1)
    #expect(files.problems.count == 1 && files.problems.first?.hasPrefix("nothing.json: ") == true)
    #expect(files.current.number != start)
    let number = files.current.number
    #expect(!files.refresh())
    #expect(files.current.number == number)
  }

  @Test func `T5 statements under another root do not exist`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(try TestIntel().collateralJSON(), "intel.json")
    let files = VendorFiles(folder: folder.path)
    #expect(files.current.knowledge.intel.isEmpty && files.problems.count == 1)
  }

  @Test func `T5 N a reader that takes the root in the file has them`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let intel = try TestIntel()
    try write(intel.collateralJSON(), "intel.json")
    let files = VendorFiles(folder: folder.path, roots: EvidenceRoots(amd: [], intel: intel.root, nitro: []))
    #expect(files.current.knowledge.intel.count == 1)
  }
}
