import ArgumentParser
import Foundation
import Identifiers
import Wire

struct DevnetDownCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(commandName: "down", abstract: "Stop the nodes.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var place: DevnetFolder

  @Option(help: "How many seconds a node may take to finish what it began.")
  var grace = 15

  func run(_ console: Console) async throws {
    let nodes = try place.layout.existingNodes().compactMap(\.runningProcess)
    let chain = ProcessMark(readFrom: place.layout.chainProcess)
    let marks = nodes + [chain].compactMap(\.self)
    for mark in marks { mark.send(SIGTERM) }
    let deadline = ContinuousClock.now + .seconds(grace)
    var forced = 0
    while marks.contains(where: \.isAlive) {
      if ContinuousClock.now > deadline {
        forced = marks.count { $0.send(SIGKILL) }
        break
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    for node in try place.layout.existingNodes() where node.runningProcess == nil {
      try? FileManager.default.removeItem(atPath: node.process)
    }
    console.result(.object([JSONMember("stopped", JSONValue(nodes.count)), JSONMember("forced", JSONValue(forced))])) {
      let ended = chain == nil ? "" : "; its chain ended, and the registry with it"
      return switch (nodes.count, forced) {
      case (0, _): "no node was running\(ended)"
      case (let count, 0): "\(count) nodes stopped\(ended)"
      case (let count, let forced): "\(count) nodes stopped, \(forced) processes by force\(ended)"
      }
    }
  }
}
