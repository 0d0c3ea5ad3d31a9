import ArgumentParser
import Attestation
import Identifiers
import Membership
import Wire

struct DevnetInitCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Set a development network up in a folder.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var place: DevnetFolder

  @Option(help: "How many nodes.")
  var nodes = 5

  func run(_ console: Console) async throws {
    let layout = place.layout
    let steps = StepDisplay(console: console)
    console.warning(LocalNetwork.developmentNotice)
    let founded = try await steps.run("found", "Found the network") { step in
      let founded = try await DevnetFounder(layout: layout, clock: SystemClock())
        .found(nodes: nodes, measurement: ThisProgram.measurement()) { step.note($0) }
      step.note("\(nodes) nodes, id \(founded.network.text.prefix(16))…")
      return founded
    }
    console.result(
      .object([
        JSONMember("network", .text(founded.network)), JSONMember("registry", .string(layout.registry)),
        JSONMember("nodes", .array(founded.snapshot.members.map { .text($0.node) })),
        JSONMember("measurement", .string(founded.measurement.text)),
      ])
    ) {
      "\nStart it with: quorate devnet up \(place.folder)"
    }
  }
}
