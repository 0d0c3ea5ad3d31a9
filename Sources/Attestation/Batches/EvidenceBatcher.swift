public import Identifiers

/// Answers many requests for evidence with few reports: at most one begins in each interval.
///
/// A request that comes after a quiet interval is answered at once. Who is waiting when a report begins is in it; who
/// comes later waits for the next one.
public actor EvidenceBatcher {
  public static let interval = Duration.seconds(1)

  private struct Waiting {
    let request: ReportData
    let answer: CheckedContinuation<BatchedEvidence, any Error>
  }

  private let provider: any EvidenceProvider
  private let clock: any LocalClock
  private let interval: Duration
  private var waiting: [Waiting] = []
  private var nextStart: Duration?
  private var isRunning = false

  public init(
    provider: any EvidenceProvider, interval: Duration = EvidenceBatcher.interval, clock: any LocalClock = SystemClock()
  ) {
    self.provider = provider
    self.interval = interval
    self.clock = clock
  }

  /// How many wait for a report that has not begun.
  var waitingCount: Int { waiting.count }

  /// Waits for a report even when its task is cancelled, which takes an interval and the time of two reports at most.
  ///
  /// - Throws: ``EvidenceBatchError/count`` when as many wait as a batch has room for, or what the provider throws.
  public func evidence(over request: ReportData) async throws -> BatchedEvidence {
    guard waiting.count < EvidenceBatch.maximumCount else { throw EvidenceBatchError.count }
    return try await withCheckedThrowingContinuation { answer in
      waiting.append(Waiting(request: request, answer: answer))
      if !isRunning {
        isRunning = true
        Task { await run() }
      }
    }
  }

  private func run() async {
    while !waiting.isEmpty {
      if let nextStart, nextStart > clock.monotonicNow() {
        // This task is nobody's to cancel.
        try? await clock.sleep(for: nextStart - clock.monotonicNow())
      }
      nextStart = clock.monotonicNow() + interval
      let served = waiting
      waiting = []
      let answers = await answers(to: served.map(\.request))
      for (place, one) in served.enumerated() {
        one.answer.resume(with: answers.flatMap { $0(place) })
      }
    }
    isRunning = false
  }

  private func answers(
    to requests: [ReportData]
  ) async -> Result<(Int) -> Result<BatchedEvidence, any Error>, any Error> {
    do {
      let batch = try EvidenceBatch(requests)
      let evidence = try await provider.evidence(over: batch.reportData)
      return .success { place in
        Result {
          guard let proof = batch.proof(at: place) else { throw EvidenceBatchError.count }
          return BatchedEvidence(evidence: evidence, proof: proof)
        }
      }
    } catch {
      return .failure(error)
    }
  }
}
