import ArgumentParser
import Foundation
import Identifiers
import Wire

struct DemoCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Start five nodes on this machine, sign and decrypt with them, and show what happens.",
    discussion: "Everything lies in a temporary folder and is gone afterwards. Exit status 0 only if all of it worked.")

  @OptionGroup var common: CommonOptions

  @Option(help: "How many nodes.")
  var nodes = 5

  @Flag(help: "Keep the folder with logs, wallets and files.")
  var keep = false

  func run(_ console: Console) async throws {
    let network = try DemoNetwork()
    defer {
      if keep { console.notice("kept: \(network.folder)") } else { network.removeFiles() }
    }
    console.line(console.styled("Quorate demo: \(nodes) nodes, none of which ever has a key", .bold))
    console.warning(LocalNetwork.developmentNotice)
    console.event(
      .object([
        JSONMember("event", .string("start")), JSONMember("nodes", JSONValue(nodes)),
        JSONMember("development", .bool(true)),
      ]))

    let service = try DemoService()
    defer { service.stop() }
    let demo = Demo(network: network, console: console, nodeCount: nodes, service: service)
    let processes = DemoProcesses()
    do {
      try await demo.bringUp(processes)
      try await demo.use(processes)
    } catch {
      _ = await NodeShutdown.stop(processes.all, grace: .seconds(2))
      throw CommandFailure(error)
    }
    try await demo.shutDown(processes)
    console.result(
      .object([
        JSONMember("event", .string("done")), JSONMember("ok", .bool(true)),
        JSONMember("milliseconds", .integer(console.elapsed().milliseconds)),
      ])
    ) {
      "\n" + console.styled("Everything worked", .green) + ", in \(console.elapsed().text)."
    }
  }
}
