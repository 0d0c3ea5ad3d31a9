import ArgumentParser
import Identifiers
import Membership
import Wire

struct FoundCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "found", abstract: "Found a network by a founding document, and write its registry.",
    discussion: """
      DOCUMENT is kept byte for byte: its hash is the network's id, so whoever has the same document means the same \
      network. docs/operating.md shows one. For a network to try things out: quorate devnet init.
      """)
  @OptionGroup var common: CommonOptions

  @Option(help: "Where to write the registry, network.json.")
  var out: String

  @Argument(help: "The founding document, as JSON.")
  var document: String

  func run(_ console: Console) async throws {
    let founding: FoundingDocument
    do {
      founding = try FoundingDocument(decoding: PrivateFile.read(document))
    } catch let error as FormatError {
      throw CommandFailure(
        .badInput, "\(document) is not a founding document: \(error)", advice: "docs/operating.md shows one")
    }
    do throws(RegistryTrouble) {
      try await RegistryWriter(storage: RegistryFile(path: out), clock: SystemClock()).found(founding)
    } catch {
      throw CommandFailure.registry(error, file: out)
    }
    let network = try await LocalNetwork(file: out)
    network.warn(console)
    console.result(network.json) { "network \(network.id)\n\(network.file)" }
  }
}
