import Identifiers
public import Membership
import Wire

/// Where others reach a node, for one that listens elsewhere: behind a translated address, or on every address it has.
///
/// JSON: `{"client": "host:port", "peer": "host:port"}`.
public struct AdvertisedEndpoints: Sendable, Hashable {
  public var client: Endpoint
  public var peer: Endpoint

  public init(client: Endpoint, peer: Endpoint) {
    self.client = client
    self.peer = peer
  }

  init(_ fields: inout JSONFields) throws(FormatError) {
    func endpoint(_ name: String) throws(FormatError) -> Endpoint {
      guard let endpoint = try? Endpoint(text: fields.string(name, limit: 300)) else { throw .invalid(name) }
      return endpoint
    }
    client = try endpoint("client")
    peer = try endpoint("peer")
    try fields.finish()
  }

  var json: JSONValue {
    .object([JSONMember("client", .string(client.text)), JSONMember("peer", .string(peer.text))])
  }
}
