import EthereumRPC
import Foundation

/// The file in which a user lists the endpoints of a chain, see `EndpointList`. May hold keys of providers.
enum EndpointFile {
  /// Of the environment; names the file.
  static let variable = "QUORATE_ENDPOINTS"

  static func path(beside file: String) -> String {
    URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("endpoints.json").path
  }

  static func read(_ path: String) throws(CommandFailure) -> EndpointList {
    guard PrivateFile.exists(path) else {
      throw CommandFailure(
        .notFound, "this network's registry is on a chain, and \(path) does not say whom to ask about it",
        advice: "list endpoints you trust there, or give --endpoints; docs/operating.md shows a list")
    }
    let bytes = try PrivateFile.read(path)
    do {
      return try EndpointList(decoding: bytes)
    } catch {
      throw CommandFailure(
        .badInput, "\(path) is not a list of endpoints: \(error)", advice: "docs/operating.md shows one")
    }
  }
}
