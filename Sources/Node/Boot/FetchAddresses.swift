public import Actions
internal import Identifiers
internal import Membership
internal import Wire

/// Which addresses actions may reach beside the public Internet, and which of that not.
///
/// In the configuration, optional: `"fetch": {"allow": ["10.1.0.0/16", …], "forbid": ["2001:db8::/32", …]}`, each list
/// optional, prefixes as an address, a slash and a length. What is forbidden counts before what is allowed. Every
/// user's actions can then reach what is allowed.
public struct FetchAddresses: Sendable, Hashable {
  public var allowed: [NetworkPrefix] = []
  public var forbidden: [NetworkPrefix] = []

  private static let limit = 256

  public init() {}

  init(_ fields: inout JSONFields) throws(FormatError) {
    allowed = try Self.prefixes(&fields, "allow")
    forbidden = try Self.prefixes(&fields, "forbid")
    try fields.finish()
  }

  private static func prefixes(_ fields: inout JSONFields, _ name: String) throws(FormatError) -> [NetworkPrefix] {
    guard fields.has(name) else { return [] }
    var prefixes: [NetworkPrefix] = []
    for value in try fields.array(name, limit: limit) {
      guard case .string(let text) = value, let prefix = NetworkPrefix(text: text) else { throw .invalid(name) }
      prefixes.append(prefix)
    }
    return prefixes
  }

  var json: JSONValue {
    .object([
      JSONMember("allow", .array(allowed.map { .string($0.text) })),
      JSONMember("forbid", .array(forbidden.map { .string($0.text) })),
    ])
  }

  /// - Parameter endpoints: what the network lets actions reach on the machine of its nodes.
  func addressGuard(_ endpoints: [Endpoint]) -> AddressGuard {
    let services = endpoints.compactMap { endpoint in
      NetworkAddress(text: endpoint.host).map { AddressGuard.Service($0, port: Int(endpoint.port)) }
    }
    return AddressGuard(allowing: allowed, forbidding: forbidden, services: Set(services))
  }
}
