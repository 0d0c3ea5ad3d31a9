internal import Attestation
internal import Crypto
internal import CryptoExtras
internal import Identifiers
internal import ProtocolTestKit
internal import Secrets

/// What it costs to verify evidence of real machines, beside the signatures in it that have to be checked every time.
enum EvidenceRows {
  private static let ecdsa384 = "ECDSA P-384 verification"
  private static let ecdsa256 = "ECDSA P-256 verification"
  private static let rsa = "RSA-4096 PSS verification"

  /// - Returns: reference operations only, where the published evidence is not there.
  static func measure() throws -> (rows: [Row], targets: [Target]) {
    var rows = try references()
    guard Vectors.arePresent else { return (rows, []) }
    var targets: [Target] = []
    for sample in try samples() {
      let policy = try sample.policy()
      let carried = try sample.carried(policy)
      let time = try Stopwatch.measure(samples: 50) {
        _ = try policy.verify(sample.evidence, expecting: carried, now: sample.time)
      }
      rows.append(
        Row(
          op: sample.name, n: 1, t: 1, wallMedian: time.wallMilliseconds, cpuPerParty: time.cpuMilliseconds,
          bytesPerParty: sample.evidence.data.count, rounds: 0, note: sample.note,
          references: sample.signatures.flatMap { [String](repeating: $0.op, count: Int($0.times)) },
          bound: Row.Bound(factor: 1.5, parts: sample.signatures)))
      guard let limit = sample.milliseconds else { continue }
      targets.append(
        Target(
          name: sample.name, wanted: "\(limit.decimal(0)) ms", figure: "\(time.wallMilliseconds.decimal(3)) ms",
          isReached: time.wallMilliseconds <= limit))
    }
    return (rows, targets)
  }

  private static func references() throws -> [Row] {
    var random = SystemRandom()
    let message = random.bytes(1184)
    let (p384, p256) = (P384.Signing.PrivateKey(), P256.Signing.PrivateKey())
    let key = try _RSA.Signing.PrivateKey(keySize: .bits4096)
    let (first, second) = (try p384.signature(for: message), try p256.signature(for: message))
    let third = try key.signature(for: SHA384.hash(data: message), padding: .PSS)
    return [
      .reference(ecdsa384, .measure(samples: 50) { _ = p384.publicKey.isValidSignature(first, for: message) }),
      .reference(ecdsa256, .measure(samples: 50) { _ = p256.publicKey.isValidSignature(second, for: message) }),
      .reference(
        rsa,
        .measure(samples: 50) {
          _ = key.publicKey.isValidSignature(third, for: SHA384.hash(data: message), padding: .PSS)
        }),
    ]
  }

  private static func samples() throws -> [Sample] {
    func bytes(_ name: String) throws -> [UInt8] { try Vectors.bytes("attestation/\(name)") }
    var known = VendorKnowledge()
    try known.add(bytes("tdx_quote_collateral.json"))
    let (report, key) = (try bytes("snp-genoa-v5-oak.report.bin"), try bytes("snp-genoa-v5-oak.vek.der"))
    let document = try NitroFile(bytes: bytes("nitro-2025-dstack.cose")).document
    return [
      Sample(
        name: "SEV-SNP evidence", evidence: try Evidence(kind: .sevSNP, data: report + key),
        time: try Timestamp(text: "2025-09-01T00:00:00Z"), knowledge: known, signatures: [(1, rsa), (1, ecdsa384)],
        milliseconds: 5, note: "verified: report and certificate of its key; bytes: of the evidence"),
      Sample(
        name: "TDX evidence", evidence: try Evidence(kind: .tdx, data: bytes("tdx-v4-uptodate.quote")),
        time: try Timestamp(text: "2025-06-20T00:00:00Z"), knowledge: known, signatures: [(3, ecdsa256)],
        milliseconds: 10, note: "verified: quote, report of the enclave, certificate of the platform; all statements"),
      Sample(
        name: "Nitro evidence", evidence: try Evidence(kind: .nitro, data: document),
        time: try Self.time(ofDocument: document), knowledge: known, signatures: [(5, ecdsa384)],
        milliseconds: nil, note: "verified: document, its certificate and the three above it up to the root's"),
    ]
  }

  private static func time(ofDocument document: [UInt8]) throws -> Timestamp {
    let reading = try EvidenceReading(file: document, at: Timestamp(secondsSince1970: 1_750_000_000))
    return try Timestamp(text: reading.facts.first { $0.name == "made" }?.values.first ?? "")
  }
}

/// One piece of published evidence, and when it was valid.
private struct Sample {
  let name: String
  let evidence: Evidence
  let time: Timestamp
  let knowledge: VendorKnowledge
  /// In it, and checked at every verification.
  let signatures: [(times: Double, op: String)]
  /// What it should cost at most.
  let milliseconds: Double?
  let note: String

  /// Accepts this code and the firmware of this machine.
  func policy() throws -> AttestationPolicy {
    let measurement = try findings(
      AttestationPolicy(
        allowed: [evidence.kind: []], requirements: requirements, developmentRoots: [], knowledge: knowledge)
    ).measurement
    return AttestationPolicy(
      allowed: [evidence.kind: [measurement]], requirements: requirements, developmentRoots: [], knowledge: knowledge)
  }

  func carried(_ policy: AttestationPolicy) throws -> ReportData {
    guard let data = try findings(policy).reportData else { throw BenchmarkFailure.evidence(name) }
    return data
  }

  private func findings(_ policy: AttestationPolicy) throws -> EvidenceFindings {
    guard let findings = policy.verdict(on: evidence, now: time).findings else {
      throw BenchmarkFailure.evidence(name)
    }
    return findings
  }

  private var requirements: EvidenceRequirements {
    var requirements = EvidenceRequirements()
    requirements.snp.minimumFirmware = [.genoa: SNPFirmware(bootLoader: 1, tee: 0, snp: 1, microcode: 1)]
    return requirements
  }
}
