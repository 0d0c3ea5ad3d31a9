import ArgumentParser
import EthereumRPC
import Foundation
import Identifiers
import Node
import Synchronization
import Wire

struct DevnetUpCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "up", abstract: "Start the nodes, each as a process of its own, and wait until they serve.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var place: DevnetFolder

  @Option(help: "How many seconds to wait for each step.")
  var patience = 60

  @Flag(
    help: """
      Keep the registry in contracts on a chain of this machine, which lives in memory as long as its process. A folder \
      that holds no network gets one.
      """)
  var chain = false

  @Option(help: "With --chain, of a new network: how many nodes.")
  var nodes = 5

  func run(_ console: Console) async throws {
    let layout = place.layout
    let steps = StepDisplay(console: console)
    let network: LocalNetwork
    if chain, !PrivateFile.exists(layout.registry) {
      console.warning(LocalNetwork.developmentNotice)
      network = try await steps.run("found", "Found the network on a chain") { step in
        let founder = DevnetChainFounder(founder: DevnetFounder(layout: layout, clock: SystemClock()))
        let founded = try await founder.found(nodes: nodes, measurement: ThisProgram.measurement()) { step.note($0) }
        step.note("\(nodes) nodes, id \(founded.network.id.text.prefix(16))…, \(founded.chain.url.text)")
        step.fact("chain", .string(founded.chain.url.text))
        return founded.network
      }
    } else {
      try layout.requireChain(wanted: chain)
      network = try await LocalNetwork(file: layout.registry)
      network.warn(console)
    }
    let folders = try layout.existingNodes()

    let started = try await steps.run("start", "Start the nodes") { step in
      if try await MeasurementUpdate(layout: layout, network: network)
        .allow(ThisProgram.measurement(), nodeCount: folders.count)
      {
        step.fact("measurementUpdated", .bool(true))
      }
      let started = try folders.filter { $0.runningProcess == nil }.map(start)
      step.note(
        started.count == folders.count
          ? "\(started.count) processes" : "\(started.count) started, \(folders.count - started.count) ran already")
      return started
    }
    let awakening = NetworkAwakening(
      layout: layout, network: network, ports: try folders.map { try $0.adminPort() },
      casualties: { NodeCasualties.report(started) }, patience: .seconds(patience))
    try await awakening.show(steps, nodeCount: folders.count)

    let isChosen = try choose(network)
    console.result(network.json) {
      let option = isChosen ? "" : " --network \(place.folder)"
      let payment =
        network.chain == nil
        ? "" : "\nA wallet pays for its keys: quorate wallet create, quorate devnet fund \(place.folder) 0x…"
      return """

        The network serves. Try: quorate key create --scheme ed25519\(option)\(payment)
        Stop it with: quorate devnet down \(place.folder)
        """
    }
  }

  /// Makes it the network the user's commands mean, unless another one was chosen before.
  private func choose(_ network: LocalNetwork) throws(CommandFailure) -> Bool {
    if let settings = try Settings.load(common.homeFolder) { return settings.network == network.id }
    try Settings(registryFile: network.file, network: network.id).save(common.homeFolder)
    return true
  }

  private func start(_ folder: NodeFolder) throws(CommandFailure) -> NodeProcess {
    let node = try NodeProcess.start(folder, .detached)
    if let mark = ProcessMark(observing: node.pid) { try folder.record(mark) }
    return node
  }
}

extension NodeFolder {
  func adminPort() throws(CommandFailure) -> UInt16 {
    let address = try readConfiguration().adminAddress
    guard let port = UInt16(exactly: address.port), port > 0 else {
      throw CommandFailure(.badInput, "\(configuration) names no fixed admin port")
    }
    return port
  }
}

/// Says which of our node processes ended although nobody asked them to.
enum NodeCasualties {
  static func report(_ nodes: [NodeProcess]) -> String? {
    for node in nodes {
      guard let status = node.exitStatus else { continue }
      let words = node.lastWords().map { "\n  " + $0 }.joined()
      return "node \(node.folder.number) ended with status \(status)\(words)"
    }
    return nil
  }
}

extension NetworkAwakening {
  /// All steps in order, each shown.
  func show(_ steps: StepDisplay, nodeCount: Int) async throws {
    _ = try await steps.run("boot", "Wait for the nodes to boot") { try await boot($0) }
    _ = try await steps.run("link", "Wait for them to attest each other") { try await link($0) }
    let digest = try await steps.run("keys", "Wait for the network's keys") { try await generateKeys($0) }
    try await steps.run("certify", "Verify and register the certificate") { step in
      guard try await certify(step, nodeCount: nodeCount) == digest else {
        throw CommandFailure(.networkNotTrusted, "nodes show users another certificate than their operators")
      }
    }
  }
}

extension DevnetLayout {
  /// A chain in memory does not come back.
  func requireChain(wanted: Bool) throws(CommandFailure) {
    guard PrivateFile.exists(chainProcess) else {
      guard !wanted else {
        throw CommandFailure(
          .alreadyExists, "\(folder) holds a network whose registry is a file", advice: "choose another folder")
      }
      return
    }
    guard ProcessMark(readFrom: chainProcess) != nil else {
      throw CommandFailure(
        .networkUnavailable, "the chain of this network ended, and the registry with it",
        advice: "choose another folder: quorate devnet up --chain <folder>")
    }
  }
}
