internal import Authorization
internal import EthereumRPC
internal import Identifiers
internal import Transcripts
internal import Wire

/// Asks contracts that are wallets about signatures (EIP-1271): about each once for a block, only so often, and apart
/// for those whose capability was valid before.
///
/// Nothing but the contract tells a stranger from its owner, so strangers can make a node ask. What they use up is not
/// taken from users who are known.
actor ContractWalletDesk {
  /// Why there is no finding.
  enum Trouble: Error, Hashable {
    /// The block is none to judge at.
    case block
    /// Too few endpoints say the same.
    case undecided
    case busy(retryAfter: Duration)
  }

  /// How many findings, and how many capabilities that were valid once, are remembered.
  static let memoryLimit = 4_096
  /// How many contracts are asked at a time for those who are known, and as many for others.
  static let runningLimit = 16

  /// After this long a contract is asked again: the block may be too long ago by then.
  static let memory = Duration.seconds(60)

  private struct Finding {
    let isValid: Bool
    let at: Duration
  }

  private struct Lane {
    var bucket: TokenBucket
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
  private var known = BoundedMemory<Digest32, Bool>(limit: memoryLimit)
  private var asking: [Digest32: Task<ContractWalletVerdict?, Never>] = [:]
  private var lanes: Lanes

  init(_ ask: @escaping ContractWalletQuestion, clock: any LocalClock, metrics: NodeMetrics) {
    self.ask = ask
    self.clock = clock
    self.metrics = metrics
    let now = clock.monotonicNow()
    lanes = Lanes(
      users: Lane(bucket: TokenBucket(burst: 64, perSecond: 32, at: now)),
      strangers: Lane(bucket: TokenBucket(burst: 16, perSecond: 8, at: now)))
  }

  func finding(_ signature: ContractSignature) async throws(Trouble) -> ContractFinding {
    let question = signature.question
    if let finding = findings[question], clock.monotonicNow() - finding.at < Self.memory {
      return ContractFinding(signature, isValid: finding.isValid)
    }
    let verdict: ContractWalletVerdict?
    if let asking = asking[question] {
      verdict = await asking.value
    } else {
      verdict = try await asked(signature, question)
    }
    switch verdict {
    case .valid: return ContractFinding(signature, isValid: true)
    case .invalid: return ContractFinding(signature, isValid: false)
    case .undecided: throw .undecided
    case nil: throw .block
    }
  }

  private func asked(
    _ signature: ContractSignature, _ question: Digest32
  ) async throws(Trouble) -> ContractWalletVerdict? {
    let capability = signature.capability
    let isKnown = known[capability] == true
    let lane = isKnown ? \Lanes.users : \Lanes.strangers
    let now = clock.monotonicNow()
    guard lanes[keyPath: lane].running < Self.runningLimit else { throw .busy(retryAfter: .seconds(1)) }
    if let wait = lanes[keyPath: lane].bucket.take(at: now) { throw .busy(retryAfter: wait) }
    lanes[keyPath: lane].running += 1
    let task = Task { [ask] in await ask(signature) }
    asking[question] = task
    let verdict = await task.value
    asking[question] = nil
    lanes[keyPath: lane].running -= 1
    metrics.contractWallet(verdict)
    switch verdict {
    case .valid:
      findings.remember(Finding(isValid: true, at: now), for: question)
      known.remember(true, for: capability)
    case .invalid:
      findings.remember(Finding(isValid: false, at: now), for: question)
      if isKnown { known.remember(false, for: capability) }
    // Asked again, it may be known.
    case .undecided, nil: break
    }
    return verdict
  }
}

extension ContractSignature {
  /// One name for everything that is asked. What a contract says at a block, it says for good.
  fileprivate var question: Digest32 {
    .sha256(of: capability.bytes + block.hash.bytes + Array(String(block.number).utf8))
  }

  /// The same at whatever block.
  fileprivate var capability: Digest32 {
    .sha256(of: wallet.bytes + digest.bytes + signature)
  }
}
