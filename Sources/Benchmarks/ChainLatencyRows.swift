internal import Node
internal import QuorateCommands

/// How long after a change of the registry is in a block every node of a network acts on it.
///
/// Five processes and the project's own chain, all of this machine. A block comes every second, one must lie on it before
/// it counts, and nodes look every second: so this is mostly waiting, as it would be on any chain.
enum ChainLatencyRows {
  private static let sampleCount = 15
  private static let nodeCount = 5

  static func rows(program: String) async throws -> [Row] {
    let network = try await ProcessNetwork.start(
      program: program, nodes: nodeCount, limits: NodeLimits(), onChain: true)
    do {
      var times: [Duration] = []
      for _ in 0..<sampleCount { times.append(try await network.chainLatency()) }
      await network.stop()
      times.sort()
      let median = times[times.count / 2] / .milliseconds(1)
      let longest = (times.last ?? .zero) / .milliseconds(1)
      return [
        Row(
          op: "registry on a chain, block to every node", n: nodeCount, t: nodeCount * 2 / 3 + 1, wallMedian: median,
          cpuPerParty: 0, bytesPerParty: 0, rounds: 0,
          note: "blocks every 1 s, depth 1, nodes look every 1 s; longest of \(sampleCount): \(Int(longest)) ms")
      ]
    } catch {
      await network.stop()
      throw error
    }
  }
}
