import ArgumentParser
import Client
import Identifiers
import Membership
import Node
import Wire

struct DevnetStatusCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show the nodes, their links, the epoch and the key certificate.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var place: DevnetFolder

  private struct Row {
    var node: NodeID
    var pid: Int32?
    var proved: String
    var status: ReportedStatus?
  }

  func run(_ console: Console) async throws {
    let folders = try place.layout.existingNodes()
    try place.layout.requireChain(wanted: false)
    let network = try await LocalNetwork(file: place.layout.registry)
    network.warn(console)
    let snapshot = try network.snapshot()
    let client = network.client(nil)
    // What a node proves to a user, next to what it says about itself to its operator.
    let standings = try await client.survey()
    await client.close()
    var rows: [Row] = []
    for folder in folders {
      let node = try folder.readConfiguration().node
      let proved =
        switch standings[node] {
        case .verified: "attested"
        case .unverified(let failure): failure.text
        case nil: "not a member"
        }
      rows.append(
        Row(
          node: node, pid: folder.runningProcess?.pid, proved: proved,
          status: await ReportedStatus.fetch(port: try folder.adminPort())))
    }
    console.result(json(network, snapshot, rows)) { text(network, snapshot, rows) }
  }

  private func text(_ network: LocalNetwork, _ snapshot: MembershipSnapshot, _ rows: [Row]) -> String {
    var table = [["node", "process", "instance", "links", "ecdsa pairs", "actions", "serves", "proves itself"]]
    for row in rows {
      var cells = [row.node.text, row.pid.map(String.init) ?? "–"]
      if let status = row.status {
        cells.append(status.instance.text.prefix(10) + "…")
        cells.append("\(status.linkCount) of \(snapshot.members.count - 1)")
        cells.append(status.pairSetups.map { "\($0.ready) of \($0.total)" } ?? "–")
        cells.append(status.actions ?? "–")
        cells.append(status.ready ? "yes" : status.reason ?? "no")
      } else {
        cells += ["–", "–", "–", "–", "–"]
      }
      table.append(cells + [row.proved])
    }
    return """
      network      \(network.id)
      epoch        \(snapshot.epoch)
      certificate  \(snapshot.certificateDigest?.text ?? "none yet")

      \(Columns.lines(table).joined(separator: "\n"))
      """
  }

  private func json(_ network: LocalNetwork, _ snapshot: MembershipSnapshot, _ rows: [Row]) -> JSONValue {
    let nodes = rows.map { row in
      JSONValue.object([
        JSONMember("node", .text(row.node)), JSONMember("pid", row.pid.map { JSONValue(Int($0)) } ?? .null),
        JSONMember("instance", row.status.map { .text($0.instance) } ?? .null),
        JSONMember("links", row.status.map { JSONValue($0.linkCount) } ?? .null),
        JSONMember("pairSetups", row.status?.pairSetups.map { JSONValue($0.ready) } ?? .null),
        JSONMember("actions", row.status?.actions.map { .string($0) } ?? .null),
        JSONMember("ready", .bool(row.status?.ready ?? false)), JSONMember("proof", .string(row.proved)),
      ])
    }
    return .object([
      JSONMember("network", .text(network.id)), JSONMember("epoch", JSONValue(snapshot.epoch)),
      JSONMember("certificate", snapshot.certificateDigest.map { .text($0) } ?? .null),
      JSONMember("nodes", .array(nodes)),
    ])
  }
}
