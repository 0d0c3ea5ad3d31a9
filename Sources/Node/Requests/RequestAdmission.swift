internal import Authorization
internal import Identifiers
internal import KeyGeneration
internal import Membership
internal import PublicKeys
internal import Wire

/// Steps 2 to 5, with what they may have to wait for: news of the registry, and the word of a wallet's contract.
struct RequestAdmission: Sendable {
  let judge: any RequestJudge
  let standing: Standing
  /// Nil where the registry is a file, and there are no contracts.
  let contracts: ContractWalletDesk?
  let news: RegistryNews
  let clock: any LocalClock

  struct Admitted: Sendable {
    let operation: AuthorizedOperation
    let keys: KeyShares
    /// What it was judged by.
    let wall: Timestamp
  }

  func admit(_ submission: RequestSubmission) async throws(NodeRefusal) -> Admitted {
    let arrived = clock.monotonicNow()
    var finding: ContractFinding?
    while true {
      let serving: Standing.Serving
      do { serving = try standing.serving() } catch { throw NodeRefusal(later: .notReady) }
      let reading = standing.wallClock.read()
      do {
        let operation = try judge.authorize(
          submission, finding: finding, at: reading, in: serving.snapshot, under: QuorumRules(serving.keys.certificate))
        return Admitted(operation: operation, keys: serving.keys, wall: reading.wall)
      } catch {
        switch error.reason {
        case .viewBehind, .capability(.blockAhead):
          guard await news.wait(since: arrived) else { throw NodeRefusal(later: .notReady, request: error.request) }
        case .capability(.contractNotAsked) where finding == nil:
          finding = try await self.finding(submission.request.payload.capability, error)
        default: throw NodeRefusal(error)
        }
      }
    }
  }

  private func finding(
    _ capability: Capability, _ refusal: Refusal
  ) async throws(NodeRefusal) -> ContractFinding {
    guard let contracts, let signature = ContractSignature(capability) else { throw NodeRefusal(refusal) }
    do {
      return try await contracts.finding(signature)
    } catch {
      switch error {
      case .block: throw NodeRefusal(.invalidCapability, request: refusal.request)
      case .undecided: throw NodeRefusal(later: .notReady, request: refusal.request)
      case .busy(let wait): throw NodeRefusal(later: .overloaded, request: refusal.request, after: wait)
      }
    }
  }
}

/// Waits until there may be news of the registry, for a bounded number of requests at a time.
actor RegistryNews {
  /// How long one request waits in all: readers of one registry find the same within some seconds.
  static let patience = Duration.seconds(4)
  static let waitingLimit = 64
  private static let interval = Duration.milliseconds(100)

  private let clock: any LocalClock
  private var waiting = 0

  init(clock: any LocalClock) { self.clock = clock }

  /// - Returns: whether to look again.
  func wait(since arrival: Duration) async -> Bool {
    guard waiting < Self.waitingLimit, clock.monotonicNow() - arrival < Self.patience else { return false }
    waiting += 1
    defer { waiting -= 1 }
    do { try await clock.sleep(for: Self.interval) } catch { return false }
    return true
  }
}
