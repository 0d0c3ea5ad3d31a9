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

  /// How much longer than enough others an endpoint may take, at least.
  static let patience = Duration.milliseconds(250)

  private enum Event<Value: Sendable>: Sendable {
    case answer(Answer<Value>?)
    case patienceOver
  }

  /// Whose doing an answer is. What a stranger makes endpoints do, a contract of theirs or a block they name, says
  /// nothing about the endpoints: none of them rests for it.
  enum Asker: Sendable {
    case registry
    case stranger
  }

  enum Asked: Sendable {
    /// Of these places, or of all, those that do not rest; all of them when too few are awake to agree on anything.
    case awake([Int]?)
    case everybody
  }

  /// Asks several endpoints.
  ///
  /// - Parameters:
  ///   - asked: which.
  ///   - asker: whose doing the answers are.
  ///   - isEnough: whether these answers settle it; then the others have as much time again, so that a slow one holds
  ///     nobody up.
  func ask<Value: Sendable>(
    _ asked: Asked = .awake(nil), for asker: Asker = .registry,
    until isEnough: ([Answer<Value>]) -> Bool = { _ in false },
    _ question: @escaping @Sendable (ChainEndpoint, EndpointHealth) async throws(RPCFailure) -> Value
  ) async -> [Answer<Value>] {
    let asked =
      switch asked {
      case .awake(let places): awake(among: places ?? Array(endpoints.indices))
      case .everybody: Array(endpoints.indices)
      }
    let started = clock.monotonicNow()
    return await withTaskGroup(of: Event<Value>.self) { group in
      for place in asked {
        group.addTask { [self] in
          guard let value = try? await answer(of: place, for: asker, to: question) else { return .answer(nil) }
          return .answer(Answer(place: place, value: value))
        }
      }
      var answers: [Answer<Value>] = []
      var open = asked.count
      var isTimed = false
      while open > 0 {
        if !isTimed, isEnough(answers) {
          isTimed = true
          let patience = max(Self.patience, clock.monotonicNow() - started)
          group.addTask { [clock] in
            try? await clock.sleep(for: patience)
            return .patienceOver
          }
        }
        guard case .answer(let answer) = await group.next() else { break }
        open -= 1
        if let answer { answers.append(answer) }
      }
      group.cancelAll()
      return answers.sorted { $0.place < $1.place }
    }
  }

  /// Asks those who do not rest, and everybody once more where that settles nothing: of those who are awake too many may be
  /// liars.
  func askAgain<Value: Sendable>(
    for asker: Asker = .registry, until isEnough: ([Answer<Value>]) -> Bool,
    _ question: @escaping @Sendable (ChainEndpoint, EndpointHealth) async throws(RPCFailure) -> Value
  ) async -> [Answer<Value>] {
    let somebodyRested = hasResting
    let answers = await ask(for: asker, until: isEnough, question)
    guard somebodyRested, !isEnough(answers) else { return answers }
    return await ask(.everybody, for: asker, until: isEnough, question)
  }

  /// Asks one endpoint, and keeps account of how that went.
  func answer<Value: Sendable>(
    of place: Int, for asker: Asker = .registry,
    to question: @Sendable (ChainEndpoint, EndpointHealth) async throws(RPCFailure) -> Value
  ) async throws(RPCFailure) -> Value {
    let endpoint = endpoints[place]
    let health = health.withLock { $0[place] }
    metrics.asked(endpoint.name)
    do throws(RPCFailure) {
      if !health.isKnown {
        guard try await endpoint.chainID() == rules.chainID else { throw .wrongChain }
      }
      let value = try await question(endpoint, health)
      if asker == .registry { self.health.withLock { $0[place].succeeded() } }
      return value
    } catch {
      guard !Task.isCancelled else {
        if asker == .registry { self.health.withLock { $0[place].wasLeftBehind() } }
        throw error
      }
      metrics.failed(endpoint.name, error)
      guard asker == .registry else { throw error }
      let now = clock.monotonicNow()
      self.health.withLock { $0[place].failed(at: now) }
      throw error
    }
  }

  /// Whoever says other than what was agreed or proved rests, so that the others answer alone for a while.
  func contradicted(_ place: Int, about question: ChainQuestion, for asker: Asker = .registry) {
    metrics.contradicted(endpoints[place].name, about: question)
    guard asker == .registry else { return }
    let now = clock.monotonicNow()
    health.withLock { $0[place].failed(at: now) }
  }

  func lags(_ place: Int) { metrics.lagging(endpoints[place].name) }

  func lacksProofs(_ place: Int) { health.withLock { $0[place].saidItLacksProofs() } }

  var hasResting: Bool {
    let now = clock.monotonicNow()
    return health.withLock { health in health.contains { !$0.isReady(at: now) } }
  }

  /// Whether somebody was not waited for.
  var hasSlow: Bool { health.withLock { $0.contains(where: \.isSlow) } }

  private func awake(among places: [Int]) -> [Int] {
    let now = clock.monotonicNow()
    return health.withLock { health in
      let ready = places.filter { health[$0].isReady(at: now) }
      return ready.count >= rule.needed ? ready : places
    }
  }

  /// All places: first those that answered last, then those the others did not wait for, then those that rest.
  var placesByHealth: [Int] {
    let now = clock.monotonicNow()
    return health.withLock { health in
      func rank(_ place: Int) -> Int { health[place].isReady(at: now) ? (health[place].isSlow ? 1 : 0) : 2 }
      return endpoints.indices.sorted { (rank($0), $0) < (rank($1), $1) }
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

  /// The same where nothing goes on without it; who said something else is counted, and rests.
  ///
  /// - Parameters:
  ///   - others: how many answered in another way than these.
  ///   - asker: for a stranger nobody rests.
  func requireAgreement<Value: Hashable & Sendable>(
    _ answers: [Answer<Value>], others: Int = 0, for asker: Asker = .registry, about question: ChainQuestion
  ) throws(ChainTrouble) -> Value {
    guard let (value, liars) = agreed(answers) else {
      guard others > 0 || Set(answers.map(\.value)).count > 1 else {
        throw .tooFewEndpoints(answered: answers.count, needed: rule.needed)
      }
      metrics.disagreed(about: question)
      throw .disagreement(question)
    }
    for place in liars { contradicted(place, about: question, for: asker) }
    return value
  }
}
