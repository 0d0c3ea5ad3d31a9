internal import Authorization
internal import EthereumRPC
internal import Identifiers
internal import Transcripts
internal import Wire

/// Asks contracts that are wallets about signatures (EIP-1271): about each once for a block, and only so often.
///
/// Nothing but the contract tells a stranger from its owner, so strangers can make a node ask. What they use up is not
/// taken from capabilities that were valid before, and no sender and no wallet gets more than a part of what there is.
actor ContractWalletDesk {
  /// Why there is no finding.
  enum Trouble: Error, Hashable {
    /// The block is none to judge at.
    case block
    /// Too few endpoints say the same, or not soon enough.
    case undecided
    case busy(retryAfter: Duration)
  }

  /// How many findings, and how many wallets with capabilities that were valid, are remembered.
  static let memoryLimit = 4_096
  static let knownPerWallet = 8
  /// How long it is remembered what a contract said, while its block goes out of reach, and that nobody knew.
  static let memory = Duration.seconds(30)
  static let doubt = Duration.seconds(2)

  private struct Finding {
    let verdict: ContractWalletVerdict?
    let at: Duration
  }

  private struct Lanes {
    var users: ContractWalletLane
    var strangers: ContractWalletLane
  }

  private let ask: ContractWalletQuestion
  private let clock: any LocalClock
  private let metrics: NodeMetrics
  private var findings = BoundedMemory<Digest32, Finding>(limit: memoryLimit)
  private var known = BoundedMemory<WalletAddress, [Digest32]>(limit: memoryLimit)
  private var ofWallets: FairShare<WalletAddress>
  private var lanes: Lanes
  private var waiting: [Digest32: [AsyncStream<Never>.Continuation]] = [:]

  /// - Parameter rates: how often contracts are asked; a node has the standard ones.
  init(
    _ ask: @escaping ContractWalletQuestion, rates: ContractWalletLane.Rates = .standard, clock: any LocalClock,
    metrics: NodeMetrics
  ) {
    self.ask = ask
    self.clock = clock
    self.metrics = metrics
    let now = clock.monotonicNow()
    ofWallets = FairShare(all: rates.users, each: rates.ofWallet, at: now)
    lanes = Lanes(
      users: ContractWalletLane(all: rates.users, each: rates.ofUsersSender, at: now),
      strangers: ContractWalletLane(all: rates.strangers, each: rates.ofStrangersSender, at: now))
  }

  /// - Parameters:
  ///   - origin: whose part of what there is a question takes.
  ///   - deadline: on the monotonic clock. A question goes on after it, so that who asks the same later may have the
  ///     answer.
  func finding(
    _ signature: ContractSignature, from origin: RequestOrigin?, until deadline: Duration
  ) async throws(Trouble) -> ContractFinding {
    let question = signature.question
    if let finding = fresh(question) { return try Self.finding(signature, finding.verdict) }
    let isKnown = known[signature.wallet]?.contains(signature.capability) ?? false
    let lane = isKnown ? \Lanes.users : \.strangers
    guard lanes[keyPath: lane].startWaiting(origin) else { throw .busy(retryAfter: .seconds(1)) }
    defer { lanes[keyPath: lane].stopWaiting(origin) }
    if waiting[question] == nil { try begin(signature, question, origin, lane) }
    await wait(for: question, until: deadline)
    guard let finding = fresh(question) else { throw .undecided }
    return try Self.finding(signature, finding.verdict)
  }

  private static func finding(
    _ signature: ContractSignature, _ verdict: ContractWalletVerdict?
  ) throws(Trouble) -> ContractFinding {
    switch verdict {
    case .valid: return ContractFinding(signature, isValid: true)
    case .invalid: return ContractFinding(signature, isValid: false)
    case .undecided: throw .undecided
    case nil: throw .block
    }
  }

  private func fresh(_ question: Digest32) -> Finding? {
    guard let finding = findings[question] else { return nil }
    let lifetime =
      switch finding.verdict {
      case .valid, .invalid: Self.memory
      case .undecided, nil: Self.doubt
      }
    return clock.monotonicNow() - finding.at < lifetime ? finding : nil
  }

  private func begin(
    _ signature: ContractSignature, _ question: Digest32, _ origin: RequestOrigin?,
    _ lane: WritableKeyPath<Lanes, ContractWalletLane>
  ) throws(Trouble) {
    let now = clock.monotonicNow()
    if let wait = lanes[keyPath: lane].start(origin, at: now) { throw .busy(retryAfter: wait) }
    if lane == \.users, let wait = ofWallets.take(for: signature.wallet, at: now).wait {
      lanes[keyPath: lane].end(origin)
      throw .busy(retryAfter: wait)
    }
    waiting[question] = []
    Task { [ask] in
      let verdict = await ask(signature)
      lanes[keyPath: lane].end(origin)
      learn(verdict, question, signature)
    }
  }

  private func learn(_ verdict: ContractWalletVerdict?, _ question: Digest32, _ signature: ContractSignature) {
    metrics.contractWallet(verdict)
    findings.remember(Finding(verdict: verdict, at: clock.monotonicNow()), for: question)
    var capabilities = known[signature.wallet] ?? []
    switch verdict {
    case .valid:
      capabilities.removeAll { $0 == signature.capability }
      known.remember((capabilities + [signature.capability]).suffix(Self.knownPerWallet), for: signature.wallet)
    case .invalid where capabilities.contains(signature.capability):
      known.remember(capabilities.filter { $0 != signature.capability }, for: signature.wallet)
    case .invalid, .undecided, nil: break
    }
    for continuation in waiting.removeValue(forKey: question) ?? [] { continuation.finish() }
  }

  private func wait(for question: Digest32, until deadline: Duration) async {
    let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    waiting[question]?.append(continuation)
    let rest = deadline - clock.monotonicNow()
    await withTaskGroup { group in
      group.addTask { for await _ in stream {} }
      group.addTask { [clock] in try? await clock.sleep(for: rest) }
      await group.next()
      group.cancelAll()
    }
  }
}

extension ContractSignature {
  /// One name for everything that is asked. What a contract says at a block, it says for good.
  fileprivate var question: Digest32 {
    TaggedHash.sha256(.contractWallet, [capability.bytes, block.number.bigEndianBytes, block.hash.bytes])
  }

  /// The same at whatever block.
  fileprivate var capability: Digest32 {
    TaggedHash.sha256(.contractWallet, [wallet.bytes, digest.bytes, signature])
  }
}
