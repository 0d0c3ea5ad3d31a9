import Dispatch
import Identifiers

/// Evidence of the trusted execution environment this process runs in; made by ``HardwareProviders``.
public struct HardwareAttester: EvidenceProvider {
  /// How often a busy environment is asked, and how long is waited before each time but the first.
  static let attempts = 6
  static let firstPause = Duration.milliseconds(50)

  private let source: any EvidenceSource
  private let clock: any LocalClock
  // Hardware answers one request after the other, in its own time, and must not hold up the tasks of the node.
  private let queue: DispatchQueue

  init(_ source: any EvidenceSource, clock: any LocalClock) {
    self.source = source
    self.clock = clock
    queue = DispatchQueue(label: "evidence")
  }

  public var kind: EvidenceKind { source.kind }

  /// - Throws: ``EvidenceProductionError``, or `CancellationError`.
  public func evidence(over reportData: ReportData) async throws -> Evidence {
    var pause = Self.firstPause
    for _ in 1..<Self.attempts {
      do {
        return try await attempt(reportData)
      } catch let error as EvidenceProductionError where error.isTemporary {
        try await clock.sleep(for: pause)
        pause *= 2
      }
    }
    return try await attempt(reportData)
  }

  private func attempt(_ reportData: ReportData) async throws -> Evidence {
    try Task.checkCancellation()
    return try await withCheckedThrowingContinuation { continuation in
      queue.async { [source] in
        continuation.resume(with: Result { try source.evidence(over: reportData) })
      }
    }
  }
}
