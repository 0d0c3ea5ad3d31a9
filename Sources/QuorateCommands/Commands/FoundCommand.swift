import ArgumentParser
import Attestation
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

  private static let documentLimit = 64 << 10

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
    if founding.acceptsNoProduct {
      console.warning(
        "sev-snp is allowed and no product of AMD's is named, so nobody with it is accepted: name one in `requirements` "
          + "before others have this document, or vote on a policy")
    }
    console.result(Self.json(founding, place, file)) { Self.text(founding, place, file) }
  }

  static func founding(
    _ bytes: [UInt8], at place: FoundedPlace?, name: String
  ) throws(CommandFailure) -> FoundingDocument {
    if place != nil, (try? JSONFields(JSONValue.parse(bytes, limit: documentLimit)))?.has("registry") == true {
      throw CommandFailure(
        .badInput, "\(name) says where the registry is, and so does --chain", advice: "leave `registry` out of it")
    }
    do throws(FormatError) {
      guard let place else { return try FoundingDocument(founding: bytes) }
      var terms = try FoundingTerms(draft: bytes)
      terms.registry = .chain(place.terms)
      return try FoundingDocument(terms)
    } catch {
      switch error {
      case .missing("registry"):
        throw CommandFailure(.badInput, "\(name) does not say where the registry is", advice: "on a chain: --chain")
      case .unexpectedMember:
        throw CommandFailure(
          .badInput, "\(name) has a member that no founding document has", advice: "docs/attestation.md shows one")
      case .invalid("finalityDepth"): throw CommandFailure.notDeepEnough
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

extension FoundingDocument {
  /// Whether evidence of SEV-SNP may count and none will.
  var acceptsNoProduct: Bool {
    evidenceKinds.contains(EvidenceKind.sevSNP.text) && requirements.snp.minimumFirmware.isEmpty
  }

  /// Refuses a network in which the newest block counts at once, as none is founded: what one block permits another may
  /// take back.
  func requireDepth() throws(CommandFailure) {
    guard isDeepEnough else { throw CommandFailure.notDeepEnough }
  }
}

extension CommandFailure {
  static var notDeepEnough: CommandFailure {
    CommandFailure(
      .badInput,
      "a block counts under 1 to 10000 others; at once in development networks alone, in which all evidence is "
        + "software", advice: "--finality-depth of network found: how deep the chain never replaces blocks")
  }
}
