import ArgumentParser
import Foundation
import Identifiers
import Membership

/// Which network a command means.
struct NetworkOptions: ParsableArguments, Sendable {
  @Option(
    help: "The network's network.json, or the folder it is in. (default: $QUORATE_NETWORK, or what `network use` chose)"
  )
  var network: String?

  @Option(
    help: """
      The file that lists the endpoints of a network on a chain. (default: $QUORATE_ENDPOINTS, or endpoints.json beside \
      the network.json)
      """)
  var endpoints: String?

  /// Opens the network's registry.
  func open(
    _ home: HomeFolder, environment: [String: String] = ProcessInfo.processInfo.environment
  ) async throws(CommandFailure) -> LocalNetwork {
    try await LocalNetwork(read(home, environment: environment))
  }

  /// Finds the network's file, and reads what it says without asking anybody.
  ///
  /// What `network use` chose is held to the network id it had then. A file named in the command or the environment is
  /// the user's own copy of the founding document, and decides by itself.
  func read(
    _ home: HomeFolder, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(CommandFailure) -> FoundingFile {
    let endpoints = endpoints ?? environment.named(EndpointFile.variable)
    if let network = network ?? environment.named("QUORATE_NETWORK") {
      return try FoundingFile(path: Self.registryFile(network), endpoints: endpoints)
    }
    guard let settings = try Settings.load(home) else {
      throw CommandFailure(
        .notFound, "no network is chosen", advice: "quorate network use <network.json>, or add --network <network.json>"
      )
    }
    return try FoundingFile(path: settings.registryFile, expecting: settings.network, endpoints: endpoints)
  }

  static func registryFile(_ path: String) -> String {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let file = exists && isFolder.boolValue ? path + "/network.json" : path
    return URL(fileURLWithPath: file).standardizedFileURL.path
  }
}

extension [String: String] {
  /// What a variable of the environment names; an empty one names nothing.
  func named(_ variable: String) -> String? { self[variable].flatMap { $0.isEmpty ? nil : $0 } }
}
