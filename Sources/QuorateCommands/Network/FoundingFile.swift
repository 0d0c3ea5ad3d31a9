import EthereumRPC
import Identifiers
import Membership

/// A network's file as far as nobody has to be asked: its founding document and, where the registry is on a chain, whom
/// to ask about that.
struct FoundingFile: Sendable {
  let path: String
  let founding: FoundingDocument
  /// Nil where the registry is a file.
  let endpoints: EndpointList?

  /// - Parameters:
  ///   - expected: the network the user chose before; nil when the file itself is the choice.
  ///   - endpoints: the file that lists the endpoints of a chain; nil for `endpoints.json` beside the network's.
  init(path: String, expecting expected: NetworkID? = nil, endpoints: String? = nil) throws(CommandFailure) {
    let founding: FoundingDocument
    do {
      founding = try RegistryDocument(decoding: RegistryFile(path: path).read().bytes).founding
    } catch let error as RegistryStorageError {
      throw .file(path, "cannot be read", errno: error.errorNumber)
    } catch {
      throw CommandFailure(.badInput, "\(path) is not a registry", advice: "give the network.json of a network")
    }
    if let expected, founding.network != expected {
      throw CommandFailure(
        .networkNotTrusted, "\(path) is another network's now: \(founding.network), and \(expected) was chosen",
        advice: "if you want that one: quorate network use \(path)")
    }
    self.path = path
    self.founding = founding
    self.endpoints =
      founding.registry == .file ? nil : try EndpointFile.read(endpoints ?? EndpointFile.path(beside: path))
  }
}
