@testable import Attestation
import Identifiers
import ProtocolTestKit
import Testing

@Suite struct EvidencePolicyFileTests {
  private static let hex48 = String(repeating: "ab", count: 48)
  private static let hex32 = String(repeating: "cd", count: 32)
  static let whole = """
    {"measurements":{"sev-snp":["\(hex48)"],"tdx":[],"nitro":["\(hex48)"]},"platforms":["tdx:00ff"],
    "developmentRoots":[],
    "snp":{"minimumFirmware":{"Turin":{"microcontroller":1,"bootLoader":2,"tee":3,"snp":4,"microcode":5}},
    "signers":["chip","provider:CN=cc-test.example"],"privilegeLevel":1,"protections":"0x24","mitigations":"0x3",
    "hostData":"\(hex32)","idKeys":["\(hex48)"],"authorKeys":["\(hex48)"],"minimumGuestVersion":7,
    "needsRevocationList":true},
    "tdx":{"statuses":["UpToDate","SWHardeningNeeded"],"advisories":["INTEL-SA-00001"],"minimumEvaluation":17,
    "maximumCollateralAge":86400,"attributes":"0x8000000000000000","configurationID":"\(hex48)",
    "serviceDomains":"\(hex48)"},
    "nitro":{"maximumAge":600,"slack":10,"registers":{"8":["\(hex48)"],"31":[]}}}
    """

  private static func read(_ text: String) throws -> EvidencePolicyFile {
    try EvidencePolicyFile(json: Array(text.utf8))
  }

  private static func fault(_ text: String) -> EvidencePolicyFileError? {
    do {
      _ = try read(text)
      return nil
    } catch {
      return error as? EvidencePolicyFileError
    }
  }

  @Test func `every member is read into the requirement of its name`() throws {
    let file = try Self.read(Self.whole)
    #expect(Set(file.allowed.keys) == [.sevSNP, .tdx, .nitro] && file.allowed[.tdx] == [])
    #expect(file.allowed[.sevSNP] == [try Measurement(text: Self.hex48)])
    #expect(file.requirements.platforms == [try PlatformID(kind: .tdx, bytes: [0, 255])])
    let bytes48 = [UInt8](repeating: 0xAB, count: 48)
    var snp = SNPRequirements(
      minimumFirmware: [.turin: SNPFirmware(microcontroller: 1, bootLoader: 2, tee: 3, snp: 4, microcode: 5)])
    snp.signers = [.chip, .provider("CN=cc-test.example")]
    (snp.privilegeLevel, snp.protections, snp.mitigations) = (1, 0x24, 3)
    snp.hostData = [UInt8](repeating: 0xCD, count: 32)
    (snp.idKeys, snp.authorKeys) = ([bytes48], [bytes48])
    (snp.minimumGuestVersion, snp.needsRevocationList) = (7, true)
    #expect(file.requirements.snp == snp)
    var tdx = TDXRequirements()
    (tdx.statuses, tdx.advisories) = ([.upToDate, .softwareHardeningNeeded], ["INTEL-SA-00001"])
    (tdx.minimumEvaluation, tdx.maximumCollateralAge, tdx.attributes) = (17, 86400, 1 << 63)
    (tdx.configurationID, tdx.serviceDomains) = (bytes48, bytes48)
    #expect(file.requirements.tdx == tdx)
    var nitro = NitroRequirements()
    (nitro.maximumAge, nitro.slack, nitro.registers) = (600, 10, [8: [bytes48], 31: []])
    #expect(file.requirements.nitro == nitro)
  }

  @Test func `a file that says little asks for what the library asks for`() throws {
    let file = try Self.read(#"{"measurements":{}}"#)
    #expect(file.allowed.isEmpty && file.requirements.platforms == nil && file.developmentRoots.isEmpty)
    #expect(file.requirements.snp == SNPRequirements(minimumFirmware: [:]))
    #expect(file.requirements.tdx == TDXRequirements() && file.requirements.nitro == NitroRequirements())
  }

  @Test func `a member that is misspelt, missing or of another form is named`() {
    let start = #"{"measurements":{},"#
    let cases: [(String, EvidencePolicyFileError)] = [
      ("", .notJSON), ("[]", .member("the whole")), ("{}", .member("measurements")),
      (#"{"measurements":{"SNP":[]}}"#, .member("measurements.SNP")),
      (#"{"measurements":{"tdx":["00"]}}"#, .member("measurements.tdx")),
      (start + #""platform":[]}"#, .member("platform")), (start + #""platforms":["x"]}"#, .member("platforms")),
      (start + #""developmentRoots":["00"]}"#, .member("developmentRoots")),
      (start + #""snp":{"signer":[]}}"#, .member("snp.signer")),
      (start + #""snp":{"signers":["provider:"]}}"#, .member("snp.signers")),
      (start + #""snp":{"minimumFirmware":{"Rome":{}}}}"#, .member("snp.minimumFirmware.Rome")),
      (start + #""snp":{"minimumFirmware":{"Milan":{"snp":256}}}}"#, .member("snp.minimumFirmware.Milan.snp")),
      (start + #""snp":{"minimumFirmware":{"Milan":{"spn":1}}}}"#, .member("snp.minimumFirmware.Milan.spn")),
      (start + #""snp":{"protections":36}}"#, .member("snp.protections")),
      (start + #""snp":{"protections":"0x+1"}}"#, .member("snp.protections")),
      (start + #""snp":{"privilegeLevel":-1}}"#, .member("snp.privilegeLevel")),
      (start + #""snp":{"hostData":"00"}}"#, .member("snp.hostData")),
      (start + #""snp":{"needsRevocationList":"no"}}"#, .member("snp.needsRevocationList")),
      (start + #""tdx":{"statuses":["Fine"]}}"#, .member("tdx.statuses")),
      (start + #""tdx":{"advisories":[1]}}"#, .member("tdx.advisories")),
      (start + #""nitro":{"registers":{"32":[]}}}"#, .member("nitro.registers.32")),
      (start + #""nitro":{"registers":{"08":[]}}}"#, .member("nitro.registers.08")),
      (start + #""nitro":[]}"#, .member("nitro")), (#"{"measurements":{},"measurements":{}}"#, .notJSON),
    ]
    for (text, fault) in cases { #expect(Self.fault(text) == fault, "\(text)") }
  }

  @Test func `P36 no mutation of a policy traps the reader`() {
    var random = SeededRandom(seed: 36)
    var refused = 0
    for _ in 0..<500 where (try? EvidencePolicyFile(json: random.mutated(Array(Self.whole.utf8)))) == nil {
      refused += 1
    }
    #expect(refused > 100)
  }
}
