internal import Actions
internal import Foundation
internal import Secrets
internal import Synchronization

/// A pool of sandboxed workers and what runs actions on it, both as nodes have them.
struct ActionStage {
  let pool: WorkerPool
  let runner: ActionRunner
  private let warm: Int

  /// Everything of it has ended when this returns.
  ///
  /// - Parameters:
  ///   - bare: how many workers without libraries wait.
  ///   - withLibraries: how many with.
  static func run<Value>(
    _ machine: ActionMachine, bare: Int = 0, withLibraries: Int = 0,
    _ body: (ActionStage) async throws -> Value
  ) async throws -> Value {
    var configuration = WorkerPool.Configuration()
    configuration.bare = bare
    configuration.withLibraries = withLibraries
    configuration.patience = .seconds(30)
    let pool = WorkerPool(sandbox: machine.sandbox, libraries: machine.libraries, configuration: configuration)
    return try await pool.run {
      try await body(
        ActionStage(pool: pool, runner: ActionRunner(pool: pool, mostRuns: 64), warm: bare + withLibraries))
    }
  }

  /// Waits until all workers that should wait do, and the machine has nothing left to do for them.
  func settle() async throws {
    let start = ContinuousClock.now
    repeat {
      guard ContinuousClock.now - start < .seconds(60) else { throw BenchmarkFailure.action("workers do not start") }
      try await Task.sleep(for: .milliseconds(5))
    } while pool.idleCount < warm
    try await Task.sleep(for: .milliseconds(20))
  }

  /// One run that has to end well.
  func run(
    _ code: String, limits: ActionLimits = ActionLimits(), operations: any ActionOperations = NoOperations()
  ) async throws {
    let outcome = await outcome(of: code, limits: limits, operations: operations)
    if let failure = outcome.failure { throw BenchmarkFailure.action("\(failure)") }
  }

  func outcome(
    of code: String, limits: ActionLimits = ActionLimits(), operations: any ActionOperations = NoOperations()
  ) async -> ActionOutcome {
    await runner.run(
      Array(code.utf8), parameters: SecretBytes(copying: "{}".utf8), authentication: ActionAuthentication(),
      limits: limits, operations: operations)
  }
}

/// What actions run with on this machine.
struct ActionMachine: Sendable {
  let sandbox: VerifiedSandbox
  let libraries: [ActionLibrary]
}

struct NoOperations: ActionOperations {}

/// Answers at once and remembers when it was asked.
final class TimedOperations: ActionOperations {
  private let moments = Mutex<[ContinuousClock.Instant]>([])

  var times: [ContinuousClock.Instant] { moments.withLock { $0 } }

  func rpcURL(chain: String, by caller: ActionCaller) async throws(OperationRefusal) -> String {
    moments.withLock { $0.append(.now) }
    return ""
  }

  func broadcast(name: String, value: String, by caller: ActionCaller) async throws(OperationRefusal) -> [String] {
    moments.withLock { $0.append(.now) }
    return [value]
  }
}
