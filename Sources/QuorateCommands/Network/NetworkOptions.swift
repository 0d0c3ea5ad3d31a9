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

  /// Opens the network's registry.
  ///
  /// What `network use` chose is held to the network id it had then. A file named in the command or the environment is
  /// the user's own copy of the founding document, and decides by itself.
  func open(
    _ home: HomeFolder, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(CommandFailure) -> LocalNetwork {
    if let network { return try LocalNetwork(file: Self.registryFile(network)) }
    if let variable = environment["QUORATE_NETWORK"], !variable.isEmpty {
      return try LocalNetwork(file: Self.registryFile(variable))
    }
    guard let settings = try Settings.load(home) else {
      throw CommandFailure(
        .notFound, "no network is chosen", advice: "quorate network use <network.json>, or add --network <network.json>"
      )
    }
    return try LocalNetwork(file: settings.registryFile, expecting: settings.network)
  }

  static func registryFile(_ path: String) -> String {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let file = exists && isFolder.boolValue ? path + "/network.json" : path
    return URL(fileURLWithPath: file).standardizedFileURL.path
  }
}
