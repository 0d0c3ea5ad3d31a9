/// One way to one kind of hardware. A call takes as long as the hardware does and blocks its thread.
protocol EvidenceSource: Sendable {
  var kind: EvidenceKind { get }

  func evidence(over reportData: ReportData) throws(EvidenceProductionError) -> Evidence
}

extension EvidenceSource {
  /// - Parameter data: as it came; too much of it cannot be evidence.
  func evidence(_ data: [UInt8]) throws(EvidenceProductionError) -> Evidence {
    do {
      return try Evidence(kind: kind, data: data)
    } catch {
      throw .malformed("evidence of at most \(Evidence.maximumSize) bytes")
    }
  }
}
