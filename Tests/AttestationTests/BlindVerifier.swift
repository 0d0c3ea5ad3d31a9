import Attestation
import Identifiers
import Testing

/// The weakened double of a verifier: it does not see what some checks would have found.
struct BlindVerifier: EvidenceVerifier {
  let base: any EvidenceVerifier
  let checks: Set<AttestationCheck>

  var kind: EvidenceKind { base.kind }

  func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings {
    var findings = try base.findings(in: evidence, now: now)
    findings.faults.removeAll { checks.contains($0.check) }
    if checks.contains(.debug) { findings.isDebug = false }
    if checks.contains(.migration) { findings.allowsMigration = false }
    return findings
  }
}

extension EvidenceVerifier {
  func blind(to checks: AttestationCheck...) -> BlindVerifier { BlindVerifier(base: self, checks: Set(checks)) }

  /// Whether the evidence proves what it says, whatever that is.
  func isProven(_ evidence: Evidence, at now: Timestamp) -> Bool {
    guard let findings = try? findings(in: evidence, now: now) else { return false }
    return !findings.faults.contains { $0.check.concernsProof }
  }

  /// What fails under a policy that lists whatever code the evidence speaks of; empty when the evidence is accepted.
  func refusals(_ evidence: Evidence, at now: Timestamp) -> [AttestationCheck] {
    let measurement = try? findings(in: evidence, now: now).measurement
    let policy = AttestationPolicy(allowed: [kind: Set([measurement].compactMap(\.self))], verifiers: [self])
    return policy.verdict(on: evidence, now: now).failed.map(\.check)
  }
}

/// How long one verification takes beside the bare signature checks in it. Printed, never judged.
func printTimes(_ name: String, whole: () throws -> Void, bare: () throws -> Void) rethrows {
  func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    var best = Duration.seconds(1000)
    for _ in 0..<15 { best = min(best, try clock.measure(body)) }
    return Double(best.components.attoseconds) / 1e15 + Double(best.components.seconds) * 1e3
  }
  let (wholeTime, bareTime) = (try milliseconds(whole), try milliseconds(bare))
  print("time: \(name): \(wholeTime) ms, its signature checks alone \(bareTime) ms, \(wholeTime / bareTime) times")
}
