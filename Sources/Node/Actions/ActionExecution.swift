internal import ActionFetch
internal import ActionNames
internal import Actions
internal import Authorization
internal import Identifiers
internal import Logging
internal import Secrets
internal import Wire

/// One run of an action, as the work of one pending request.
struct ActionExecution: Sendable {
  let authorized: AuthorizedOperation
  let runner: ActionRunner
  let sessions: ActionSessions
  let limits: NodeLimits
  let logger: Logger

  func run() async -> ReplyOutcome {
    switch authorized.operation {
    case .execute(let code, let parameters): return await run(code, parameters)
    case .executeNamed(let action, let parameters):
      guard let code = await sessions.outside.code?.code(of: action) else {
        return .failed(FailedOutcome(code: .codeNotFound))
      }
      return await run(code, parameters)
    case .sign, .decrypt: return .failed(FailedOutcome(code: .internalError))
    }
  }

  private func run(_ code: [UInt8], _ parameters: [UInt8]) async -> ReplyOutcome {
    let who = ActionAuthentication(
      address: authorized.wallet.text, resources: authorized.grantedResources)
    let outcome = await runner.run(
      code, parameters: SecretBytes(copying: parameters), authentication: who, limits: limits.ofActions,
      operations: sessions)
    let failure: ExecutionOutcome.Failure?
    switch outcome.failure {
    case nil: failure = nil
    case .code(let text): failure = .code(text.prefix(bytes: WireLimits.failureText))
    case .limit(let limit): failure = .limit(limit)
    case .worker(let violation):
      // What it is says nothing of what the action saw.
      logger.warning("a worker was ended", metadata: ["reason": "\(violation)"])
      failure = .worker
    case .world(let problem):
      logger.error("no worker for an action", metadata: ["problem": "\(problem)"])
      return .failed(FailedOutcome(code: problem == .busy ? .overloaded : .cannotExecute))
    // The node is about to stop.
    case .cancelled: return .failed(FailedOutcome(code: .notReady))
    }
    do {
      return .execution(
        try ExecutionOutcome(
          action: outcome.action, response: outcome.response, signatures: sessions.shares.all, failure: failure,
          logs: outcome.logs, usage: ExecutionUsage(outcome.usage), failedOperations: sessions.failures.all))
    } catch {
      return .failed(FailedOutcome(code: .internalError))
    }
  }
}

extension NodeLimits {
  /// What one run may use. What goes into a reply is limited as replies are.
  var ofActions: ActionLimits {
    var limits = ActionLimits()
    limits.time = actionTime
    limits.response = WireLimits.response
    limits.logs = WireLimits.logs
    limits.signatures = WireLimits.signaturesOfAction
    return limits
  }
}

extension ExecutionUsage {
  init(_ usage: ActionUsage) {
    self.init()
    fetches = UInt64(clamping: usage.fetches)
    signatures = UInt64(clamping: usage.signatures)
    broadcasts = UInt64(clamping: usage.broadcasts)
    contractCalls = UInt64(clamping: usage.contractCalls)
    decryptions = UInt64(clamping: usage.decryptions)
    calls = UInt64(clamping: usage.calls)
    operations = UInt64(clamping: usage.operations)
    logBytes = UInt64(clamping: usage.logBytes)
  }
}

extension String {
  /// As much of it as whole characters of UTF-8 fit into so many bytes.
  func prefix(bytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var kept = String.UnicodeScalarView()
    var count = 0
    for scalar in unicodeScalars {
      count += UTF8.width(scalar)
      guard count <= limit else { break }
      kept.append(scalar)
    }
    return String(kept)
  }
}
