public import EthereumRPC
public import Identifiers
public import Membership
public import Metrics
import Synchronization
public import Wire

/// A registry in the contracts of a chain, read through several endpoints none of which is believed alone.
///
/// Once what was final is no longer part of the chain, this registry stops for good. While too few endpoints answer,
/// contradict each other or show a chain that stands still, the last view ages.
public final class ChainRegistry: MembershipSource {
  /// How often the chain is looked at while all is well.
  public static let pollInterval = Duration.seconds(1)
  /// The longest wait after failures, which double the interval.
  static let longestWait = Duration.seconds(8)

  private struct State {
    var snapshot: MembershipSnapshot?
    /// Until when the view may be acted on, on the monotonic clock.
    var actableUntil = Duration.zero
    var readAt: Duration?
    var trouble: ChainTrouble?
    var isStopped = false
    var block: AgreedBlock?
    var listeners: [Int: AsyncStream<MembershipSnapshot>.Continuation] = [:]
    var nextListener = 0
  }

  public let founding: FoundingDocument
  /// For what is asked of the chain beside the registry: a contract wallet's word.
  public let endpoints: EndpointSet
  private let clock: any LocalClock
  private let metrics: ChainMetrics
  private let reading: SerialReading
  private let state = Mutex(State())

  /// - Parameters:
  ///   - founding: the caller's own copy; where the contracts are, what they hold and which chain counts comes from it.
  ///   - endpoints: of the chain it names.
  ///   - needed: how many of them must say the same.
  public init(
    founding: FoundingDocument, endpoints: [ChainEndpoint], needed: Int, clock: any LocalClock,
    metrics factory: any MetricsFactory = MetricsSystem.factory
  ) throws(ChainRegistryError) {
    guard case .chain(let terms) = founding.registry else { throw .notOnAChain }
    metrics = ChainMetrics(factory: factory)
    let rules = ChainRules(
      chainID: terms.chainID, finalityDepth: terms.finalityDepth, headAgeLimit: .seconds(terms.headAgeSeconds))
    do {
      self.endpoints = try EndpointSet(endpoints, needed: needed, rules: rules, clock: clock, metrics: metrics)
    } catch {
      throw .endpoints(error)
    }
    self.founding = founding
    self.clock = clock
    reading = SerialReading(RegistryReader(founding: founding, terms: terms, endpoints: self.endpoints))
  }

  /// - Parameter list: which endpoints, and how many of them must say the same.
  public convenience init(
    founding: FoundingDocument, _ list: EndpointList, clock: any LocalClock,
    metrics factory: any MetricsFactory = MetricsSystem.factory
  ) throws(ChainRegistryError) {
    let endpoints: [ChainEndpoint]
    do { endpoints = try list.endpoints() } catch { throw .list(error) }
    try self.init(founding: founding, endpoints: endpoints, needed: list.needed, clock: clock, metrics: factory)
  }

  /// Nodes ask different endpoints, some of which hear of a block later than others.
  public var readingPeriod: Duration { Self.pollInterval * 5 }

  public var current: MembershipSnapshot? {
    let now = clock.monotonicNow()
    return state.withLock { state in
      guard !state.isStopped, now <= state.actableUntil else { return nil }
      return state.snapshot
    }
  }

  /// The block of ``current``, for what must be judged where every node judges it.
  public var currentBlock: AgreedBlock? {
    let now = clock.monotonicNow()
    return state.withLock { $0.isStopped || now > $0.actableUntil ? nil : $0.block }
  }

  /// What is wrong now; nil when the latest look at the chain was in order.
  public var trouble: ChainTrouble? { state.withLock { $0.trouble } }

  /// Whether final blocks were taken back once, after which nothing is believed.
  public var isStopped: Bool { state.withLock { $0.isStopped } }

  /// When the latest reading that was in order began, on the monotonic clock; nil before the first.
  public var readAt: Duration? { state.withLock { $0.readAt } }

  public var updates: AsyncStream<MembershipSnapshot> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: MembershipSnapshot.self, bufferingPolicy: .bufferingNewest(1))
    let listener = state.withLock { (state) -> Int? in
      guard !state.isStopped else { return nil }
      state.nextListener += 1
      state.listeners[state.nextListener] = continuation
      if let snapshot = state.snapshot { continuation.yield(snapshot) }
      return state.nextListener
    }
    guard let listener else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { $0.listeners[listener] = nil }
    }
    return stream
  }

  /// Looks at the chain until a reading is in order, which whoever begins has to wait for.
  ///
  /// - Throws: what was wrong at the last look.
  public func begin(within patience: Duration) async throws(ChainTrouble) -> MembershipSnapshot {
    let deadline = clock.monotonicNow() + patience
    while true {
      await refresh()
      if let current { return current }
      guard !isStopped, clock.monotonicNow() < deadline, (try? await clock.sleep(for: Self.pollInterval)) != nil else {
        throw trouble ?? .notObtainable
      }
    }
  }

  /// Looks at the chain until the task is cancelled or the registry stopped.
  public func run() async {
    var wait = Self.pollInterval
    while !Task.isCancelled, !isStopped {
      wait = await refresh() ? Self.pollInterval : min(wait * 2, Self.longestWait)
      do { try await clock.sleep(for: wait) } catch { return }
    }
  }

  /// Looks at the chain once.
  ///
  /// - Returns: whether all was in order.
  @discardableResult
  public func refresh() async -> Bool {
    guard !isStopped else { return false }
    do throws(ChainTrouble) {
      let reading = try await reading.next()
      accept(reading)
      metrics.read(
        block: reading.block.number, headAge: clock.wall.seconds(since: reading.block.headMoment))
      return true
    } catch {
      // A task that is cancelled learnt nothing about the chain.
      guard !Task.isCancelled else { return false }
      refuse(error)
      return false
    }
  }

  private func accept(_ reading: RegistryReader.Reading) {
    let longest = reading.block.readAt + founding.maximumSnapshotAge
    state.withLock { state in
      guard !state.isStopped else { return }
      let before = state.snapshot
      state.snapshot = reading.snapshot
      state.block = reading.block
      state.readAt = reading.block.readAt
      state.actableUntil = min(longest, reading.block.actableUntil)
      state.trouble = nil
      let isNews =
        before?.position != reading.snapshot.position || before?.isPaused != reading.snapshot.isPaused
        || before?.measurements != reading.snapshot.measurements
      guard isNews else { return }
      for listener in state.listeners.values { listener.yield(reading.snapshot) }
    }
  }

  private func refuse(_ trouble: ChainTrouble) {
    metrics.refused(trouble)
    let ended = state.withLock { (state) -> [AsyncStream<MembershipSnapshot>.Continuation] in
      state.trouble = trouble
      guard trouble.isFatal, !state.isStopped else { return [] }
      state.isStopped = true
      return Array(state.listeners.values)
    }
    // Outside the lock: ending a stream calls back to forget its listener.
    for listener in ended { listener.finish() }
  }
}

/// Why a registry on a chain cannot be read at all: its configuration is wrong.
public enum ChainRegistryError: Error, Sendable, Hashable {
  /// The founding document puts the registry into a file.
  case notOnAChain
  case endpoints(AgreementRuleError)
  /// The authorities of an endpoint are no certificates.
  case list(FormatError)
}

/// One reading at a time, each after the one before it.
private actor SerialReading {
  private let reader: RegistryReader
  private var latest: RegistryReader.Reading?
  private var running: Task<Result<RegistryReader.Reading, ChainTrouble>, Never>?

  init(_ reader: RegistryReader) { self.reader = reader }

  /// Who asks while a reading runs gets that one's outcome.
  func next() async throws(ChainTrouble) -> RegistryReader.Reading {
    if let running { return try await running.value.get() }
    let task = Task { [reader, latest] () -> Result<RegistryReader.Reading, ChainTrouble> in
      do throws(ChainTrouble) { return .success(try await reader.read(after: latest)) } catch { return .failure(error) }
    }
    running = task
    let outcome = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
    running = nil
    let reading = try outcome.get()
    latest = reading
    return reading
  }
}
