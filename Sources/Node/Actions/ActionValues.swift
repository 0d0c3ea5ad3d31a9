internal import ActionNames
internal import Actions
internal import Authorization
internal import Identifiers
internal import KeyGeneration
internal import PublicKeys
internal import Wire

/// Values the runs of one action give each other.
extension ActionSessions {
  func broadcast(
    name: String, value: String, by caller: ActionCaller
  ) async throws(OperationRefusal) -> [String] {
    try Self.check(value)
    let serving = try serving()
    let authorized = try authorized(
      ActionOrder(exchanging: name, by: try caller.named, label: caller.label), serving)
    do throws(FailedExchange) {
      return try await ActionExchange(signing: signing(authorized, serving)).run(ActionValue(bytes: Array(value.utf8)))
        .map(\.message.text)
    } catch {
      throw failures.refusal("the exchange", error, of: caller)
    }
  }

  func isLeader(ofRunOnce name: String, by caller: ActionCaller) async throws(OperationRefusal) -> Bool {
    run.leader == run.replyContext.node
  }

  func publish(_ value: String, ofRunOnce name: String, by caller: ActionCaller) async throws(OperationRefusal) {
    guard run.leader == run.replyContext.node else { throw .notPermitted }
    try Self.check(value)
    _ = try await once(name, value, caller)
  }

  func result(ofRunOnce name: String, by caller: ActionCaller) async throws(OperationRefusal) -> String {
    try await once(name, "", caller)
  }

  /// The others give nothing, and all hear the same of the leader.
  private func once(
    _ name: String, _ value: String, _ caller: ActionCaller
  ) async throws(OperationRefusal) -> String {
    let serving = try serving()
    let order = ActionOrder(runningOnce: name, by: try caller.named, label: caller.label)
    let exchange = ActionExchange(
      signing: signing(try authorized(order, serving), serving, limits: limits.ofWaitingForOne))
    do throws(FailedExchange) {
      let values = try await exchange.run(ActionValue(bytes: Array(value.utf8)))
      let leader = serving.keys.certificate.member(run.leader)?.party
      guard let told = values.first(where: { $0.party == leader }) else { throw .ours }
      return told.message.text
    } catch {
      throw failures.refusal("runOnce", error, of: caller)
    }
  }

  private static func check(_ value: String) throws(OperationRefusal) {
    guard value.utf8.count <= ActionExchange.valueLimit else {
      throw OperationRefusal("a value has at most \(ActionExchange.valueLimit) bytes")
    }
  }
}

extension AuthorizedOperation {
  /// The node that does for all what an action wants done once. The request's id chooses among its quorum, so another
  /// request has another one, and no node has a say in it.
  var leader: NodeID {
    let nodes = quorum.nodes.sorted()
    let number = request.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let place = Int(number % UInt64(max(nodes.count, 1)))
    return nodes.indices.contains(place) ? nodes[place] : replyContext.node
  }
}
