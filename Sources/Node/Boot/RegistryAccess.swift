public import EthereumRPC
internal import Identifiers
internal import Wire

/// How a node gets at its network's registry.
///
/// In the configuration: `"registry": path` of a file registry's `network.json`, or
/// `"registry": {"document": path, "endpoints": [{"name", "url", "authorities"?}, …], "needed": n}` for one on a chain:
/// the document is a `network.json` that holds the founding document and nothing else, the rest an `EndpointList`.
/// Which contracts on which chain, and how deep a block must lie, says the founding document.
public enum RegistryAccess: Sendable, Hashable {
  case file(String)
  case chain(document: String, EndpointList)

  private static let pathLimit = 4096

  /// The file the network's founding document is in.
  public var path: String {
    switch self {
    case .file(let path), .chain(let path, _): path
    }
  }

  init(_ value: JSONValue) throws(FormatError) {
    if case .string(let path) = value {
      guard path.utf8.count <= Self.pathLimit else { throw .invalid("registry") }
      self = .file(path)
    } else {
      var fields = try JSONFields(value)
      let document = try fields.string("document", limit: Self.pathLimit)
      self = .chain(document: document, try EndpointList(&fields))
      try fields.finish()
    }
  }

  var json: JSONValue {
    switch self {
    case .file(let path): .string(path)
    case .chain(let document, let list): .object([JSONMember("document", .string(document))] + list.members)
    }
  }

  /// What evidence vouches for: whom the node asks about the chain. Where a file is, is a place on the machine.
  var vouched: [[UInt8]] {
    switch self {
    case .file: []
    case .chain(_, let list): [Array("chain".utf8), list.json.canonicalized]
    }
  }
}
