internal import ActionNames
internal import Actions
internal import Foundation

/// What it costs to run an action in a sandboxed process of its own, as a node does it.
enum ActionRows {
  private static let asking = "Lit.Actions.getRpcUrl({ chain: \"none\" });"
  /// Names a global of the libraries, which gets it a worker with them.
  private static let askingWithLibraries = "typeof ethers;" + asking
  private static let empty = "0;"

  struct Outcome {
    var rows: [Row] = []
    var targets: [Target] = []

    fileprivate mutating func add(_ row: Row, _ target: Target) {
      rows.append(row)
      targets.append(target)
    }
  }

  static func measure(_ machine: ActionMachine) async throws -> Outcome {
    var outcome = Outcome()
    try await ActionStage.run(machine, bare: 2) { stage in
      try await warm(stage, &outcome)
      try await roundTrip(stage, &outcome)
      try await overrun(stage, &outcome)
    }
    try await cold("bare", asking, most: 50, machine, &outcome)
    if !machine.libraries.isEmpty {
      try await cold("with libraries", askingWithLibraries, most: 120, machine, &outcome)
    }
    try await memory("bare", bare: 8, withLibraries: 0, most: 25, machine, &outcome)
    if !machine.libraries.isEmpty {
      try await memory("with libraries", bare: 0, withLibraries: 8, most: 40, machine, &outcome)
    }
    try await throughput(machine, &outcome)
    return outcome
  }

  // MARK: Time

  private static func warm(_ stage: ActionStage, _ outcome: inout Outcome) async throws {
    var first: [Double] = []
    var whole: [Double] = []
    var used: [Double] = []
    // The first runs are not counted: this process does everything for the first time, too.
    for turn in -5..<200 {
      try await stage.settle()
      let operations = TimedOperations()
      let start = ContinuousClock.now
      try await stage.run(asking, operations: operations)
      guard let asked = operations.times.first else { throw BenchmarkFailure.action("nothing was asked") }
      if turn >= 0 { first.append((asked - start).milliseconds) }

      try await stage.settle()
      let time = try await Stopwatch.sample { try await stage.run(empty) }
      guard turn >= 0 else { continue }
      whole.append(time.wallMilliseconds)
      used.append(time.cpuMilliseconds)
    }
    let (p50, p99) = (first.median, first.quantile(0.99))
    outcome.add(
      row("action, order to first operation", first, "a worker waits; \(spread(first))"),
      Target(
        name: "action, order to first operation", wanted: "p50 of 1 ms, p99 of 5 ms or less",
        figure: "p50 \(p50.decimal(2)) ms, p99 \(p99.decimal(2)) ms", isReached: p50 <= 1 && p99 <= 5))
    var all = row("action, empty, all of it in a node", whole, "a worker waits; \(spread(whole))")
    all.cpuPerParty = used.median
    outcome.add(all, most("action, empty, all of it in a node", whole.median, 5))
  }

  /// From one request of an action to its next, when it waits for each answer.
  private static func roundTrip(_ stage: ActionStage, _ outcome: inout Outcome) async throws {
    let count = 2000
    var limits = ActionLimits()
    limits.broadcasts = count
    limits.operations = count
    let operations = TimedOperations()
    try await stage.settle()
    let code = """
      (async () => {
        const value = "x".repeat(1024);
        for (let turn = 0; turn < \(count); turn++) await Lit.Actions.broadcastAndCollect({ name: "n", value });
      })();
      """
    let time = try await Stopwatch.sample { try await stage.run(code, limits: limits, operations: operations) }
    let times = Array(operations.times.dropFirst(count / 10))
    let trips = zip(times, times.dropFirst()).map { ($1 - $0).milliseconds }
    var trip = row("action, operation of 1 KB", trips, "there and back, 1 KB each; \(spread(trips))")
    trip.cpuPerParty = time.cpuMilliseconds / Double(count)
    outcome.add(trip, most("action, operation of 1 KB", trips.median, 0.1, digits: 3))
  }

  private static func overrun(_ stage: ActionStage, _ outcome: inout Outcome) async throws {
    var limits = ActionLimits()
    limits.time = .milliseconds(500)
    var late: [Double] = []
    for _ in 0..<10 {
      try await stage.settle()
      let start = ContinuousClock.now
      let ended = await stage.outcome(of: "for (;;) {}", limits: limits)
      guard ended.failure == .limit(.time) else {
        throw BenchmarkFailure.action("a loop was not ended by its deadline")
      }
      late.append((ContinuousClock.now - start - limits.time).milliseconds)
    }
    outcome.add(
      row("action, time beyond its deadline", late, "a loop without an end, until its outcome; \(spread(late))"),
      most("action, time beyond its deadline, longest of \(late.count)", late.quantile(1), 20))
  }

  /// Nobody waits: the worker is started for the run. Includes what a warm one takes to its first operation.
  private static func cold(
    _ name: String, _ code: String, most limit: Double, _ machine: ActionMachine, _ outcome: inout Outcome
  ) async throws {
    let samples = try await ActionStage.run(machine) { stage in
      try await stage.settle()
      var samples: [Double] = []
      for turn in -2..<25 {
        let operations = TimedOperations()
        let start = ContinuousClock.now
        try await stage.run(code, operations: operations)
        guard let asked = operations.times.first else { throw BenchmarkFailure.action("nothing was asked") }
        if turn >= 0 { samples.append((asked - start).milliseconds) }
      }
      return samples
    }
    let op = "action, cold start, \(name)"
    outcome.add(row(op, samples, "until its first operation; \(spread(samples))"), most(op, samples.median, limit))
  }

  // MARK: Space

  private static func memory(
    _ name: String, bare: Int, withLibraries: Int, most limit: Double, _ machine: ActionMachine,
    _ outcome: inout Outcome
  ) async throws {
    let perWorker = try await ActionStage.run(machine, bare: bare, withLibraries: withLibraries) { stage in
      try await stage.settle()
      return ProcessMemory.proportionalBytes(ofChildrenOf: getpid()).map {
        Double($0) / Double(bare + withLibraries) / 1e6
      }
    }
    let op = "action, memory of a waiting worker, \(name)"
    guard let perWorker else {
      outcome.targets.append(
        Target(name: op, wanted: "\(limit.decimal(0)) MB or less", figure: "not readable here", isReached: false))
      return
    }
    outcome.add(
      Row(
        op: op, n: 1, t: 1, wallMedian: 0, cpuPerParty: 0, bytesPerParty: 0, rounds: 0,
        note: "\(perWorker.decimal(1)) MB: proportional set size of all its processes, eight workers waiting"),
      Target(
        name: op, wanted: "\(limit.decimal(0)) MB or less", figure: "\(perWorker.decimal(1)) MB",
        isReached: perWorker <= limit))
  }

  // MARK: Rate

  /// Every execution starts a process, so it is compared with starts of that program alone, as many at once.
  private static func throughput(_ machine: ActionMachine, _ outcome: inout Outcome) async throws {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let duration = Duration.seconds(10)
    let executions = try await ActionStage.run(machine) { stage in
      try await stage.settle()
      return try await Rate.measure(tasks: 2 * cores, for: duration) { try await stage.run(empty) }
    }
    let deno = try BareDeno()
    let starts = try await Rate.measure(tasks: 2 * cores, for: duration) { try await deno.start(.empty) }
    let loading = try await Rate.measure(tasks: 2 * cores, for: duration) { try await deno.start(.loadingScripts) }
    func row(_ op: String, _ rate: Rate, _ note: String) -> Row {
      let perCore = rate.perSecond / Double(cores)
      return Row(
        op: op, n: 1, t: 1, wallMedian: rate.milliseconds.median, cpuPerParty: 1000 / perCore, bytesPerParty: 0,
        rounds: 0, note: "\(perCore.decimal(1)) per second and core; \(note)")
    }
    outcome.rows += [
      row("bare Deno, start to end", starts, "reference operation; an empty module, no sandbox"),
      row("bare Deno, start to end with node:vm", loading, "reference operation; what a worker cannot do without"),
    ]
    let ratio = executions.perSecond / max(starts.perSecond, .leastNonzeroMagnitude)
    let second = executions.perSecond / max(loading.perSecond, .leastNonzeroMagnitude)
    outcome.add(
      row(
        "action, empty, as many as there can be", executions,
        "\(ratio.decimal(2)) of bare Deno, \(second.decimal(2)) of bare Deno with node:vm"),
      Target(
        name: "action, executions per second and core", wanted: "0.9 of the starts of bare Deno",
        figure: "\((executions.perSecond / Double(cores)).decimal(1)), \(ratio.decimal(2)) of bare Deno",
        isReached: ratio >= 0.9))
  }

  // MARK: Rows

  private static func row(_ op: String, _ milliseconds: [Double], _ note: String) -> Row {
    Row(
      op: op, n: 1, t: 1, wallMedian: milliseconds.median, cpuPerParty: 0, bytesPerParty: 0, rounds: 0, note: note)
  }

  private static func spread(_ milliseconds: [Double]) -> String {
    "\(milliseconds.count) samples, p99 \(milliseconds.quantile(0.99).decimal(2)) ms"
  }

  private static func most(_ name: String, _ milliseconds: Double, _ limit: Double, digits: Int = 1) -> Target {
    Target(
      name: name, wanted: "\(limit < 1 ? limit.decimal(1) : limit.decimal(0)) ms or less",
      figure: "\(milliseconds.decimal(digits)) ms", isReached: milliseconds <= limit)
  }
}
