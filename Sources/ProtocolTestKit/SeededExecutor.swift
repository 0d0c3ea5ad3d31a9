import Synchronization

/// Runs tasks one job at a time on the thread that drives it, in an order drawn from a seed: the same seed gives the
/// same interleaving, another seed most likely another.
///
/// Jobs that leave it (sleeping on a real clock, real input and output) are not under its control; simulations inject
/// both.
public final class SeededExecutor: TaskExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var random: SeededRandom
    var ranCount = 0
  }

  private let state: Mutex<State>

  public init(seed: UInt64) {
    state = Mutex(State(random: SeededRandom(seed: seed)))
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.jobs.append(job) }
  }

  public var waitingCount: Int { state.withLock { $0.jobs.count } }

  /// How many jobs ran; every suspension of a task is the end of one.
  public var ranCount: Int { state.withLock { $0.ranCount } }

  /// Runs one job drawn at random.
  ///
  /// - Returns: false when none waits.
  public func runOne() -> Bool {
    let job: UnownedJob? = state.withLock { state in
      guard !state.jobs.isEmpty else { return nil }
      state.ranCount += 1
      return state.jobs.remove(at: state.random.next(below: state.jobs.count))
    }
    guard let job else { return false }
    unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    return true
  }
}
