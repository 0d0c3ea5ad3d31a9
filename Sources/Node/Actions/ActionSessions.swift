internal import ActionFetch
internal import ActionNames
internal import Actions
internal import Authorization
internal import Identifiers
internal import KeyGeneration
internal import PublicKeys
internal import Transcripts
internal import Wire

/// What an action may have this node do: each operation is judged anew, and is a session of the request that runs it.
///
/// Peers can cause none of these sessions: a node is in one only when its own run of the action got there.
struct ActionSessions: ActionOperations {
  /// The request's own operation, which runs the action.
  let run: AuthorizedOperation
  let judge: any RequestJudge
  let standing: Standing
  let sessions: RequestSessions
  let pairs: PairLife
  let clock: any LocalClock
  let limits: NodeLimits
  let counter: BootCounter
  let outside: ActionSurroundings
  let shares = ActionShares()
  let failures = ActionFailures()

  /// The world as it is now: a run may be long.
  func serving() throws(OperationRefusal) -> Standing.Serving {
    do {
      return try standing.finishing()
    } catch {
      throw OperationRefusal(ErrorCode.notReady.message)
    }
  }

  func signing(
    _ authorized: AuthorizedOperation, _ serving: Standing.Serving, limits: NodeLimits? = nil
  ) -> Signing {
    Signing(
      authorized: authorized, keys: serving.keys, sessions: sessions, clock: clock,
      limits: limits ?? self.limits.ofSessionsInActions, counter: counter)
  }

  func authorized(
    _ operation: Wire.Operation, _ caller: ActionCaller, _ serving: Standing.Serving
  ) throws(OperationRefusal) -> AuthorizedOperation {
    try authorized(ActionOrder(operation, by: try caller.named, label: caller.label), serving)
  }

  func authorized(
    _ order: ActionOrder, _ serving: Standing.Serving
  ) throws(OperationRefusal) -> AuthorizedOperation {
    do throws(Refusal) {
      return try judge.authorize(
        order, within: run, at: standing.wallClock.read(), in: serving.snapshot,
        under: QuorumRules(serving.keys.certificate))
    } catch {
      throw OperationRefusal(error.code.message)
    }
  }

  /// The session in which nodes exchange what they made of an operation.
  func sharing(
    _ operation: AuthorizedOperation, _ caller: ActionCaller, _ serving: Standing.Serving
  ) throws(OperationRefusal) -> Signing {
    // No label of a worker's has this end.
    let order = ActionOrder(sharesOf: operation, by: try caller.named, label: caller.label + "/shares")
    return signing(try authorized(order, serving), serving)
  }
}

extension ActionCaller {
  /// Whose permission counts.
  var named: ActionID {
    get throws(OperationRefusal) {
      guard let action else { throw .notPermitted }
      return action
    }
  }
}

extension OperationRefusal {
  /// The same for a key nobody has and for one that is not for this action.
  static var notPermitted: OperationRefusal { OperationRefusal(ErrorCode.notPermitted.message) }
}

extension NodeLimits {
  /// Nodes get to an operation of an action less evenly than to a request's own.
  var ofSessionsInActions: NodeLimits {
    var limits = self
    limits.roundDeadline = actionRoundDeadline
    return limits
  }

  /// The others wait until one node has done what it does for all.
  var ofWaitingForOne: NodeLimits {
    var limits = self
    limits.roundDeadline = actionLeaderDeadline
    limits.sessionDeadline = actionLeaderDeadline + actionRoundDeadline
    return limits
  }
}
