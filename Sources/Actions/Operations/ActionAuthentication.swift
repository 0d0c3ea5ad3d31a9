internal import ActionNames
internal import Identifiers

/// Who asked for the run, as the action sees it in `Lit.Auth`.
public struct ActionAuthentication: Sendable, Hashable {
  /// The wallet whose request this is, nil when there is none.
  public var address: String?
  public var methods: [Method]
  public var resources: [String]
  /// What a custom authentication answered.
  public var customResource: String

  public struct Method: Sendable, Hashable {
    public var userID: String
    public var appID: String
    public var type: Int
    public var isForSessionKey: Bool

    public init(userID: String, appID: String, type: Int, isForSessionKey: Bool) {
      self.userID = userID
      self.appID = appID
      self.type = type
      self.isForSessionKey = isForSessionKey
    }
  }

  public init(
    address: String? = nil, methods: [Method] = [], resources: [String] = [], customResource: String = ""
  ) {
    self.address = address
    self.methods = methods
    self.resources = resources
    self.customResource = customResource
  }

  /// `Lit.Auth`. The stack has the outermost action first and the running one last.
  func json(stack: [ActionID]) -> JSONValue {
    let contexts = methods.map { method in
      JSONValue.object([
        JSONMember("userId", .string(method.userID)), JSONMember("appId", .string(method.appID)),
        JSONMember("authMethodType", JSONValue(method.type)),
        JSONMember("usedForSignSessionKeyRequest", .bool(method.isForSessionKey)),
      ])
    }
    return .object([
      JSONMember("actionIpfsIdStack", .array(stack.map { .string($0.text) })),
      JSONMember("authSigAddress", address.map { .string($0) } ?? .null),
      JSONMember("authMethodContexts", .array(contexts)),
      JSONMember("resources", .array(resources.map { .string($0) })),
      JSONMember("customAuthResource", .string(customResource)),
    ])
  }
}
