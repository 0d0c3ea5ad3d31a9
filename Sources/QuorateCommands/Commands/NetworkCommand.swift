import ArgumentParser
import ChainRegistry
import EthereumChain
import Identifiers
import Membership
import Signatures
import Wire

struct NetworkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "network", abstract: "Which network your commands mean, and what its registry says.",
    subcommands: [
      Use.self, Show.self, FoundCommand.self, DeployCommand.self, VerifyContractsCommand.self, ProposeCommand.self,
      ApproveCommand.self, EnactCommand.self,
    ])

  struct Use: ConsoleCommand {
    static let configuration = CommandConfiguration(
      abstract: "Choose a network by your own copy of its registry.",
      discussion:
        "The network id, the hash of the founding document, is remembered; another network's file is refused later.")
    @OptionGroup var common: CommonOptions

    @Argument(help: "The network.json, or the folder it is in.")
    var file: String

    func run(_ console: Console) async throws {
      let source = try FoundingFile(path: NetworkOptions.registryFile(file))
      try source.founding.requireDepth()
      let network = try await LocalNetwork(source)
      network.warn(console)
      try Settings(registryFile: network.file, network: network.id).save(common.homeFolder)
      console.result(network.json) { "network \(network.id)\n\(network.file)" }
    }
  }

  struct Show: ConsoleCommand {
    static let configuration = CommandConfiguration(abstract: "Show the chosen network.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions

    func run(_ console: Console) async throws {
      let network = try await networkOptions.open(common.homeFolder)
      network.warn(console)
      let snapshot = try network.snapshot()
      console.result(network.json(snapshot)) {
        let members = snapshot.members.map {
          [$0.node.text, "stake \(network.stakeText($0.stake))", $0.clientEndpoint.text]
        }
        return """
          network      \(network.id)
          name         \(network.founding.name)
          registry     \(network.file), update \(snapshot.number)
          \(network.place(of: snapshot))\
          epoch        \(snapshot.epoch)
          certificate  \(snapshot.certificateDigest?.text ?? "none yet")
          \(network.founding.reachable)members      \(snapshot.members.count)
            \(Columns.lines(members).joined(separator: "\n  "))
          """
      }
    }
  }
}

extension FoundingDocument {
  /// A line where actions reach something of the nodes' own machine.
  fileprivate var reachable: String {
    guard !developmentEndpoints.isEmpty else { return "" }
    return "actions may reach \(developmentEndpoints.map(\.text).joined(separator: ", ")) of the nodes' machine\n"
  }
}

extension LocalNetwork {
  /// On a chain stake is money.
  func stakeText(_ stake: UInt64) -> String { chain == nil ? "\(stake)" : CoinAmount.text(gwei: stake) }

  /// Lines that say where a registry on a chain is, and whether its network is paused.
  fileprivate func place(of snapshot: MembershipSnapshot) -> String {
    guard let chain, let position = snapshot.chain else { return "" }
    let pause = snapshot.isPaused ? snapshot.pausedUntil.map { "paused       until \($0.text)\n" } : nil
    return """
      chain        \(chain.terms.chainID), read at block \(position.block.number)
      staking      \(chain.terms.staking.checksumText)
        code       \(HexText.write(chain.terms.stakingCode.bytes))
      keys         \(chain.terms.keys.checksumText)
        code       \(HexText.write(chain.terms.keysCode.bytes))
      a block      counts under \(chain.terms.finalityDepth) others
      \(pause ?? "")
      """
  }

  private static func json(_ position: ChainPosition, _ terms: ChainRegistryTerms) -> JSONValue {
    .object([
      JSONMember("id", JSONValue(terms.chainID)), JSONMember("staking", .text(terms.staking)),
      JSONMember("keys", .text(terms.keys)), JSONMember("stakingCode", .string(HexText.write(terms.stakingCode.bytes))),
      JSONMember("keysCode", .string(HexText.write(terms.keysCode.bytes))),
      JSONMember("finalityDepth", JSONValue(terms.finalityDepth)),
      JSONMember("block", JSONValue(position.block.number)),
      JSONMember("blockHash", .text(position.block.hash)),
    ])
  }

  var json: JSONValue {
    .object([
      JSONMember("network", .text(id)), JSONMember("registry", .string(file)),
      JSONMember("development", .bool(founding.isDevelopment)),
    ])
  }

  func json(_ snapshot: MembershipSnapshot) -> JSONValue {
    let listed = snapshot.members.map {
      JSONValue.object([
        JSONMember("node", .text($0.node)), JSONMember("stake", JSONValue($0.stake)),
        JSONMember("client", .string($0.clientEndpoint.text)), JSONMember("peer", .string($0.peerEndpoint.text)),
      ])
    }
    let onChain =
      if let chain, let position = snapshot.chain {
        [
          JSONMember("chain", Self.json(position, chain.terms)),
          JSONMember("pausedUntil", snapshot.isPaused ? snapshot.pausedUntil.map { .string($0.text) } ?? .null : .null),
        ]
      } else { [JSONMember]() }
    let members = [
      JSONMember("network", .text(id)), JSONMember("name", .string(founding.name)),
      JSONMember("registry", .string(file)), JSONMember("number", JSONValue(snapshot.number)),
      JSONMember("epoch", JSONValue(snapshot.epoch)),
      JSONMember("certificate", snapshot.certificateDigest.map { .text($0) } ?? .null),
      JSONMember("development", .bool(founding.isDevelopment)),
      JSONMember("developmentEndpoints", .array(founding.developmentEndpoints.map { .string($0.text) })),
      JSONMember("members", .array(listed)),
    ]
    return .object(members + onChain)
  }
}
