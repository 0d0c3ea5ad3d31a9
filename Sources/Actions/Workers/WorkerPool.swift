public import Identifiers
import Synchronization

/// Workers that wait, started before anybody needs them. Each runs one action and is then ended.
///
/// ``run(isolation:while:)`` does the work in the background: it starts workers in place of those taken, ends those that
/// were used, and replaces those that waited long. While it does not run, there are no workers.
public final class WorkerPool: Sendable {
  public struct Configuration: Sendable, Hashable {
    /// How many wait without libraries, and how many with.
    public var bare = 4
    public var withLibraries = 0
    /// After this long an idle worker makes room for a new one.
    public var longestIdle: Duration = .seconds(300)
    /// From a worker's start to its first frame.
    public var patience: Duration = .seconds(10)
    /// The longest frame a worker may send, in bytes. What an action sends at once has to fit, as base64.
    public var frameLimit = 2 << 20
    /// ``ActionLimits/memory`` and ``ActionLimits/time``, which a worker gets when it starts.
    public var memory = ActionLimits().memory
    public var time = ActionLimits().time

    public init() {}
  }

  private struct Idle {
    var worker: Worker
    var since: Duration
  }

  private struct State {
    var isRunning = false
    var idle: [Worker.Tier: [Idle]] = [:]
    var starting: [Worker.Tier: Int] = [:]
    var breaker = StartBreaker()
    var lastFailure: WorkerStartFailure?
  }

  private enum Order: Sendable {
    case refill(Worker.Tier)
    case end(Worker)
  }

  let clock: any LocalClock
  private let recipes: [Worker.Tier: Worker.Recipe]
  private let configuration: Configuration
  private let state = Mutex(State())
  private let orders: AsyncStream<Order>
  private let give: AsyncStream<Order>.Continuation

  /// - Parameter libraries: sources that run in this order in workers with libraries; none, and there are no such
  ///   workers.
  public convenience init(
    sandbox: VerifiedSandbox, libraries: [ActionLibrary] = [], configuration: Configuration = .init(),
    clock: any LocalClock = SystemClock()
  ) {
    self.init(
      sandbox: sandbox, libraries: libraries,
      content: sandbox.sandbox.content(memory: configuration.memory, time: configuration.time),
      configuration: configuration, clock: clock)
  }

  init(
    sandbox: VerifiedSandbox, libraries: [ActionLibrary], content: SandboxedProcess.Content,
    configuration: Configuration, clock: any LocalClock
  ) {
    let bare = Worker.Recipe(
      sandbox: sandbox.sandbox, content: content, libraries: [], frameLimit: configuration.frameLimit,
      patience: configuration.patience)
    var full = bare
    full.libraries = libraries.map { WorkerScript(name: $0.name, text: $0.source) }
    recipes = libraries.isEmpty ? [.bare: bare] : [.bare: bare, .libraries: full]
    self.configuration = configuration
    self.clock = clock
    (orders, give) = AsyncStream.makeStream()
  }

  /// There are workers from the first moment of `body` to its end; before this returns, every one is ended and reaped.
  /// Once only.
  public func run<Value>(
    isolation: isolated (any Actor)? = #isolation, while body: () async throws -> Value
  ) async rethrows -> Value {
    state.withLock { $0.isRunning = true }
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await self.serve() }
      defer { group.cancelAll() }
      return try await body()
    }
  }

  /// Works until its task is cancelled.
  private func serve() async {
    await withDiscardingTaskGroup { group in
      for tier in recipes.keys { give.yield(.refill(tier)) }
      group.addTask { await self.replaceOld() }
      for await order in orders {
        switch order {
        case .refill(let tier): group.addTask { await self.refill(tier) }
        case .end(let worker): group.addTask { _ = await worker.end(clock: self.clock) }
        }
      }
      let left = state.withLock { state in
        state.isRunning = false
        defer { state.idle = [:] }
        return state.idle.values.flatMap { $0 }.map(\.worker)
      }
      give.finish()
      group.cancelAll()
      for worker in left { group.addTask { _ = await worker.end(clock: self.clock) } }
    }
  }

  /// How many workers wait.
  public var idleCount: Int {
    state.withLock { $0.idle.values.reduce(0) { $0 + $1.count } }
  }

  /// Why the last start failed, nil when it did not.
  public var lastFailure: WorkerStartFailure? { state.withLock(\.lastFailure) }

  /// The tier an action needs: whether its code names a library's global.
  func tier(for code: [UInt8]) -> Worker.Tier {
    guard recipes[.libraries] != nil else { return .bare }
    let text = String(decoding: code, as: UTF8.self)
    return text.contains("ethers") ? .libraries : .bare
  }

  /// A worker nobody used. Starts one when none waits.
  func take(_ tier: Worker.Tier) async throws(WorkerStartFailure) -> Worker {
    while let worker = try next(tier) {
      give.yield(.refill(tier))
      if worker.process.exitStatus() == nil { return worker }
    }
    return try await start(tier)
  }

  private func next(_ tier: Worker.Tier) throws(WorkerStartFailure) -> Worker? {
    let (isRunning, worker) = state.withLock { state -> (Bool, Worker?) in
      guard state.isRunning, state.idle[tier]?.isEmpty == false else { return (state.isRunning, nil) }
      return (true, state.idle[tier]?.removeFirst().worker)
    }
    guard isRunning else { throw .poolNotRunning }
    return worker
  }

  /// Takes a used worker back: it is ended at once and reaped in the background.
  func end(_ worker: Worker) async {
    worker.abandon()
    if case .enqueued = give.yield(.end(worker)) { return }
    _ = await worker.end(clock: clock)
  }

  private func start(_ tier: Worker.Tier) async throws(WorkerStartFailure) -> Worker {
    guard let recipe = recipes[tier] else { throw .poolNotRunning }
    let isAllowed = state.withLock { $0.breaker.allows(at: clock.monotonicNow()) }
    guard isAllowed else { throw .suspended }
    do {
      let worker = try await Worker.start(recipe, clock: clock)
      state.withLock { state in
        state.breaker.succeeded()
        state.lastFailure = nil
      }
      return worker
    } catch {
      // What somebody gave up says nothing about this machine.
      if !Task.isCancelled {
        state.withLock { state in
          state.breaker.failed(at: clock.monotonicNow())
          state.lastFailure = error
        }
      }
      throw error
    }
  }

  // MARK: In the background

  private func target(_ tier: Worker.Tier) -> Int {
    switch tier {
    case .bare: configuration.bare
    case .libraries: configuration.withLibraries
    }
  }

  /// Starts one worker after the other until as many wait as should; several calls share the work.
  private func refill(_ tier: Worker.Tier) async {
    // The action for which a worker was just taken goes first; many are over by then.
    try? await clock.sleep(for: .milliseconds(10))
    while !Task.isCancelled {
      let isMine = state.withLock { state in
        let present = state.idle[tier, default: []].count
        // One at a time: starts take the processor from actions that run.
        guard state.starting[tier, default: 0] == 0, present < target(tier) else { return false }
        state.starting[tier, default: 0] += 1
        return true
      }
      guard isMine else { return }
      let worker = try? await start(tier)
      let isKept = state.withLock { state in
        state.starting[tier, default: 0] -= 1
        guard let worker, state.isRunning else { return false }
        state.idle[tier, default: []].append(Idle(worker: worker, since: clock.monotonicNow()))
        return true
      }
      if let worker, !isKept { _ = await worker.end(clock: clock) }
      if worker == nil {
        let pause = state.withLock { $0.breaker.pause(at: clock.monotonicNow()) }
        try? await clock.sleep(for: max(pause, .milliseconds(100)))
      }
    }
  }

  private func replaceOld() async {
    let interval = min(configuration.longestIdle / 4, .seconds(30))
    while !Task.isCancelled {
      try? await clock.sleep(for: interval)
      let now = clock.monotonicNow()
      let old = state.withLock { state -> [Worker] in
        var old: [Worker] = []
        for (tier, idle) in state.idle {
          let isOver: (Idle) -> Bool = {
            now - $0.since >= self.configuration.longestIdle || $0.worker.process.exitStatus() != nil
          }
          old += idle.filter(isOver).map(\.worker)
          state.idle[tier] = idle.filter { !isOver($0) }
        }
        return old
      }
      for worker in old { await end(worker) }
      for tier in recipes.keys { give.yield(.refill(tier)) }
    }
  }
}

/// Source that runs in a worker before an action's globals are made, and defines globals of its own.
public struct ActionLibrary: Sendable, Hashable {
  /// The file name in stack traces.
  public let name: String
  public let source: String

  public init(name: String, source: String) {
    self.name = name
    self.source = source
  }
}
