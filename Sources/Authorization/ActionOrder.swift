public import ActionNames
public import Identifiers
public import Membership
public import Wire

/// What an action asks for while it runs.
public struct ActionOrder: Sendable, Hashable {
  /// Nil for an exchange of values, which needs no permission beside the run's.
  public let operation: Operation?
  /// What all nodes that got here have to agree on.
  public let digest: Digest32
  /// Who asks: of nested calls the innermost one.
  public let action: ActionID
  /// Names the operation within the request, alike on every node.
  public let label: String

  /// - Parameter operation: to sign or to decrypt.
  public init(_ operation: Operation, by action: ActionID, label: String) {
    self.operation = operation
    digest = operation.digest
    self.action = action
    self.label = label
  }

  /// - Parameter name: what the action calls the exchange.
  public init(exchanging name: String, by action: ActionID, label: String) {
    operation = nil
    digest = ActionExchangeDigest.digest(name: name)
    self.action = action
    self.label = label
  }
}

extension Authorizer {
  /// Decides whether an action may have done what it asks for, in the name of the request it runs for.
  ///
  /// It may if the key's record or the policy names this action; or if it names the user's wallet and the user's
  /// capability names exactly this key or policy. That the user may run the action, or may use every key of theirs
  /// outside of actions, is not enough: an action does what its author wrote, not what the user sees. Clock, membership
  /// and revocation are looked at anew, since a run takes its time.
  public func authorize(
    _ order: ActionOrder, within run: AuthorizedOperation, at clock: ClockReading, in snapshot: MembershipSnapshot,
    under rules: QuorumRules
  ) throws(Refusal) -> AuthorizedOperation {
    guard case .execute = run.work, order.label != run.label else { throw Refusal(.notPermitted, request: run.request) }
    guard run.epoch == rules.epoch, run.epoch == snapshot.epoch, run.certificate == rules.certificate else {
      throw Refusal(.epoch, request: run.request)
    }
    guard run.quorum.nodes.allSatisfy({ rules.members.contains($0) && snapshot.eligibleMember($0) != nil }) else {
      throw Refusal(.quorumMember, request: run.request)
    }
    guard !run.capability.isRevoked(in: snapshot) else { throw Refusal(.capability(.revoked), request: run.request) }
    guard clock.isTrustworthy else { throw Refusal(.clockWentBack, request: run.request) }
    guard clock.wall < run.expiresAt else { throw Refusal(.expired, request: run.request) }
    guard let operation = order.operation else { return AuthorizedOperation(order, within: run, work: .exchange) }
    let work = try permittedWork(
      of: operation, for: .action(order.action, of: run.capability), request: run.request, in: snapshot,
      under: rules)
    return AuthorizedOperation(order, within: run, work: work)
  }
}
