@testable import Attestation
import Foundation
import Identifiers
import Testing

@Suite struct HardwareProvidersTests {
  private static let every: Set<EvidenceKind> = [.sevSNP, .tdx, .nitro]

  private static func kind(_ accepted: Set<EvidenceKind>, _ kernel: FakeKernel) throws -> EvidenceKind {
    try HardwareProviders.find(accepted: accepted, kernel: kernel, clock: ImpatientClock()).kind
  }

  private static func reasons(_ accepted: Set<EvidenceKind>, _ kernel: FakeKernel) -> [HardwareAbsence.Reason.Fault] {
    do {
      _ = try kind(accepted, kernel)
      return []
    } catch {
      return (error as? HardwareAbsence)?.reasons.map(\.fault) ?? []
    }
  }

  @Test func `the machine decides which provider there is`() throws {
    #expect(try Self.kind(Self.every, FakeKernel { $0.provider = "sev_guest" }) == .sevSNP)
    #expect(try Self.kind(Self.every, FakeKernel { $0.provider = "tdx_guest" }) == .tdx)
    #expect(try Self.kind(Self.every, FakeKernel { $0.hasGuestDevice = true }) == .sevSNP)
    #expect(try Self.kind(Self.every, FakeKernel { $0.hasSecurityModule = true }) == .nitro)
  }

  @Test func `the policy decides which provider counts`() throws {
    let both = { FakeKernel { machine in (machine.provider, machine.hasSecurityModule) = ("tdx_guest", true) } }
    #expect(try Self.kind(Self.every, both()) == .tdx)
    #expect(try Self.kind([.nitro], both()) == .nitro)
    #expect(Self.reasons([.sevSNP], both()) == [.notAccepted(.tdx), .notThere, .notAccepted(.nitro)])
    #expect(Self.reasons([], both()) == [.notAccepted(.tdx), .notThere, .notAccepted(.nitro)])
    #expect(Self.reasons([.software], both()) == [.notAccepted(.tdx), .notThere, .notAccepted(.nitro)])
  }

  @Test func `a machine without an environment says what was looked for and why it did not do`() throws {
    let none = Self.reasons(Self.every, FakeKernel { _ in })
    #expect(none == [.notThere, .notThere, .notThere])
    let unknown = FakeKernel { $0.provider = "arm_cca_guest" }
    #expect(Self.reasons(Self.every, unknown) == [.unknownProvider, .notThere, .notThere])
    let driverless = FakeKernel { machine in (machine.provider, machine.faults["mkdir"]) = ("", [ENXIO]) }
    do {
      _ = try Self.kind(Self.every, driverless)
      Issue.record("found one")
    } catch let absence as HardwareAbsence {
      #expect(
        absence.description == """
          no trusted execution environment: /sys/kernel/config/tsm/report: cannot make \
          /sys/kernel/config/tsm/report/quorate-1: No such device or address; /dev/sev-guest is not there; \
          /dev/nsm is not there
          """)
    }
  }

  @Test func `this machine is asked in the same way`() throws {
    do {
      let attester = try HardwareProviders.find(accepted: Self.every)
      print("this machine has a trusted execution environment: \(attester.kind)")
    } catch {
      #expect(error.reasons.count == 3)
      print(error)
    }
  }

  @Test func `a file is the certificate of a key that signs reports, in DER or PEM, or is refused`() throws {
    let der = try TestAMD().endorsement()
    #expect(try KeyCertificateFile(bytes: der).der == der)
    #expect(try KeyCertificateFile(bytes: TestIntel.pem([der])).der == der)
    let authority = try TestAMD.authority("ARK", "ASK")
    for bytes in [[], [0x2D], authority, der + [0], Array(der.dropLast()), TestIntel.pem([der, der])] {
      #expect(throws: KeyCertificateFileError.notACertificate) { try KeyCertificateFile(bytes: bytes) }
    }
  }
}
