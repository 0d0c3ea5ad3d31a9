internal import Actions
internal import Identifiers
internal import Logging
internal import Wire

/// This node's runtime of actions, if its machine has all of the sandbox.
actor ActionHost {
  private let examine: SandboxExamination?
  private let libraries: [ActionLibrary]
  private let limits: NodeLimits
  private let clock: any LocalClock
  private let logger: Logger
  private var state: State
  /// Runs under way, by wallet and by number.
  private var runs: [WalletAddress: [UInt64: Task<ReplyOutcome, Never>]] = [:]
  private var lastRun: UInt64 = 0

  private enum State {
    case off
    case examining
    case missing(SandboxProblem)
    case running(ActionRunner)
  }

  /// - Parameter examine: nil for a node that runs no actions.
  init(
    examine: SandboxExamination?, libraries: [ActionLibrary] = [], limits: NodeLimits, clock: any LocalClock,
    logger: Logger
  ) {
    self.examine = examine
    self.libraries = libraries
    self.limits = limits
    self.clock = clock
    self.logger = logger
    state = examine == nil ? .off : .examining
  }

  /// Nil while no action can be run.
  var runner: ActionRunner? {
    if case .running(let runner) = state { runner } else { nil }
  }

  /// Has something run for a wallet. Whoever lets loops run must not take all the places there are.
  func run(
    for wallet: WalletAddress, _ body: @escaping @Sendable (ActionRunner) async -> ReplyOutcome
  ) async -> ReplyOutcome {
    guard let runner else { return .failed(FailedOutcome(code: .cannotExecute)) }
    guard runs[wallet, default: [:]].count < limits.actionRunsPerWallet else {
      return .failed(FailedOutcome(code: .tooManyRequests))
    }
    lastRun += 1
    let number = lastRun
    let run = Task { await body(runner) }
    runs[wallet, default: [:]][number] = run
    let outcome = await run.value
    runs[wallet]?[number] = nil
    if runs[wallet]?.isEmpty == true { runs[wallet] = nil }
    return outcome
  }

  /// Ends what runs now; each gives an outcome that says so.
  func endRuns() {
    for run in runs.values.flatMap(\.values) { run.cancel() }
  }

  var status: NodeStatus.Actions {
    switch state {
    case .off: .off
    case .examining: .examining
    case .missing(let problem): .missing(part: problem.part.rawValue, detail: problem.detail)
    case .running(let runner): .running(waiting: runner.idleWorkers)
    }
  }

  /// Examines the machine, then keeps workers until its task is cancelled.
  func run() async {
    guard let examine else { return await clock.idle() }
    do throws(SandboxProblem) {
      let sandbox = try await examine()
      var configuration = WorkerPool.Configuration()
      configuration.bare = limits.actionWorkers
      configuration.withLibraries = limits.actionWorkersWithLibraries
      configuration.time = limits.actionTime
      let pool = WorkerPool(sandbox: sandbox, libraries: libraries, configuration: configuration, clock: clock)
      await pool.run {
        state = .running(ActionRunner(pool: pool, mostRuns: limits.actionRuns))
        logger.info(
          "actions can run", metadata: ["libraries": "\(libraries.map(\.name).joined(separator: " "))"])
        await clock.idle()
      }
      state = .off
    } catch {
      state = .missing(error)
      logger.warning(
        "no action runs here", metadata: ["part": "\(error.part.rawValue)", "problem": "\(error.detail)"])
      await clock.idle()
    }
  }
}
