@testable import Attestation
import Crypto
import Identifiers
import Testing

let noon = Timestamp(secondsSince1970: 1_800_000_000)
let someMeasurement = Fixtures.measurement(7)

/// One development network with one node.
struct Fixtures {
  let root = DevelopmentRoot()
  let credentials: SoftwareCredentials
  let attester: SoftwareAttester

  init() throws {
    credentials = try root.makeCredentials(now: noon)
    attester = SoftwareAttester(credentials: credentials, measurement: someMeasurement)
  }

  var policy: AttestationPolicy { policy(allowing: [someMeasurement]) }

  func policy(allowing measurements: Set<Measurement>) -> AttestationPolicy {
    AttestationPolicy(
      allowed: [.software: measurements], verifiers: [SoftwareEvidenceVerifier(roots: [root.publicKey])])
  }

  /// Evidence with a report changed before it is signed.
  func evidence(over reportData: ReportData, changing change: (inout SNPReport) -> Void) async throws -> Evidence {
    let honest = try await attester.evidence(over: reportData)
    var report = try #require(SNPReport(bytes: honest.data.prefix(SNPReport.byteCount)))
    change(&report)
    try report.sign(with: credentials.key)
    return try Evidence(kind: .software, data: report.bytes + credentials.endorsement)
  }

  static func measurement(_ byte: UInt8) -> Measurement {
    do {
      return try Measurement(bytes: [UInt8](repeating: byte, count: Measurement.byteCount))
    } catch {
      preconditionFailure("48 bytes")
    }
  }

  static func identifier<Kind>(_ byte: UInt8) -> Identifier<Kind> {
    do {
      return try Identifier(bytes: [UInt8](repeating: byte, count: Kind.byteCount))
    } catch {
      preconditionFailure("the right number of bytes")
    }
  }

  static func binding(notBefore: Timestamp = noon, lifetime: Int64 = 86_400) -> CertificateBinding {
    CertificateBinding(
      network: identifier(1), node: identifier(2), instance: identifier(3), staker: identifier(2),
      identityKey: [UInt8](repeating: 4, count: 32), kem: .x25519, hpkeKey: [UInt8](repeating: 5, count: 32),
      tlsKeyDigest: identifier(6), notBefore: notBefore, notAfter: notBefore.adding(seconds: lifetime),
      anchor: identifier(1), configuration: identifier(8), evidenceKind: .software, role: .node)
  }
}

func failedChecks(_ body: () throws -> some Any) -> [AttestationCheck] {
  do {
    _ = try body()
    return []
  } catch let refusal as AttestationRefusal {
    return refusal.failed.map(\.check)
  } catch {
    Issue.record("another error: \(error)")
    return []
  }
}
