import ArgumentParser
import Attestation
import Foundation
import Identifiers
import Membership
import Node
import Wire

struct NodeInitCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Prepare a node: its configuration, its identity key, and its registration.",
    discussion: """
      The registration it prints goes into the network's list of members, which the stakers sign. \
      The identity key is made here and only ever stored sealed.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions

  @Option(help: "The address of the staker the node belongs to, 0x and 40 hex digits.")
  var staker: String

  @Option(help: "Folder for the configuration and the vault; made when it is not there.")
  var folder: String

  @Option(help: "PEM file with the software attester's credentials (development networks); left out: hardware.")
  var attester: String?

  @Option(help: "File with the certificate of the key that signs SEV-SNP reports, where the host hands out none.")
  var certificate: String?

  @Option(help: "host:port to serve users on.")
  var client = "127.0.0.1:7000"

  @Option(help: "host:port for other nodes.")
  var peer = "127.0.0.1:7100"

  @Option(help: "host:port where users reach it, where that is not --client. (default: --client)")
  var advertiseClient: String?

  @Option(help: "host:port where other nodes reach it, where that is not --peer. (default: --peer)")
  var advertisePeer: String?

  @Option(help: "host:port for the operator; a loopback address.")
  var admin = "127.0.0.1:7200"

  func run(_ console: Console) async throws {
    let source = try networkOptions.read(common.homeFolder)
    try source.founding.requireDepth()
    let network = try await LocalNetwork(source)
    network.warn(console)
    let folder = NodeFolder(number: 0, path: URL(fileURLWithPath: folder).standardizedFileURL.path)
    var configuration = NodeConfiguration(
      network: network.id, node: NodeID(staker: try WalletText.address(staker)), registry: network.access,
      data: folder.data,
      attestation: try attestation(),
      clientAddress: try address(client), peerAddress: try address(peer), adminAddress: try address(admin))
    if advertiseClient != nil || advertisePeer != nil {
      configuration.advertised = AdvertisedEndpoints(
        client: try NodeJoinCommand.endpoint(advertiseClient ?? client),
        peer: try NodeJoinCommand.endpoint(advertisePeer ?? peer))
    }
    guard configuration.adminAddress.isLoopback else {
      throw CommandFailure(
        .badInput, "\(admin) can be reached from elsewhere", advice: "use 127.0.0.1:<port> for --admin")
    }
    let preparation = NodePreparation(configuration)
    let kind = attester == nil ? try preparation.kind(in: network.snapshot()) : .software
    for path in [folder.path, folder.data] { try PrivateFile.createFolder(path) }
    try PrivateFile.write(configuration.encoded, to: folder.configuration, overwriting: false)
    let registration = try await preparation.registration(kind: kind)
    console.result(json(registration, folder)) {
      """
      node            \(registration.node)
      identity key    \(Base64URL.encode(registration.identityKey))
      peers reach it  \(registration.peerEndpoint)
      users reach it  \(registration.clientEndpoint)
      proof           \(Base64URL.encode(registration.proof))

      \(network.chain == nil ? "" : "Register it: quorate node join --config \(folder.configuration)\n")\
      When the stakers have listed it: quorate node run --config \(folder.configuration)
      """
    }
  }

  private func attestation() throws(CommandFailure) -> NodeConfiguration.Attestation {
    func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
    guard let attester else { return .hardware(HardwareAttestation(certificate: certificate.map(absolute))) }
    guard certificate == nil else {
      throw CommandFailure(.badInput, "--attester and --certificate exclude each other", advice: "give one of them")
    }
    return .software(credentials: absolute(attester))
  }

  private func address(_ text: String) throws(CommandFailure) -> ListenAddress {
    guard let address = ListenAddress(text: text) else {
      throw CommandFailure(.badInput, "\(text) is not host:port", advice: "for example 127.0.0.1:7000")
    }
    return address
  }

  private func json(_ registration: Registration, _ folder: NodeFolder) -> JSONValue {
    .object([
      JSONMember("node", .text(registration.node)),
      JSONMember("identityKey", .base64URL(registration.identityKey)),
      JSONMember("peer", .string(registration.peerEndpoint.text)),
      JSONMember("client", .string(registration.clientEndpoint.text)),
      JSONMember("proof", .base64URL(registration.proof)),
      JSONMember("configuration", .string(folder.configuration)),
    ])
  }
}

struct NodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node", abstract: "Prepare and run one node.",
    subcommands: [NodeInitCommand.self, NodeRunCommand.self, NodeJoinCommand.self, NodeLeaveCommand.self])
}
