import Identifiers
import Membership
import Node

extension Endpoint {
  /// Whether it stands for every address of a machine, which is for listening: `0.0.0.0`, `::` and their other forms.
  var isWildcard: Bool { host.utf8.allSatisfy { "0:.".utf8.contains($0) } }
}

extension Registration {
  /// Refuses what nobody else can reach. On one machine only development networks are.
  func requireReachable(in founding: FoundingDocument) throws(CommandFailure) {
    for endpoint in [peerEndpoint, clientEndpoint] {
      let isLocal = ListenAddress(host: endpoint.host, port: Int(endpoint.port)).isLoopback
      guard !endpoint.isWildcard, founding.isDevelopment || !isLocal else {
        throw CommandFailure(
          .badInput, "nobody else reaches the node at \(endpoint)",
          advice: "say where others do: --peer and --client with --config, else `advertise` in node.json")
      }
    }
  }
}
