@testable import Attestation
import Identifiers
import Secrets
import Synchronization
import Testing

@Suite struct SealingKeyTests {
  private static func key(
    _ kernel: FakeKernel, network: UInt8 = 1, node: UInt8 = 2, level: UInt32 = 0
  ) throws -> [UInt8] {
    let key = try SealingKey(
      network: Fixtures.identifier(network), node: Fixtures.identifier(node), privilegeLevel: level, kernel: kernel
    ).take()
    return unsafe key.withUnsafeBytes { unsafe Array($0) }
  }

  private static func fault(_ kernel: FakeKernel) -> EvidenceProductionError? {
    do {
      _ = try key(kernel)
      return nil
    } catch {
      return error as? EvidenceProductionError
    }
  }

  @Test func `a key is the same after a restart, and another for every node, network and derived key`() throws {
    let amd = try TestAMD()
    let kernel = try FakeKernel.snp(amd, through: .device)
    let other = try FakeKernel.snp(amd, through: .device) { $0.derivedKey[31] ^= 1 }
    let key = try Self.key(kernel)
    #expect(key.count == SealingKey.byteCount)
    #expect(try Self.key(kernel) == key)
    let others = [
      try Self.key(kernel, network: 9), try Self.key(kernel, node: 9), try Self.key(other),
      kernel.machine.withLock(\.derivedKey),
    ]
    #expect(Set(others + [key]).count == 5)
  }

  @Test func `it is derived from the chip's secret, the policy and the measurement, at the given level`() throws {
    let kernel = try FakeKernel.snp(try TestAMD(), through: .device)
    _ = try Self.key(kernel, level: 1)
    // Root key 0, reserved, fields 0 and 3, level 1, no guest version, no firmware version.
    let request: [UInt8] =
      [0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0] + [UInt8](repeating: 0, count: 12)
    #expect(kernel.machine.withLock(\.keyRequests) == [request])
  }

  @Test func `T5 no key is derived where a provider's key signs, and none when chip or firmware say no`() throws {
    let amd = try TestAMD()
    #expect(Self.fault(try .snp(amd, through: .device, provider: "CN=cc-test.example")) == .notChipBound)
    let hidden = try FakeKernel.snp(amd, through: .device) { machine in
      machine.report = { data, _ in
        try amd.report { report in
          report.reportData = data
          report.chipID = [UInt8](repeating: 0, count: 64)
        }.bytes
      }
    }
    #expect(Self.fault(hidden) == .notChipBound)
    #expect(hidden.machine.withLock(\.keyRequests).isEmpty)
    let refused = try FakeKernel.snp(amd, through: .device) { $0.statuses = [(0, 0), (0x16, 0)] }
    #expect(Self.fault(refused) == .firmware(0x16))
    #expect(Self.fault(try .snp(amd, through: .device) { $0.answerStatus = 0x16 }) == .firmware(0x16))
    guard case .kernel = Self.fault(FakeKernel { _ in }) else {
      Issue.record("a key without a device")
      return
    }
  }
  @Test func `T5 N the device itself derives a key where a provider's key signs`() throws {
    let kernel = try FakeKernel.snp(try TestAMD(), through: .device, provider: "CN=cc-test.example")
    let key = try SNPGuestDevice(kernel: kernel).derivedKey(from: [.policy, .measurement], privilegeLevel: 0)
    #expect(key.count == SealingKey.byteCount)
  }
}
