internal import Authorization
internal import EthereumRPC
internal import Identifiers
internal import Transcripts
internal import Wire

/// Asks contracts that are wallets about signatures (EIP-1271): about each once for a block, and only so often.
///
/// Nothing but the contract tells a stranger from its owner, so strangers can make a node ask. What they use up is not
/// taken from capabilities that were valid before, and nobody gets more than a part of what there is.
actor ContractWalletDesk {
  /// Why there is no finding.
  enum Trouble: Error, Hashable {
    /// The block is none to judge at.
    case block
    /// Too few endpoints say the same, or not soon enough.
    case undecided
    case busy(retryAfter: Duration)
  }

  /// How many findings, and how many capabilities that were valid once, are remembered.
  static let memoryLimit = 4_096
  /// How many contracts are asked at a time for those who are known, and as many for others; and how many requests wait
  /// for what a contract says.
  static let runningLimit = 16
  static let waitingLimit = 64
  /// How long it is remembered what a contract said, while its block goes out of reach, and that nobody knew.
  static let memory = Duration.seconds(30)
  static let doubt = Duration.seconds(2)

  private struct Finding {
    let verdict: ContractWalletVerdict?
    let at: Duration
  }

  private struct Lane {
    var share: FairShare<RequestOrigin?>
    var running = 0
  }

  private struct Lanes {
    var users: Lane
    var strangers: Lane
  }

  private let ask: ContractWalletQuestion
  private let clock: any LocalClock
  private let metrics: NodeMetrics
  private var findings = BoundedMemory<Digest32, Finding>(limit: memoryLimit)
  private var known = BoundedMemory<Digest32, Void>(limit: memoryLimit)
  private var ofEachUser: FairShare<Digest32>
  private var lanes: Lanes
  private var waiting: [Digest32: [AsyncStream<Never>.Continuation]] = [:]
  private var waitingCount = 0

  init(_ ask: @escaping ContractWalletQuestion, clock: any LocalClock, metrics: NodeMetrics) {
    self.ask = ask
    self.clock = clock
    self.metrics = metrics
    let now = clock.monotonicNow()
    ofEachUser = FairShare(
      all: .init(burst: 256, perSecond: 128), each: .init(burst: 4, perSecond: 1), at: now)
    lanes = Lanes(
      users: Lane(
        share: FairShare(all: .init(burst: 64, perSecond: 32), each: .init(burst: 16, perSecond: 8), at: now)),
      strangers: Lane(
        share: FairShare(all: .init(burst: 16, perSecond: 8), each: .init(burst: 4, perSecond: 1), at: now)))
  }

  /// - Parameters:
  ///   - origin: whose part of what there is a question takes.
  ///   - deadline: on the monotonic clock. A question goes on after it, so that who comes again may have the answer.
  func finding(
    _ signature: ContractSignature, from origin: RequestOrigin?, until deadline: Duration
  ) async throws(Trouble) -> ContractFinding {
    let question = signature.question
    if let finding = fresh(question) { return try Self.finding(signature, finding.verdict) }
    guard waitingCount < Self.waitingLimit else { throw .busy(retryAfter: .seconds(1)) }
    if waiting[question] == nil { try begin(signature, question, origin) }
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
    _ signature: ContractSignature, _ question: Digest32, _ origin: RequestOrigin?
  ) throws(Trouble) {
    let now = clock.monotonicNow()
    let capability = signature.capability
    let isKnown = known[capability] != nil
    let lane = isKnown ? \Lanes.users : \Lanes.strangers
    guard lanes[keyPath: lane].running < Self.runningLimit else { throw .busy(retryAfter: .seconds(1)) }
    if isKnown, let wait = ofEachUser.take(for: capability, at: now).wait { throw .busy(retryAfter: wait) }
    if let wait = lanes[keyPath: lane].share.take(for: origin, at: now).wait { throw .busy(retryAfter: wait) }
    lanes[keyPath: lane].running += 1
    waiting[question] = []
    Task { [ask] in
      let verdict = await ask(signature)
      lanes[keyPath: lane].running -= 1
      learn(verdict, question, capability)
    }
  }

  private func learn(_ verdict: ContractWalletVerdict?, _ question: Digest32, _ capability: Digest32) {
    metrics.contractWallet(verdict)
    findings.remember(Finding(verdict: verdict, at: clock.monotonicNow()), for: question)
    switch verdict {
    case .valid: known.remember((), for: capability)
    case .invalid: known.forget(capability)
    case .undecided, nil: break
    }
    for continuation in waiting.removeValue(forKey: question) ?? [] { continuation.finish() }
  }

  private func wait(for question: Digest32, until deadline: Duration) async {
    let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    waiting[question]?.append(continuation)
    waitingCount += 1
    defer { waitingCount -= 1 }
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
