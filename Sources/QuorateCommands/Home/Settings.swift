import Identifiers
import Wire

/// What a user told the command line once: `{"version", "network": {"file", "id"}}`.
///
/// The id is the trust anchor: a registry file that was swapped for another network's is refused.
struct Settings: Sendable, Equatable {
  var registryFile: String
  var network: NetworkID

  static func load(_ home: HomeFolder) throws(CommandFailure) -> Settings? {
    guard PrivateFile.exists(home.settings) else { return nil }
    let bytes = try PrivateFile.read(home.settings, maximum: 64 << 10)
    do throws(FormatError) {
      var fields = try JSONFields(JSONValue.parse(bytes, limit: 64 << 10))
      guard try fields.unsigned("version") == 1 else { throw .invalid("version") }
      var network = try fields.object("network")
      let file = try network.string("file")
      let id: NetworkID = try network.identifier("id")
      try network.finish()
      try fields.finish()
      return Settings(registryFile: file, network: id)
    } catch {
      throw CommandFailure(
        .badInput, "\(home.settings) cannot be read", advice: "quorate network use <network.json> writes it anew")
    }
  }

  func save(_ home: HomeFolder) throws(CommandFailure) {
    try home.prepare()
    let json = JSONValue.object([
      JSONMember("version", .integer(1)),
      JSONMember("network", .object([JSONMember("file", .string(registryFile)), JSONMember("id", .text(network))])),
    ])
    try PrivateFile.write(json.serialized, to: home.settings)
  }
}
