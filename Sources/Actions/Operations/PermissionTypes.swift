/// A question about a key's permissions. Keys are named by token: a decimal number below 2²⁵⁶.
public enum PermissionQuery: Sendable, Hashable {
  case isActionPermitted(token: String, action: String)
  case isAddressPermitted(token: String, address: String)
  case isMethodPermitted(token: String, type: Int64, user: [UInt8])
  case permittedActions(token: String)
  case permittedAddresses(token: String)
  case permittedMethods(token: String)
  /// Scopes 0…`largest`.
  case permittedScopes(token: String, type: Int64, user: [UInt8], largest: Int64)

  var functionName: String {
    switch self {
    case .isActionPermitted: "isPermittedAction"
    case .isAddressPermitted: "isPermittedAddress"
    case .isMethodPermitted: "isPermittedAuthMethod"
    case .permittedActions: "getPermittedActions"
    case .permittedAddresses: "getPermittedAddresses"
    case .permittedMethods: "getPermittedAuthMethods"
    case .permittedScopes: "getPermittedAuthMethodScopes"
    }
  }
}

public enum PermissionAnswer: Sendable, Hashable {
  case decision(Bool)
  case names([String])
  case methods([PermittedMethod])
  case scopes([Bool])
}

public struct PermittedMethod: Sendable, Hashable {
  public let type: Int64
  public let userID: [UInt8]
  public let userPublicKey: [UInt8]

  public init(type: Int64, userID: [UInt8], userPublicKey: [UInt8]) {
    self.type = type
    self.userID = userID
    self.userPublicKey = userPublicKey
  }
}
