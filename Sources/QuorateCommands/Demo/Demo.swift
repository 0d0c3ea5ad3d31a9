import Attestation
import Foundation
import Identifiers
import Membership
import Node
import Wire

/// The demo, step by step.
struct Demo: Sendable {
  let network: DemoNetwork
  let console: Console
  let nodeCount: Int
  /// What the demo's action asks; the network's founding document lets actions reach it.
  let service: DemoService

  var steps: StepDisplay { StepDisplay(console: console) }

  /// From nothing to a network that serves.
  func bringUp(_ processes: DemoProcesses) async throws {
    steps.heading("A network comes up")
    let measurement = try ThisProgram.measurement()
    try await steps.run("found", "Found the network") { step in
      let founder = DevnetFounder(
        layout: network.layout, clock: SystemClock(), endpoints: [try service.endpoint()])
      let founded =
        try await founder
        .found(nodes: nodeCount, measurement: measurement) { step.note($0) }
      step.fact("network", .text(founded.network))
      step.note("\(nodeCount) stakers, id \(founded.network.text.prefix(16))…")
    }
    let local = try await LocalNetwork(file: network.layout.registry)
    try await steps.run("start", "Start \(nodeCount) processes") { step in
      for folder in try network.layout.existingNodes() {
        processes.add(try NodeProcess.start(folder, .withThisProcess))
      }
      let pids = processes.all.map(\.pid)
      step.fact("pids", .array(pids.map { JSONValue(Int($0)) }))
      step.note("pids " + pids.map(String.init).joined(separator: " "))
    }
    let awakening = NetworkAwakening(
      layout: network.layout, network: local, ports: try processes.all.map { try $0.folder.adminPort() },
      casualties: { NodeCasualties.report(processes.alive) })
    _ = try await steps.run("boot", "Boot and measure themselves") { step in
      let statuses = try await awakening.boot(step)
      step.fact("measurement", .string(measurement.text))
      step.note("measurement \(measurement.text.prefix(16))…")
      return statuses
    }
    let linked = try await steps.run("attest", "Attest each other") { step in
      let statuses = try await awakening.link(step)
      step.fact("links", .array(statuses.flatMap(Self.links)))
      return statuses
    }
    show(linked, processes)
    let digest = try await steps.run("keys", "Generate keys, all nodes together") { step in
      let digest = try await awakening.generateKeys(step)
      step.fact("certificate", .text(digest))
      step.note("certificate \(digest.text.prefix(16))…, signed by all \(nodeCount)")
      return digest
    }
    try await steps.run("certify", "Operators verify and register it") { step in
      guard try await awakening.certify(step, nodeCount: nodeCount) == digest else {
        throw CommandFailure(.networkNotTrusted, "nodes show users another certificate than their operators")
      }
    }
  }

  func shutDown(_ processes: DemoProcesses) async throws {
    try await steps.run("stop", "Shut down") { step in
      let nodes = processes.alive
      let failed = await NodeShutdown.stop(nodes)
      guard failed.isEmpty else {
        let who = failed.sorted { $0.key < $1.key }.map { "node \($0.key): status \($0.value)" }
        throw CommandFailure(.processProblem, "not every node ended in order: \(who.joined(separator: ", "))")
      }
      step.note("\(nodes.count) processes ended in order")
    }
  }

  /// Who attested whom: every node names the peers it has verified, so each link stands here twice, once from each end.
  private func show(_ statuses: [ReportedStatus], _ processes: DemoProcesses) {
    let numbers = Dictionary(processes.all.map { ($0.id, $0.folder.number) }, uniquingKeysWith: { first, _ in first })
    for node in processes.all {
      guard let status = statuses.first(where: { $0.node == node.id }) else { continue }
      let peers = status.peers.filter(\.linked).compactMap { numbers[$0.node] }.sorted().map(String.init)
      console.line(
        console.styled("    node \(node.folder.number)  \(node.id)  verified \(peers.joined(separator: " "))", .faint))
    }
  }

  private static func links(_ status: ReportedStatus) -> [JSONValue] {
    status.peers.filter(\.linked).map {
      .object([JSONMember("by", .text(status.node)), JSONMember("verified", .text($0.node))])
    }
  }
}
