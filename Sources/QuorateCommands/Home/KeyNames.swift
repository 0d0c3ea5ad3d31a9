import Identifiers
import Wire

/// What a user calls the keys of a network: `{"version", "names": [{"name", "key"}, …]}`, one file for each network.
struct KeyNames: Sendable {
  private let path: String
  private let home: HomeFolder

  init(home: HomeFolder, network: NetworkID) {
    self.home = home
    path = "\(home.keys)/\(network).json"
  }

  func all() throws(CommandFailure) -> [String: KeyID] {
    guard PrivateFile.exists(path) else { return [:] }
    let bytes = try PrivateFile.read(path, maximum: 1 << 20)
    do throws(FormatError) {
      var fields = try JSONFields(JSONValue.parse(bytes, limit: 1 << 20))
      guard try fields.unsigned("version") == 1 else { throw .invalid("version") }
      var names: [String: KeyID] = [:]
      for value in try fields.array("names", limit: 10_000) {
        var entry = try JSONFields(value)
        names[try entry.string("name", limit: 64)] = try entry.identifier("key")
        try entry.finish()
      }
      try fields.finish()
      return names
    } catch {
      throw CommandFailure(
        .badInput, "\(path) cannot be read", advice: "it only holds your names for keys; move it away")
    }
  }

  func name(_ key: KeyID, _ name: String) throws(CommandFailure) {
    var names = try all()
    names[name] = key
    try home.prepare()
    let entries = names.sorted { $0.key < $1.key }.map {
      JSONValue.object([JSONMember("name", .string($0.key)), JSONMember("key", .text($0.value))])
    }
    let json = JSONValue.object([JSONMember("version", .integer(1)), JSONMember("names", .array(entries))])
    try PrivateFile.write(json.serialized, to: path)
  }
}
