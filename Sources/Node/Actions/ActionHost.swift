internal import Actions
internal import Identifiers
internal import Logging
internal import Wire

/// This node's runtime of actions, if its machine has all of the sandbox.
actor ActionHost {
  private let examine: SandboxExamination?
  private let limits: NodeLimits
  private let clock: any LocalClock
  private let logger: Logger
  private var state: State
  /// Runs under way.
  private var runs: [WalletAddress: Int] = [:]

  private enum State {
    case off
    case examining
    case missing(SandboxProblem)
    case running(ActionRunner)
  }

  /// - Parameter examine: nil for a node that runs no actions.
  init(examine: SandboxExamination?, limits: NodeLimits, clock: any LocalClock, logger: Logger) {
    self.examine = examine
    self.limits = limits
    self.clock = clock
    self.logger = logger
    state = examine == nil ? .off : .examining
  }

  /// Nil while no action can be run.
  var runner: ActionRunner? {
    if case .running(let runner) = state { runner } else { nil }
  }

  /// What a wallet's next run goes to. Whoever lets loops run must not take all the places there are.
  ///
  /// To be followed by ``finish(_:)``, unless it throws.
  func begin(_ wallet: WalletAddress) throws(ActionsBusy) -> ActionRunner {
    guard let runner else { throw ActionsBusy(code: .cannotExecute) }
    guard runs[wallet, default: 0] < limits.actionRunsPerWallet else { throw ActionsBusy(code: .tooManyRequests) }
    runs[wallet, default: 0] += 1
    return runner
  }

  func finish(_ wallet: WalletAddress) {
    let left = runs[wallet, default: 1] - 1
    runs[wallet] = left > 0 ? left : nil
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
      configuration.time = limits.actionTime
      let pool = WorkerPool(sandbox: sandbox, configuration: configuration, clock: clock)
      state = .running(ActionRunner(pool: pool, mostRuns: limits.actionRuns))
      logger.info("actions can run")
      await pool.run()
      state = .off
    } catch {
      state = .missing(error)
      logger.warning(
        "no action runs here", metadata: ["part": "\(error.part.rawValue)", "problem": "\(error.detail)"])
      await clock.idle()
    }
  }
}

/// Why a run does not begin.
struct ActionsBusy: Error {
  let code: ErrorCode
}
