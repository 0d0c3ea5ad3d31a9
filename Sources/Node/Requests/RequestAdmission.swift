internal import Authorization
internal import Identifiers
internal import KeyGeneration
internal import Membership
internal import PublicKeys
internal import Wire

/// Steps 2 to 5, with what they may have to wait for: news of the registry, and the word of a wallet's contract.
struct RequestAdmission: Sendable {
  /// How long all of it waits at most: less than the others of a quorum wait for a round.
  static let patience = Duration.milliseconds(1_500)

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

  func admit(_ submission: RequestSubmission, from origin: RequestOrigin?) async throws(NodeRefusal) -> Admitted {
    let payload = submission.request.payload
    let waiting = RegistryNews.Waiting(
      origin: origin, byteCount: submission.request.payloadText.utf8.count,
      deadline: clock.monotonicNow() + Self.patience)
    var finding: ContractFinding?
    while true {
      let serving: Standing.Serving
      do throws(NotServing) {
        serving = try standing.serving()
      } catch {
        // A peer that has read further told of it before this node has read as far.
        guard case .behind = error, submission.request.hasValidSignature,
          await news.wait(waiting, until: { !standing.isBehind })
        else {
          throw NodeRefusal(later: .notReady)
        }
        continue
      }
      let reading = standing.wallClock.read()
      do {
        let operation = try judge.authorize(
          submission, finding: finding, at: reading, in: serving.snapshot, under: QuorumRules(serving.keys.certificate))
        return Admitted(operation: operation, keys: serving.keys, wall: reading.wall)
      } catch {
        switch error.reason {
        case .viewBehind, .capability(.blockAhead):
          let isNews = await news.wait(waiting) {
            standing.hasRead(payload.registryNumber, payload.capability.block?.number)
          }
          guard isNews else { throw NodeRefusal(later: .notReady, request: error.request) }
        case .capability(.contractNotAsked) where finding == nil:
          finding = try await self.finding(payload.capability, error, waiting)
        default: throw NodeRefusal(error)
        }
      }
    }
  }

  private func finding(
    _ capability: Capability, _ refusal: Refusal, _ waiting: RegistryNews.Waiting
  ) async throws(NodeRefusal) -> ContractFinding {
    guard let contracts, let signature = ContractSignature(capability) else { throw NodeRefusal(refusal) }
    do {
      return try await contracts.finding(signature, from: waiting.origin, until: waiting.deadline)
    } catch {
      switch error {
      // Another request names another block.
      case .block, .undecided: throw NodeRefusal(later: .notReady, request: refusal.request)
      case .busy(let wait): throw NodeRefusal(later: .overloaded, request: refusal.request, after: wait)
      }
    }
  }
}
