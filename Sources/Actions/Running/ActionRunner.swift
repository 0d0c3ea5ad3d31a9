internal import ActionNames
internal import Identifiers
public import Secrets
import Synchronization

/// Runs actions on the workers of a pool.
public final class ActionRunner: Sendable {
  let pool: WorkerPool
  private let mostRuns: Int
  private let runs = Mutex(0)

  /// - Parameter mostRuns: runs at once. Each has as many processes as its calls are deep.
  public init(pool: WorkerPool, mostRuns: Int = 16) {
    self.pool = pool
    self.mostRuns = mostRuns
  }

  /// How many workers wait in its pool.
  public var idleWorkers: Int { pool.idleCount }

  /// Runs `code` once.
  ///
  /// - Parameters:
  ///   - parameters: a JSON object; none at all when empty. Wiped at the end.
  ///   - limits: `memory` and `time` at most those of the pool.
  ///
  /// Cancelling the task ends the run.
  public func run(
    _ code: [UInt8], parameters: consuming SecretBytes, authentication: ActionAuthentication,
    limits: ActionLimits, operations: any ActionOperations
  ) async -> ActionOutcome {
    let state = RunState(limits: limits)
    let action = ActionID(of: code)
    let length = parameters.count
    let box = SecretBox(length == 0 ? SecretBytes(copying: "{}".utf8) : parameters)
    var failure: ActionFailure?
    do throws(ActionFailure) {
      guard code.count <= limits.code else { throw .limit(.code) }
      guard length <= limits.parameters else { throw .limit(.parameters) }
      guard enter() else { throw .world(.busy) }
      defer { leave() }
      try await withDeadline(limits.time) { () async throws(ActionFailure) in
        try await self.converse(
          code, box, state: state, operations: operations, authentication: authentication, stack: [action], path: "")
      }
    } catch {
      failure = error
    }
    return ActionOutcome(
      action: action, response: state.response, logs: state.logs, usage: state.usage, failure: failure)
  }

  /// One action in one fresh worker.
  func converse(
    _ code: [UInt8], _ parameters: SecretBox, state: RunState, operations: any ActionOperations,
    authentication: ActionAuthentication, stack: [ActionID], path: String
  ) async throws(ActionFailure) {
    let worker: Worker
    do throws(WorkerStartFailure) {
      worker = try await pool.take(pool.tier(for: code))
    } catch {
      throw Task.isCancelled ? .cancelled : .world(error)
    }
    let conversation = Conversation(
      worker: worker, state: state, runner: self, operations: operations, authentication: authentication,
      stack: stack, path: path)
    let result = await Result { () async throws(ActionFailure) in
      try await conversation.run(code: code, parameters: parameters)
    }
    await pool.end(worker)
    try result.get()
  }

  private func withDeadline(
    _ time: Duration, _ body: @escaping @Sendable () async throws(ActionFailure) -> Void
  ) async throws(ActionFailure) {
    let clock = pool.clock
    let failure = await withTaskGroup(of: ActionFailure?.self) { group in
      group.addTask {
        do throws(ActionFailure) {
          try await body()
          return nil
        } catch {
          return error
        }
      }
      group.addTask {
        do {
          try await clock.sleep(for: time)
          return .limit(.time)
        } catch {
          return .cancelled
        }
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
    if let failure { throw failure }
  }

  private func enter() -> Bool {
    runs.withLock { runs in
      guard runs < mostRuns else { return false }
      runs += 1
      return true
    }
  }

  private func leave() {
    runs.withLock { $0 -= 1 }
  }
}

extension Result {
  fileprivate init(_ body: () async throws(Failure) -> Success) async {
    do throws(Failure) {
      self = .success(try await body())
    } catch {
      self = .failure(error)
    }
  }
}
