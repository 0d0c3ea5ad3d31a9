import ArgumentParser
import EthereumChain
import Identifiers
import Membership
import Signatures
import Wire

struct FoundCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "found", abstract: "Found a network by a founding document, and write its registry.",
    discussion: """
      DOCUMENT is kept byte for byte: its hash is the network's id, so whoever has the same document means the same \
      network. docs/attestation.md shows one. For a network to try things out: quorate devnet init.

      With --chain the registry will be in two contracts, and DOCUMENT leaves the member `registry` out: it is made here, \
      with the contracts' addresses, and the network.json is what everybody gets a copy of. Until the contracts are there \
      the deployer sends nothing else. Next: quorate network deploy.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var chain: ChainFoundingOptions

  @Option(help: "Where to write the registry, network.json.")
  var out: String

  @Argument(help: "The founding document, as JSON.")
  var document: String

  func run(_ console: Console) async throws {
    let file = NetworkOptions.registryFile(out)
    let place = try await chain.place(besideFile: file)
    let founding = try Self.founding(PrivateFile.read(document), at: place, name: document)
    do throws(RegistryTrouble) {
      try await RegistryWriter(storage: RegistryFile(path: file), clock: SystemClock()).found(founding)
    } catch {
      throw CommandFailure.registry(error, file: file)
    }
    founding.warn(console)
    console.result(Self.json(founding, place, file)) { Self.text(founding, place, file) }
  }

  static func founding(
    _ bytes: [UInt8], at place: FoundedPlace?, name: String
  ) throws(CommandFailure) -> FoundingDocument {
    do throws(FormatError) {
      guard let place else { return try FoundingDocument(founding: bytes) }
      var terms = try FoundingTerms(draft: bytes)
      terms.registry = .chain(place.terms)
      return try FoundingDocument(terms)
    } catch {
      switch error {
      case .missing("registry"):
        throw CommandFailure(.badInput, "\(name) does not say where the registry is", advice: "on a chain: --chain")
      case .unexpectedMember where place != nil:
        throw CommandFailure(
          .badInput, "\(name) has a member too many; with --chain it says nothing of a registry",
          advice: "leave `registry` out of it")
      case .invalid("finalityDepth"):
        throw CommandFailure(
          .badInput,
          "a block counts under 1 to 10000 others; at once in development networks alone, in which all "
            + "evidence is software", advice: "--finality-depth: how deep the chain never replaces blocks")
      default:
        throw CommandFailure(
          .badInput, "\(name) is not a founding document: \(error)", advice: "docs/attestation.md shows one")
      }
    }
  }

  private static func json(_ founding: FoundingDocument, _ place: FoundedPlace?, _ file: String) -> JSONValue {
    var members = [
      JSONMember("network", .text(founding.network)), JSONMember("registry", .string(file)),
      JSONMember("development", .bool(founding.isDevelopment)),
    ]
    if case .chain(let terms) = founding.registry {
      members += [
        JSONMember("staking", .text(terms.staking)), JSONMember("keys", .text(terms.keys)),
        JSONMember("stakingCode", .string(HexText.write(terms.stakingCode.bytes))),
        JSONMember("keysCode", .string(HexText.write(terms.keysCode.bytes))),
      ]
    }
    if let place {
      members += [JSONMember("deployer", .text(place.deployer)), JSONMember("nonce", JSONValue(place.nonce))]
    }
    return .object(members)
  }

  private static func text(_ founding: FoundingDocument, _ place: FoundedPlace?, _ file: String) -> String {
    var lines = ["network \(founding.network)", file]
    if case .chain(let terms) = founding.registry {
      lines += [
        "staking \(terms.staking.checksumText), code \(HexText.write(terms.stakingCode.bytes))",
        "keys    \(terms.keys.checksumText), code \(HexText.write(terms.keysCode.bytes))",
      ]
    }
    if let place {
      lines += [
        "",
        "The contracts are at these addresses if transactions \(place.nonce) and \(place.nonce &+ 1) of "
          + "\(place.deployer.checksumText) make them:",
        "quorate network deploy --network \(file)",
      ]
    }
    return lines.joined(separator: "\n")
  }
}
