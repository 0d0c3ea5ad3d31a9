@testable import Attestation
import Crypto
import Identifiers
import ProtocolTestKit
import Transcripts

/// Machines whose hardware is made by a test: its reports lead to roots the verifiers of tests take.
extension FakeKernel {
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
