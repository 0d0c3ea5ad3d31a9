internal import ActionNames
internal import Actions
internal import Foundation

/// Many actions in a row, of every kind of end: whether anything of them stays in the process that ran them.
enum ActionSoak {
  private static let count = 10_000
  private static let portion = 1000
  /// What a heap that is used again and again may differ by.
  private static let tolerance = 2_000_000

  private static let codes = [
    "0;",
    "console.log('x'.repeat(10000)); Lit.Actions.setResponse({ response: 'y'.repeat(10000) });",
    "throw new Error('over');",
    "Lit.Actions.getRpcUrl({ chain: 'none' });",
    "fetch('https://example.com').catch(() => {});",
    "new Promise(() => {});",
  ]

  private struct Remains {
    var memory: Int
    var descriptors: Int
  }

  static func measure(_ machine: ActionMachine) async throws -> (rows: [Row], targets: [Target]) {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let (remains, time) = try await ActionStage.run(machine, bare: 2 * cores) { stage in
      var remains: [Remains] = []
      let time = try await Stopwatch.sample {
        for portionNumber in 1...(count / portion) {
          try await runPortion(stage, tasks: cores)
          try await stage.settle()
          let now = Remains(memory: ProcessMemory.residentBytes, descriptors: ProcessMemory.descriptorCount)
          remains.append(now)
          print(
            "  \(portionNumber * portion) actions: \(megabytes(now.memory)) MB, \(now.descriptors) descriptors")
        }
      }
      return (remains, time)
    }
    guard let last = remains.last, remains.count > 2 else { throw BenchmarkFailure.action("nothing was run") }
    // The first portions fill what is kept for the next ones.
    let settled = remains[1]
    let (memory, descriptors) = (last.memory - settled.memory, last.descriptors - settled.descriptors)
    let figure = "\(megabytes(memory)) MB, \(descriptors) descriptors from the \(2 * portion)th to the last"
    let op = "action, \(count) in a row"
    let row = Row(
      op: op, n: 1, t: 1, wallMedian: time.wallMilliseconds / Double(count),
      cpuPerParty: time.cpuMilliseconds / Double(count), bytesPerParty: 0, rounds: 0,
      note: "per action; growth \(figure); memory \(remains.map { megabytes($0.memory) }.joined(separator: " ")) MB")
    let target = Target(
      name: op, wanted: "no growth of memory (\(megabytes(tolerance)) MB) and descriptors", figure: figure,
      isReached: memory <= tolerance && descriptors <= 0)
    return ([row], [target])
  }

  private static func runPortion(_ stage: ActionStage, tasks: Int) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<tasks {
        group.addTask {
          for number in stride(from: task, to: portion, by: tasks) {
            let outcome = await stage.outcome(of: codes[number % codes.count], operations: TimedOperations())
            switch outcome.failure {
            case nil, .code: break
            case let failure?: throw BenchmarkFailure.action("\(failure)")
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private static func megabytes(_ bytes: Int) -> String { (Double(bytes) / 1e6).decimal(1) }
}
