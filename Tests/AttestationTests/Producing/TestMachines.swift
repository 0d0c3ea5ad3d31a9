@testable import Attestation
import Crypto
import Identifiers
import ProtocolTestKit
import Transcripts

/// Machines whose hardware is made by a test: its reports lead to roots the verifiers of tests take.
extension FakeKernel {
  static func snp(
    _ amd: TestAMD, through way: Way, provider: String? = nil, certificates: [[UInt8]]? = nil,
    _ change: (inout Machine) -> Void = { _ in }
  ) throws -> FakeKernel {
    let table = CertificateTable.bytes(try certificates ?? [amd.endorsement(provider: provider)])
    return FakeKernel { machine in
      machine.provider = way == .reports ? "sev_guest" : nil
      machine.hasGuestDevice = way == .device
      machine.report = { data, level in
        try amd.report(provider: provider != nil) { report in
          report.reportData = data
          report.privilegeLevel = level
        }.bytes
      }
      machine.table = table
      change(&machine)
    }
  }

  static func tdx(_ intel: TestIntel, _ change: (inout Machine) -> Void = { _ in }) -> FakeKernel {
    FakeKernel { machine in
      machine.provider = "tdx_guest"
      machine.report = { data, _ in try intel.quote { $0.report.replaceSubrange(520..<584, with: data) } }
      change(&machine)
    }
  }

  static func nitro(_ nitro: TestNitro, _ change: (inout Machine) -> Void = { _ in }) -> FakeKernel {
    FakeKernel { machine in
      machine.hasSecurityModule = true
      machine.answer = { request in
        let asked = try CBORReader.decode(request, form: .plain).map?[.text("Attestation")]?.map
        let document = try nitro.evidence { $0[.text("user_data")] = asked?[.text("user_data")] }
        return Self.nitroAnswer(document.data)
      }
      change(&machine)
    }
  }

  static func nitroAnswer(_ document: [UInt8]) -> [UInt8] {
    CBOR.map([.text("Attestation"): .map([.text("document"): .bytes(document)])]).encoded
  }

  enum Way: CaseIterable {
    case reports, device
  }
}

extension CertificateTable {
  /// As a host writes it; every entry has the name of a VCEK.
  static func bytes(_ certificates: [[UInt8]]) -> [UInt8] {
    let name: [UInt8] = [
      0x63, 0xDA, 0x75, 0x8D, 0xE6, 0x64, 0x45, 0x64, 0xAD, 0xC5, 0xF4, 0xB9, 0x3B, 0xE8, 0xAC, 0xCD,
    ]
    var offset = 24 * (certificates.count + 1)
    var entries: [UInt8] = []
    for certificate in certificates {
      entries += name + TestIntel.little(offset, 4) + TestIntel.little(certificate.count, 4)
      offset += certificate.count
    }
    return entries + [UInt8](repeating: 0, count: 24) + certificates.flatMap(\.self)
  }
}

/// Time that passes whenever somebody waits for it.
struct ImpatientClock: LocalClock {
  let wall = noon
  func monotonicNow() -> Duration { .zero }
  func sleep(for duration: Duration) async throws { try Task.checkCancellation() }
}

let someRequest = ReportData(.live, [[7]])

func productionError(_ body: () async throws -> some Any) async -> EvidenceProductionError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? EvidenceProductionError
  }
}
