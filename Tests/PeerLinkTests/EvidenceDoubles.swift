import Attestation
import Identifiers
@testable import PeerLink
import Signatures

/// Says of every piece of evidence what a test wants it to say: a verifier that skips a check.
struct ForgivingVerifier: EvidenceVerifier {
  let base: any EvidenceVerifier
  let forgive: @Sendable (inout EvidenceFindings) -> Void

  var kind: EvidenceKind { base.kind }

  func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings {
    var findings = try base.findings(in: evidence, now: now)
    forgive(&findings)
    return findings
  }
}

/// Hands out the same evidence for everything: what was seen of another node.
struct RecordedAttester: EvidenceProvider {
  let evidence: Evidence

  var kind: EvidenceKind { evidence.kind }

  func evidence(over reportData: ReportData) async throws -> Evidence { evidence }
}

/// Stands in for a trusted execution environment: evidence of another kind than software, with a maker's key of its own.
struct StandInHardware: EvidenceProvider, EvidenceVerifier {
  static let kind = EvidenceKind.standIn
  let maker: Ed25519SigningKey

  var kind: EvidenceKind { Self.kind }

  func evidence(over reportData: ReportData) async throws -> Evidence {
    try Evidence(kind: kind, data: reportData.bytes + maker.sign(reportData.bytes))
  }

  func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings {
    guard let reportData = try? ReportData(bytes: evidence.data.prefix(ReportData.byteCount)) else {
      throw AttestationRefusal(FailedCheck(.form, "not a report"))
    }
    let isSigned = Ed25519.isValid(
      signature: Array(evidence.data.dropFirst(ReportData.byteCount)), message: reportData.bytes,
      publicKey: maker.publicKey)
    return EvidenceFindings(
      product: "stand-in", isDevelopment: false, measurement: TestNetwork.measurement, reportData: reportData,
      isDebug: false, allowsMigration: false,
      faults: isSigned ? [] : [FailedCheck(.reportSignature, "not signed by the maker")])
  }
}

extension EvidenceKind {
  static var standIn: EvidenceKind {
    do {
      return try EvidenceKind(text: "stand-in")
    } catch {
      preconditionFailure("a valid kind")
    }
  }
}

/// Presents evidence of one kind as if it were of another.
struct MislabelledAttester: EvidenceProvider {
  let base: any EvidenceProvider
  let kind: EvidenceKind

  func evidence(over reportData: ReportData) async throws -> Evidence {
    try Evidence(kind: kind, data: await base.evidence(over: reportData).data)
  }
}
