import ArgumentParser
import ChainRegistry
import EthereumChain
import Identifiers
import Membership
import Node
import Signatures
import Wire

struct NodeJoinCommand: StakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "join", abstract: "Register a node with its network's contract, and so ask the members to list it.",
    discussion: """
      Only who has staked is listed (quorate stake add). The members vote: quorate vote members --add 0x…. A member that \
      registers anew keeps its place with the former registration until they do.

      With --config the node's key is read from its vault, and the node must not run meanwhile. A node whose hardware \
      seals nothing has a new key at every start and says in its log what to register: give it with --identity-key, \
      --proof, --peer and --client, or as a file. The proof is checked.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var signer: SigningWalletOptions
  @OptionGroup var transaction: TransactionOptions
  @OptionGroup var said: SaidRegistration

  @Option(help: "The node's configuration file, as node init made it.")
  var config: String?

  @Option(help: "host:port where other nodes reach it; with --config left out: what that says.")
  var peer: String?

  @Option(help: "host:port where users reach it; with --config left out: what that says.")
  var client: String?

  func run(_ console: Console) async throws {
    let home = common.homeFolder
    let who = try transaction.signer { () throws(CommandFailure) in try signer.open(home) }.address
    let peer = try peer.map(Self.endpoint)
    let client = try client.map(Self.endpoint)
    let founding = try networkOptions.read(home).founding
    let registration: Registration
    if let config {
      guard said.isEmpty else {
        throw CommandFailure(
          .badInput, "--config and what a node said are two registrations", advice: "give one of them")
      }
      registration = try await kept(NodeFolder.readConfiguration(config), config, peer: peer, client: client)
    } else {
      registration = try said.registration(of: who, for: founding.network, peer: peer, client: client)
    }
    try registration.requireReachable(in: founding)
    guard registration.node.staker == who else {
      throw CommandFailure(
        .badInput, "the node belongs to \(registration.node.staker.checksumText), not to \(who.checksumText)",
        advice: "sign with its staker's wallet")
    }
    try await StakeCommand.order(self, "Register node \(registration.node) and its key.", console) {
      orders, _, _ in try orders.register(registration)
    }
  }

  /// Of the key in the node's vault.
  private func kept(
    _ configuration: NodeConfiguration, _ config: String, peer: Endpoint?, client: Endpoint?
  ) async throws -> Registration {
    let network = try await networkOptions.open(common.homeFolder)
    guard configuration.network == network.id else {
      throw CommandFailure(
        .badInput, "\(config) is of network \(configuration.network), and \(network.id) is chosen",
        advice: "choose the node's network with --network")
    }
    let preparation = NodePreparation(configuration)
    let kind = try preparation.kind(in: network.snapshot())
    return try await preparation.registration(kind: kind, peer: peer, client: client)
  }

  static func endpoint(_ text: String) throws(CommandFailure) -> Endpoint {
    guard let endpoint = try? Endpoint(text: text) else {
      throw CommandFailure(.badInput, "\(text) is not host:port", advice: "for example node.example:7100")
    }
    return endpoint
  }
}

struct NodeLeaveCommand: StakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "leave", abstract: "Leave the list of members at once.",
    discussion: """
      The other nodes stop speaking to it when they have read that. Its share of the epoch's keys is missing from then \
      on; the stake can be taken out (quorate stake unstake).
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var signer: SigningWalletOptions
  @OptionGroup var transaction: TransactionOptions

  func run(_ console: Console) async throws {
    try await StakeCommand.order(self, "Leave the list of members.", console) { orders, _, _ in try orders.leave() }
  }
}
