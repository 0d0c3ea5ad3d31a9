internal import Actions
internal import Aggregation
internal import Authorization
internal import Identifiers
internal import KeyGeneration
internal import Logging
internal import Membership
internal import PublicKeys
internal import Signatures
internal import ThresholdBLS
internal import Transcripts
internal import Wire

/// What happens with a user's request: standing, steps 2 to 5, step 6, the operation, the sealed reply.
struct RequestService: Sendable {
  let admission: RequestAdmission
  let identity: Ed25519SigningKey
  let standing: Standing
  let desk: RequestDesk
  let sessions: RequestSessions
  let pairs: PairLife
  let actions: ActionHost
  let outside: ActionSurroundings
  let clock: any LocalClock
  let limits: NodeLimits
  let counter: BootCounter
  let metrics: NodeMetrics
  let logger: Logger

  /// - Returns: the encoded ``SealedReply``; the identical bytes when the request comes again.
  func answer(
    _ submission: RequestSubmission, _ kind: RequestKind, from origin: RequestOrigin?
  ) async throws(NodeRefusal) -> [UInt8] {
    do throws(NodeRefusal) {
      guard RequestKind(submission.request.payload.operation) == kind else { throw NodeRefusal(.invalidRequest) }
      return try await admitted(submission, from: origin)
    } catch {
      metrics.refused(error.code)
      throw error
    }
  }

  private func admitted(
    _ submission: RequestSubmission, from origin: RequestOrigin?
  ) async throws(NodeRefusal) -> [UInt8] {
    let admitted = try await admission.admit(submission, from: origin)
    let authorized = admitted.operation
    if case .execute = authorized.work, await actions.runner == nil {
      throw NodeRefusal(.cannotExecute, request: authorized.request)
    }
    let entry = try await desk.enter(
      authorized.request, wallet: authorized.wallet, expiresAt: authorized.expiresAt, at: admitted.wall)
    switch entry {
    case .answered(let bytes): return bytes
    case .admitted: break
    }
    // Not the caller's task: the quorum counts on this node even when its user hangs up, and may ask again.
    guard let answer = await Task(operation: { await work(authorized, admitted.keys) }).value else {
      throw NodeRefusal(.internalError, request: authorized.request)
    }
    return answer
  }

  private func work(_ authorized: AuthorizedOperation, _ keys: KeyShares) async -> [UInt8]? {
    let start = clock.monotonicNow()
    var outcome = await outcome(of: authorized, keys)
    if case .failed = outcome {
    } else if (try? standing.finishing()) == nil {
      // The world changed while the operation ran; a share does not leave a node that may not serve.
      outcome = .failed(FailedOutcome(code: .notReady))
    }
    let answer = sealed(outcome, authorized)
    await desk.leave(authorized.request, wallet: authorized.wallet, answer: answer)
    metrics.answered(authorized.operation.label, outcome.word, after: clock.monotonicNow() - start)
    logger.info(
      "request answered",
      metadata: ["operation": "\(authorized.operation.label)", "result": "\(outcome.word)"])
    return answer
  }

  private func outcome(of authorized: AuthorizedOperation, _ keys: KeyShares) async -> ReplyOutcome {
    switch authorized.work {
    case .decrypt(let identity):
      guard let share = try? keys.encryptionShare() else { return .failed(FailedOutcome(code: .internalError)) }
      return .decryptionShare(DecryptionShare(identity: identity, share: share).encoded)
    case .sign(let record, let message):
      let signing = Signing(
        authorized: authorized, keys: keys, sessions: sessions, clock: clock, limits: limits, counter: counter)
      return await signing.sign(record, message, with: pairs)
    case .exchange, .signAsAction: return .failed(FailedOutcome(code: .internalError))
    case .execute:
      let operations = ActionSessions(
        run: authorized, judge: admission.judge, standing: standing, sessions: sessions, pairs: pairs, clock: clock,
        limits: limits, counter: counter, outside: outside)
      return await actions.run(for: authorized.wallet) { runner in
        await ActionExecution(
          authorized: authorized, runner: runner, sessions: operations, limits: limits, logger: logger
        ).run()
      }
    }
  }

  private func sealed(_ outcome: ReplyOutcome, _ authorized: AuthorizedOperation) -> [UInt8]? {
    let context = authorized.replyContext
    let body = ReplyBody(
      request: authorized.request, node: context.node, instance: context.instance, epoch: authorized.epoch,
      certificate: authorized.certificate, operationDigest: authorized.operationDigest, outcome: outcome)
    let reply = SignedReply(signing: body, with: identity.sign)
    return try? SealedReply(reply, to: authorized.replyKey).encoded
  }
}

extension ReplyOutcome {
  /// For logs and metrics.
  fileprivate var word: String {
    switch self {
    case .signatureShare, .ecdsaShare, .decryptionShare: "share"
    case .execution(let outcome): outcome.failure == nil ? "executed" : "action_failed"
    case .failed(let failed): failed.code.rawValue
    }
  }
}

extension RequestKind {
  fileprivate init(_ operation: Operation) {
    self =
      switch operation {
      case .sign: .sign
      case .decrypt: .decrypt
      case .execute, .executeNamed: .execute
      }
  }
}
