internal import ActionNames
internal import Identifiers
internal import Secrets
import Synchronization

/// One worker's part of a run, from its order to its end.
///
/// Who asks and what for is known from which worker a frame came; nothing a frame says can change that.
struct Conversation: Sendable {
  let worker: Worker
  let state: RunState
  let runner: ActionRunner
  let operations: any ActionOperations
  let authentication: ActionAuthentication
  /// Outermost first, this worker's own action last.
  let stack: [ActionID]
  /// What labels of its operations begin with.
  let path: String

  /// Operations of one worker that are under way at once. Beyond it nothing more is read until one is done.
  static let width = 16

  /// Runs the action to its end, whatever that is. The worker is of no use afterwards.
  func run(code: [UInt8], parameters: SecretBox) async throws(ActionFailure) {
    let ending = Mutex<ActionFailure?>(nil)
    let failure = await withTaskCancellationHandler {
      await withTaskGroup(of: Void.self) { group -> ActionFailure? in
        let failure = await serve(code, parameters, &group) { failure in
          ending.withLock { $0 = $0 ?? failure }
          worker.abandon()
        }
        worker.abandon()
        group.cancelAll()
        return failure
      }
    } onCancel: {
      worker.abandon()
    }
    if let failure = ending.withLock({ $0 }) ?? failure { throw failure }
  }

  private func serve(
    _ code: [UInt8], _ parameters: SecretBox, _ group: inout TaskGroup<Void>,
    stop: @escaping @Sendable (ActionFailure) -> Void
  ) async -> ActionFailure? {
    var labels = OperationLabels(path: path)
    let calls = Turnstile()
    var underWay = 0
    do {
      let order = HostMessage.order(
        authentication, stack: stack, limits: state.limits, namesTokens: Self.namesTokens(code))
      try await worker.channel.send([order, code], then: parameters.bytes)
      while true {
        switch try WorkerMessage(await worker.channel.receive()) {
        case .ready: throw WorkerViolation.outOfOrder
        case .log(let text): try state.log(text)
        case .response(let text): try state.respond(text)
        case .done(let failure): return failure.map { .code($0) }
        case .operation(let number, let name, let input):
          if underWay == Self.width {
            await group.next()
            underWay -= 1
          }
          let request: Result<OperationRequest, OperationRefusal>
          do throws(RequestProblem) {
            request = .success(try OperationRequest(name, input))
          } catch {
            switch error {
            case .violation(let violation): throw violation
            case .refused(let refusal): request = .failure(refusal)
            }
          }
          try state.count((try? request.get())?.costs ?? [])
          let shared = (try? request.get())?.sharedLabel
          let caller = ActionCaller(stack: stack, label: shared.map { path + $0 } ?? labels.next(name))
          underWay += 1
          group.addTask { await answer(number, request, caller, calls, stop: stop) }
        }
      }
    } catch let failure as ActionFailure {
      return failure
    } catch let violation as WorkerViolation {
      return .worker(violation)
    } catch let end as ChannelEnd {
      return await meaning(of: end)
    } catch {
      return .worker(.malformedFrame)
    }
  }

  /// Whether code has the word `jwt`: only then is the global there.
  private static func namesTokens(_ code: [UInt8]) -> Bool {
    code.firstRange(of: Array("jwt".utf8)) != nil
  }

  private func answer(
    _ number: Int64, _ request: Result<OperationRequest, OperationRefusal>, _ caller: ActionCaller,
    _ calls: Turnstile, stop: @Sendable (ActionFailure) -> Void
  ) async {
    var reply: [UInt8]
    do throws(OperationRefusal) {
      switch try request.get() {
      case .call(let action, let parameters):
        reply = HostMessage.reply(number, .string(try await call(action, parameters, caller, calls, stop: stop)))
      case let other:
        reply = HostMessage.reply(number, try await other.perform(by: operations, for: caller))
      }
    } catch {
      reply = HostMessage.refusal(number, error.message)
    }
    // Results may be plaintexts.
    defer { wipe(&reply) }
    // A worker that is gone needs no reply; the receiving side sees it, too.
    try? await worker.channel.send(reply)
  }

  // MARK: Nested calls

  /// Runs another action in a process of its own, under its own name.
  private func call(
    _ action: ActionID, _ parameters: String, _ caller: ActionCaller, _ calls: Turnstile,
    stop: @Sendable (ActionFailure) -> Void
  ) async throws(OperationRefusal) -> String {
    let over = OperationRefusal("the run is over")
    guard stack.count <= state.limits.depth else {
      stop(.limit(.depth))
      throw over
    }
    // One after the other: a run has no more processes than its depth.
    await calls.enter()
    defer { calls.leave() }
    let code = try await operations.code(of: action, by: caller)
    guard code.count <= state.limits.code else {
      throw OperationRefusal(state.limits.explanation(of: .code))
    }
    guard ActionID(of: code) == action else { throw OperationRefusal("the code found is not that of \(action)") }
    do throws(ActionFailure) {
      try await runner.converse(
        code, SecretBox(SecretBytes(copying: parameters.utf8)), state: state, operations: operations,
        authentication: authentication, stack: stack + [action], path: caller.label + "/")
    } catch {
      // What the called code throws its caller may catch; everything else ends the whole run.
      if case .code(let text) = error { throw OperationRefusal(text) }
      stop(error)
      throw over
    }
    return state.response ?? ""
  }

  // MARK: Ends nobody announced

  private func meaning(of end: ChannelEnd) async -> ActionFailure {
    switch end {
    case .frameTooLong: return .worker(.frameTooLong)
    case .closed: return .cancelled
    case .ended:
      let status = await worker.process.end(clock: runner.pool.clock)
      return Self.meaning(ofStatus: status, printed: worker.process.printed())
    }
  }

  /// What an exit means. The worker could have faked it, and would deceive only whoever wrote the action.
  static func meaning(ofStatus status: Int32, printed: String) -> ActionFailure {
    let outOfMemory = ["out of memory", "OOM", "memory allocation", "Out of memory"]
    switch status {
    // SIGILL, SIGTRAP, SIGABRT, SIGSEGV: how the engine and its libraries end when they get no memory.
    case 132, 133, 134, 139:
      return outOfMemory.contains { printed.contains($0) } ? .limit(.memory) : .worker(.ended(status: status))
    // SIGXCPU.
    case 152: return .limit(.time)
    default: return .worker(.ended(status: status))
    }
  }
}

/// Counts the operations of one worker by their names.
private struct OperationLabels {
  let path: String
  private var counts: [String: Int] = [:]

  init(path: String) {
    self.path = path
  }

  mutating func next(_ name: String) -> String {
    defer { counts[name, default: 0] += 1 }
    return "\(path)\(name)#\(counts[name, default: 0])"
  }
}

/// Bytes several tasks may look at, wiped when the last one is done.
final class SecretBox: Sendable {
  let bytes: SecretBytes

  init(_ bytes: consuming SecretBytes) {
    self.bytes = bytes
  }
}
