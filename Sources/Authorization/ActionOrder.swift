public import ActionNames
public import Identifiers
public import Membership
public import PublicKeys
public import Wire

/// What an action asks for while it runs.
public struct ActionOrder: Sendable, Hashable {
  let wish: Wish
  /// What all nodes that got here have to agree on.
  public let digest: Digest32
  /// Who asks: of nested calls the innermost one.
  public let action: ActionID
  /// Names the operation within the request, alike on every node.
  public let label: String

  enum Wish: Sendable, Hashable {
    case operation(Operation)
    /// Needs no permission beside the run's.
    case exchange
    /// Belongs to the action alone.
    case ownSignature(KeyPurpose, ContentToSign)
  }

  /// - Parameter operation: to sign or to decrypt.
  public init(_ operation: Operation, by action: ActionID, label: String) {
    self.init(.operation(operation), operation.digest, action, label)
  }

  /// - Parameter name: what the action calls the exchange.
  public init(exchanging name: String, by action: ActionID, label: String) {
    self.init(.exchange, ActionExchangeDigest.digest(name: name), action, label)
  }

  /// - Parameter name: what the action calls what one node does for all.
  public init(runningOnce name: String, by action: ActionID, label: String) {
    self.init(.exchange, ActionExchangeDigest.digest(runOnce: name), action, label)
  }

  /// An exchange of what nodes made of an operation each for itself.
  public init(sharesOf operation: AuthorizedOperation, by action: ActionID, label: String) {
    self.init(.exchange, ActionExchangeDigest.digest(sharesOf: operation.operationDigest), action, label)
  }

  /// A signature under the key of the action itself.
  ///
  /// - Parameter content: of kind `raw`; what else it could be is for keys of users.
  public init(signingAsItself content: ContentToSign, _ purpose: KeyPurpose, by action: ActionID, label: String) {
    let digest = ActionExchangeDigest.digest(signingAs: action, purpose: purpose.rawValue, content: content)
    self.init(.ownSignature(purpose, content), digest, action, label)
  }

  private init(_ wish: Wish, _ digest: Digest32, _ action: ActionID, _ label: String) {
    self.wish = wish
    self.digest = digest
    self.action = action
    self.label = label
  }

  /// Nil for what is the action's alone.
  public var operation: Operation? {
    if case .operation(let operation) = wish { operation } else { nil }
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
    let work: AuthorizedOperation.Work
    switch order.wish {
    case .exchange: work = .exchange
    case .operation(let operation):
      work = try permittedWork(
        of: operation, for: .action(order.action, of: run.capability), request: run.request, in: snapshot,
        under: rules)
    case .ownSignature(let purpose, let content):
      // Nobody else's order gets here: no record has this key's id, and the id is made of who asks.
      guard content.kind == .raw, let message = content.message(for: purpose) else {
        throw Refusal(.notPermitted, request: run.request)
      }
      let key = KeyID.derive(network: snapshot.network, purpose: purpose, action: order.action)
      work = .signAsAction(key, purpose, message: message)
    }
    return AuthorizedOperation(order, within: run, work: work)
  }
}
