import Attestation
import Identifiers
@testable import PeerLink
import Signatures
import Synchronization

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
  /// 1 … 64 bytes; nil where it names no machine.
  var machine: [UInt8]?
  /// How many it made.
  var reports = ReportCount()

  var kind: EvidenceKind { Self.kind }

  func evidence(over reportData: ReportData) async throws -> Evidence {
    reports.add()
    let content = reportData.bytes + (machine ?? [])
    return try Evidence(kind: kind, data: content + maker.sign(content))
  }

  func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings {
    guard let reportData = try? ReportData(bytes: evidence.data.prefix(ReportData.byteCount)) else {
      throw AttestationRefusal(FailedCheck(.form, "not a report"))
    }
    let content = Array(evidence.data.dropLast(64))
    let isSigned = Ed25519.isValid(
      signature: Array(evidence.data.suffix(64)), message: content, publicKey: maker.publicKey)
    return EvidenceFindings(
      product: "stand-in", isDevelopment: false, measurement: TestNetwork.measurement, reportData: reportData,
      isDebug: false, allowsMigration: false,
      platform: try? PlatformID(kind: kind, bytes: content.dropFirst(ReportData.byteCount)),
      faults: isSigned ? [] : [FailedCheck(.reportSignature, "not signed by the maker")])
  }
}

/// How many reports were made.
final class ReportCount: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock(\.self) }
  func add() { count.withLock { $0 += 1 } }
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
