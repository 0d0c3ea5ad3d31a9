@testable import Attestation
import Foundation
import Identifiers
import Synchronization
import Testing
import Transcripts

@Suite struct ProducingTests {
  static let everyKind: Set<EvidenceKind> = [.sevSNP, .tdx, .nitro]

  private static func attester(
    _ kernel: FakeKernel, _ settings: HardwareProviders.Settings = .init()
  ) throws -> HardwareAttester {
    try HardwareProviders.find(accepted: everyKind, settings: settings, kernel: kernel, clock: ImpatientClock())
  }

  private static func produce(
    _ kernel: FakeKernel, _ settings: HardwareProviders.Settings = .init()
  ) async throws -> Evidence {
    try await attester(kernel, settings).evidence(over: someRequest)
  }

  private static func policy(_ verifier: any EvidenceVerifier, _ evidence: Evidence) throws -> AttestationPolicy {
    let measurement = try verifier.findings(in: evidence, now: noon).measurement
    return AttestationPolicy(allowed: [verifier.kind: [measurement]], verifiers: [verifier])
  }

  @Test(arguments: FakeKernel.Way.allCases)
  func `what an SEV-SNP machine gives is accepted by the verifier, over exactly what was asked`(
    way: FakeKernel.Way
  ) async throws {
    for product in SNPProduct.allCases {
      let amd = try TestAMD(product)
      let evidence = try await Self.produce(.snp(amd, through: way))
      let policy = try Self.policy(amd.verifier(), evidence)
      #expect(try policy.verify(evidence, expecting: someRequest, now: noon).kind == .sevSNP)
    }
    let amd = try TestAMD()
    let provider = "CN=cc-test.example"
    let evidence = try await Self.produce(.snp(amd, through: way, provider: provider))
    let verifier = amd.verifier { $0.signers = [.provider(provider)] }
    #expect(try Self.policy(verifier, evidence).verify(evidence, expecting: someRequest, now: noon).platform == nil)
  }

  @Test func `what a TDX machine gives is accepted by the verifier`() async throws {
    let intel = try TestIntel()
    let evidence = try await Self.produce(.tdx(intel))
    let policy = try Self.policy(intel.verifier(), evidence)
    #expect(try policy.verify(evidence, expecting: someRequest, now: noon).kind == .tdx)
  }

  @Test func `what an enclave's security module gives is accepted by the verifier`() async throws {
    let nitro = try TestNitro()
    let evidence = try await Self.produce(.nitro(nitro))
    let policy = try Self.policy(nitro.verifier(), evidence)
    #expect(try policy.verify(evidence, expecting: someRequest, now: noon).kind == .nitro)
  }

  @Test(arguments: FakeKernel.Way.allCases)
  func `a report is asked for at the given privilege level`(way: FakeKernel.Way) async throws {
    let amd = try TestAMD()
    var settings = HardwareProviders.Settings()
    settings.privilegeLevel = 2
    let evidence = try await Self.produce(.snp(amd, through: way), settings)
    #expect(amd.verifier { $0.privilegeLevel = 2 }.refusals(evidence, at: noon) == [])
    #expect(amd.verifier().refusals(evidence, at: noon) == [.privilegeLevel])
  }

  @Test(arguments: FakeKernel.Way.allCases)
  func `the certificate that fits is taken, from a file or from the host, whatever else is offered`(
    way: FakeKernel.Way
  ) async throws {
    let amd = try TestAMD()
    let right = try amd.endorsement()
    let ofAnotherChip = try TestAMD().endorsement()
    let ofOtherFirmware = try amd.endorsement {
      $0.extensions = $0.extensions.replacing([2, 1, 20], with: [2, 1, 21])
    }
    let junk: [[UInt8]] = [[], [1, 2, 3], [UInt8](repeating: 0x30, count: 5000), ofAnotherChip, ofOtherFirmware]
    let evidence = try await Self.produce(.snp(amd, through: way, certificates: junk + [right]))
    #expect(amd.verifier().refusals(evidence, at: noon) == [])
    #expect(
      await productionError { try await Self.produce(.snp(amd, through: way, certificates: junk)) } == .noCertificate)
    #expect(
      await productionError { try await Self.produce(.snp(amd, through: way, certificates: [])) } == .noCertificate)
    var settings = HardwareProviders.Settings()
    settings.certificate = try KeyCertificateFile(bytes: right)
    for certificates in [[], junk] {
      let evidence = try await Self.produce(.snp(amd, through: way, certificates: certificates), settings)
      #expect(amd.verifier().refusals(evidence, at: noon) == [])
    }
    // A file of before the firmware was updated does not hide what the host has.
    settings.certificate = try KeyCertificateFile(bytes: ofOtherFirmware)
    let updated = try await Self.produce(.snp(amd, through: way, certificates: [right]), settings)
    #expect(amd.verifier().refusals(updated, at: noon) == [])
  }

  @Test(arguments: FakeKernel.Way.allCases)
  func `a table that points outside, has no end or is too large for the driver is no table`(
    way: FakeKernel.Way
  ) async throws {
    let amd = try TestAMD()
    let right = try amd.endorsement()
    let table = CertificateTable.bytes([right])
    var outside = table
    outside.replaceSubrange(16..<20, with: [0xFF, 0xFF, 0xFF, 0x7F])
    var endless = table
    endless.replaceSubrange(24..<48, with: table[..<24])
    var settings = HardwareProviders.Settings()
    for bad in [outside, endless, [UInt8](repeating: 1, count: 0x6000), [1]] {
      let kernel = try FakeKernel.snp(amd, through: way) { $0.table = bad }
      settings.certificate = nil
      #expect(await productionError { try await Self.produce(kernel, settings) } == .noCertificate)
      settings.certificate = try KeyCertificateFile(bytes: right)
      #expect(amd.verifier().refusals(try await Self.produce(kernel, settings), at: noon) == [])
    }
  }

  @Test func `T5 a report over other data, of another level or under another key is never passed on`() async throws {
    let amd = try TestAMD()
    let other = try TestAMD()
    for way in FakeKernel.Way.allCases {
      let stale = try FakeKernel.snp(amd, through: way) { $0.report = { _, _ in try amd.report().bytes } }
      let raised = try FakeKernel.snp(amd, through: way) { machine in
        machine.report = { data, _ in
          try amd.report { report in
            report.reportData = data
            report.privilegeLevel = 3
          }.bytes
        }
      }
      let foreign = try FakeKernel.snp(other, through: way, certificates: [amd.endorsement()])
      #expect(
        await productionError { try await Self.produce(stale) } == .contradictsRequest("vouches for something else"))
      #expect(
        await productionError { try await Self.produce(raised) } == .contradictsRequest("names privilege level 3"))
      #expect(await productionError { try await Self.produce(foreign) } == .noCertificate)
    }
    let intel = try TestIntel()
    let stale = FakeKernel.tdx(intel) { $0.report = { _, _ in try intel.quote() } }
    let unsigned = FakeKernel.tdx(intel) { machine in
      machine.report = { data, _ in
        try intel.quote { change in
          change.report.replaceSubrange(520..<584, with: data)
          change.quoteSigner = intel.rootKey
        }
      }
    }
    #expect(
      await productionError { try await Self.produce(stale) } == .contradictsRequest("vouches for something else"))
    #expect(
      await productionError { try await Self.produce(unsigned) } == .contradictsRequest("is not signed by its own key"))
    let nitro = try TestNitro()
    let document = try nitro.evidence().data
    let old = FakeKernel.nitro(nitro) { $0.answer = { _ in FakeKernel.nitroAnswer(document) } }
    #expect(await productionError { try await Self.produce(old) } == .contradictsRequest("vouches for something else"))
  }

  @Test func `answers that are short, long or of another shape are refused`() async throws {
    let amd = try TestAMD()
    let intel = try TestIntel()
    let nitro = try TestNitro()
    let report = try amd.report { $0.reportData = someRequest.bytes }.bytes
    for bytes in [[], Array(report.dropLast()), report + [0], [UInt8](repeating: 0, count: 40_000)] {
      let snp = try FakeKernel.snp(amd, through: .reports) { $0.report = { _, _ in bytes } }
      let tdx = FakeKernel.tdx(intel) { $0.report = { _, _ in bytes } }
      let error = await productionError { try await Self.produce(snp) }
      #expect(error == .malformed("a report") || (bytes.count == 40_000 && error?.isFileTooLarge == true))
      #expect(await productionError { try await Self.produce(tdx) } != nil)
    }
    let device = try FakeKernel.snp(amd, through: .device) { $0.answerSize = 1183 }
    #expect(await productionError { try await Self.produce(device) } == .malformed("a report"))
    let refused = try FakeKernel.snp(amd, through: .device) { $0.answerStatus = 0x16 }
    #expect(await productionError { try await Self.produce(refused) } == .firmware(0x16))
    let nameless = CBOR.map([.text("Attestation"): .map([.text("other"): .null])]).encoded
    for answer in [
      [], [0xFF], nameless, FakeKernel.nitroAnswer([1, 2]), CBOR.map([.text("Error"): .text("x")]).encoded,
    ] {
      let kernel = FakeKernel.nitro(nitro) { $0.answer = { _ in answer } }
      guard case .malformed = await productionError({ try await Self.produce(kernel) }) else {
        Issue.record("\(answer)")
        continue
      }
    }
    let named = CBOR.map([.text("Error"): .text("InvalidArgument")]).encoded
    let fault = FakeKernel.nitro(nitro) { $0.answer = { _ in named } }
    #expect(await productionError { try await Self.produce(fault) } == .securityModule(.invalidArgument))
    for length in [0x3001, UInt64.max] {
      let liar = FakeKernel.nitro(nitro) { $0.answerLength = length }
      #expect(await productionError { try await Self.produce(liar) } == .malformed("an answer of the security module"))
    }
  }

  @Test func `a busy environment is asked again, and not for ever`() async throws {
    let amd = try TestAMD()
    let busy = (firmware: UInt32(0), host: UInt32(2))
    let patient = try FakeKernel.snp(amd, through: .device) { $0.statuses = [busy, busy] }
    #expect(try await amd.verifier().refusals(Self.produce(patient), at: noon) == [])
    #expect(patient.machine.withLock(\.attempts) == 3)
    let endless = try FakeKernel.snp(amd, through: .device) { $0.statuses = .init(repeating: busy, count: 100) }
    #expect(await productionError { try await Self.produce(endless) } == .busy)
    #expect(endless.machine.withLock(\.attempts) == HardwareAttester.attempts)
    for code in [EBUSY, EAGAIN, EINTR, ETIMEDOUT] {
      for name in ["mkdir", "inblob", "outblob", "auxblob", "generation"] {
        // The first of these is used up by looking for the provider.
        let faults = name == "mkdir" ? [0, code, code] : [code, code]
        let kernel = try FakeKernel.snp(amd, through: .reports) { $0.faults[name] = faults }
        #expect(try await amd.verifier().refusals(Self.produce(kernel), at: noon) == [], "\(name)")
        #expect(kernel.machine.withLock(\.folders).isEmpty)
      }
    }
  }

  @Test func `what does not pass is told as it is, once, and nothing stays behind`() async throws {
    let amd = try TestAMD()
    for name in ["inblob", "outblob", "auxblob", "generation"] {
      let kernel = try FakeKernel.snp(amd, through: .reports) { $0.faults[name] = [EIO] }
      guard case .kernel(let fault) = await productionError({ try await Self.produce(kernel) }) else {
        Issue.record("\(name)")
        continue
      }
      #expect(fault.code == EIO && fault.path.hasSuffix(name))
      #expect(kernel.machine.withLock(\.folders).isEmpty)
    }
    let broken = try FakeKernel.snp(amd, through: .device) { $0.faults["sev-guest"] = [EIO] }
    #expect(
      await productionError { try await Self.produce(broken) }
        == .kernel(KernelFault(.control, "/dev/sev-guest", code: EIO)))
    let refused = try FakeKernel.snp(amd, through: .device) { $0.statuses = [(0x16, 0), (0, 7)] }
    #expect(await productionError { try await Self.produce(refused) } == .firmware(0x16))
    #expect(await productionError { try await Self.produce(refused) } == .host(7))
    for unasked in [(0xFFFF_FFFF, 0xFFFF_FFFF), (0xFFFF_FFFF, 0), (0xFF, 0)] as [(firmware: UInt32, host: UInt32)] {
      let kernel = try FakeKernel.snp(amd, through: .device) { $0.statuses = [unasked] }
      #expect(
        await productionError { try await Self.produce(kernel) }
          == .kernel(KernelFault(.control, "/dev/sev-guest", code: EIO)))
    }
    let module = FakeKernel.nitro(try TestNitro()) { $0.faults["nsm"] = [EPERM] }
    #expect(
      await productionError { try await Self.produce(module) }
        == .kernel(KernelFault(.control, "/dev/nsm", code: EPERM)))
  }

  @Test func `T3 a report is refused when somebody else wrote between, or a write did not count`() async throws {
    let amd = try TestAMD()
    for strays in [1, -1, 5] {
      let kernel = try FakeKernel.snp(amd, through: .reports) { $0.strayWrites = strays }
      #expect(await productionError { try await Self.produce(kernel) } == .busy)
      #expect(kernel.machine.withLock(\.attempts) == HardwareAttester.attempts)
    }
  }

  @Test func `T3 N T5 N a source that does not look passes on what somebody else asked for, and what is not signed`()
    async throws
  {
    let amd = try TestAMD()
    let raced = try FakeKernel.snp(amd, through: .reports) { $0.strayWrites = 1 }
    let passedOn = try CarelessSource(kernel: raced).evidence(over: someRequest)
    #expect(amd.verifier().refusals(passedOn, at: noon) == [])
    let stale = try FakeKernel.snp(amd, through: .reports) { $0.report = { _, _ in try amd.report().bytes } }
    let other = try CarelessSource(kernel: stale).evidence(over: someRequest)
    #expect(try amd.verifier().findings(in: other, now: noon).reportData == ReportData(.live, [[1]]))
    let foreign = try FakeKernel.snp(try TestAMD(), through: .reports, certificates: [amd.endorsement()])
    let unsigned = try CarelessSource(kernel: foreign).evidence(over: someRequest)
    #expect(amd.verifier().refusals(unsigned, at: noon) == [.reportSignature])
  }

  @Test func `folders that a dead process left behind are passed over`() async throws {
    let amd = try TestAMD()
    let left = ["1", "2", "5"].map { "/sys/kernel/config/tsm/report/quorate-\($0)" }
    let kernel = try FakeKernel.snp(amd, through: .reports) { machine in
      for path in left { machine.folders[path] = .init() }
    }
    let attester = try Self.attester(kernel)
    for _ in 0..<3 {
      #expect(try await amd.verifier().refusals(attester.evidence(over: someRequest), at: noon) == [])
    }
    #expect(Set(kernel.machine.withLock(\.folders).keys) == Set(left))
    let full = try FakeKernel.snp(amd, through: .reports) { $0.faults["mkdir"] = .init(repeating: EEXIST, count: 100) }
    #expect(throws: HardwareAbsence.self) { try Self.attester(full) }
    let stuck = try FakeKernel.snp(amd, through: .reports) { $0.faults["rmdir"] = [EBUSY, EBUSY] }
    #expect(try await amd.verifier().refusals(Self.produce(stuck), at: noon) == [])
  }

  @Test func `a cancelled task stops asking`() async throws {
    let amd = try TestAMD()
    let kernel = try FakeKernel.snp(amd, through: .device)
    let attester = try Self.attester(kernel)
    let task = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try await attester.evidence(over: someRequest)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(kernel.machine.withLock(\.attempts) == 0)
  }
}

extension EvidenceProductionError {
  fileprivate var isFileTooLarge: Bool {
    if case .kernel(let fault) = self { fault.code == EFBIG } else { false }
  }
}
