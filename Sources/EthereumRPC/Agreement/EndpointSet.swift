internal import EthereumChain
public import Identifiers
internal import Synchronization

/// The endpoints of one chain, asked side by side; what their answers mean together is said in the other files.
public final class EndpointSet: Sendable {
  public let rule: AgreementRule
  public let rules: ChainRules
  let clock: any LocalClock
  let metrics: ChainMetrics
  private let endpoints: [ChainEndpoint]
  private let health: Mutex<[EndpointHealth]>

  public init(
    _ endpoints: [ChainEndpoint], needed: Int, rules: ChainRules, clock: any LocalClock,
    metrics: ChainMetrics = ChainMetrics()
  ) throws(AgreementRuleError) {
    rule = try AgreementRule(needed: needed, of: endpoints.count)
    guard Set(endpoints.map(\.name)).count == endpoints.count else { throw .repeatedName }
    self.rules = rules
    self.endpoints = endpoints
    self.clock = clock
    self.metrics = metrics
    health = Mutex(Array(repeating: EndpointHealth(), count: endpoints.count))
  }

  /// One endpoint's answer.
  struct Answer<Value: Sendable>: Sendable {
    let place: Int
    let value: Value
  }

  /// Asks every endpoint that is not resting, or all of them when too few are awake to agree on anything.
  ///
  /// - Parameter places: which to ask; nil for all.
  func ask<Value: Sendable>(
    _ places: [Int]? = nil,
    _ question: @escaping @Sendable (ChainEndpoint, EndpointHealth) async throws(RPCFailure) -> Value
  ) async -> [Answer<Value>] {
    let asked = awake(among: places ?? Array(endpoints.indices))
    return await withTaskGroup(of: Answer<Value>?.self) { group in
      for place in asked {
        group.addTask { [self] in
          guard let value = try? await answer(of: place, to: question) else { return nil }
          return Answer(place: place, value: value)
        }
      }
      var answers: [Answer<Value>] = []
      for await answer in group {
        if let answer { answers.append(answer) }
      }
      return answers.sorted { $0.place < $1.place }
    }
  }

  /// Asks one endpoint, and keeps account of how that went.
  func answer<Value: Sendable>(
    of place: Int, to question: @Sendable (ChainEndpoint, EndpointHealth) async throws(RPCFailure) -> Value
  ) async throws(RPCFailure) -> Value {
    let endpoint = endpoints[place]
    let health = health.withLock { $0[place] }
    metrics.asked(endpoint.name)
    do throws(RPCFailure) {
      if !health.isKnown {
        guard try await endpoint.chainID() == rules.chainID else { throw .wrongChain }
      }
      let value = try await question(endpoint, health)
      self.health.withLock { $0[place].succeeded() }
      return value
    } catch {
      metrics.failed(endpoint.name, error)
      let now = clock.monotonicNow()
      self.health.withLock { $0[place].failed(at: now) }
      throw error
    }
  }

  func contradicted(_ place: Int, about question: ChainQuestion) {
    metrics.contradicted(endpoints[place].name, about: question)
  }

  func lags(_ place: Int) { metrics.lagging(endpoints[place].name) }

  func lacksProofs(_ place: Int) { health.withLock { $0[place].saidItLacksProofs() } }

  private func awake(among places: [Int]) -> [Int] {
    let now = clock.monotonicNow()
    return health.withLock { health in
      let ready = places.filter { health[$0].isReady(at: now) }
      return ready.count >= rule.needed ? ready : places
    }
  }

  /// All places, those that answered last first.
  var placesByHealth: [Int] {
    let now = clock.monotonicNow()
    return health.withLock { health in
      endpoints.indices.sorted { (health[$0].isReady(at: now) ? 0 : 1, $0) < (health[$1].isReady(at: now) ? 0 : 1, $1) }
    }
  }
}

extension EndpointSet {
  /// The value that enough answers have, and who said something else. Nil when none has enough.
  func agreed<Value: Hashable & Sendable>(_ answers: [Answer<Value>]) -> (value: Value, others: [Int])? {
    let counts = Dictionary(grouping: answers, by: \.value)
    // More than half are needed, so two values cannot both have enough.
    guard let (value, _) = counts.first(where: { $0.value.count >= rule.needed }) else { return nil }
    return (value, answers.filter { $0.value != value }.map(\.place))
  }
}
