public import ActionFetch
internal import ActionNames
public import Actions

/// What a node gives its actions of the world outside.
public struct ActionSurroundings: Sendable {
  /// What actions fetch with; nil, and they cannot.
  public var fetch: FetchClient?
  /// Where code comes from that is only named; nil, and it has to come with the request.
  public var code: ActionGateways?
  /// Where the chains are asked; no action sees the URLs. Nil, and there are no chains.
  public var chains: ChainEndpoints?
  /// What actions are told of where chains are, by their names.
  public var publicChainURLs: [String: String] = [:]
  /// Run in workers of actions that name `ethers`.
  public var libraries: [ActionLibrary] = []

  public init() {}
}

extension ActionSessions {
  func fetch(
    _ request: FetchRequest, by caller: ActionCaller
  ) async throws(OperationRefusal) -> FetchResponse {
    guard let fetcher = outside.fetch else { throw OperationRefusal("fetch is not provided by this network") }
    return try await fetcher.fetch(request)
  }

  func code(of action: ActionID, by caller: ActionCaller) async throws(OperationRefusal) -> [UInt8] {
    guard let gateways = outside.code else {
      throw OperationRefusal("this node has no gateway to get the code of other actions from")
    }
    guard let code = await gateways.code(of: action) else {
      throw OperationRefusal("no gateway has the code of \(action)")
    }
    return code
  }
}
