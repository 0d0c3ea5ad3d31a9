import Identifiers
import Wire

/// Judges the reports of one attempt: is there a result, and if not, is there anything left to wait for.
struct AttemptJudge<Work: QuorumOperation> {
  let work: Work
  let quorum: [NodeID]
  /// How many nodes may fail before the others cannot give a result any more.
  let spare: Int
  private var finished: Combination<Work.Output>?

  init(work: Work, quorum: [NodeID], spare: Int) {
    self.work = work
    self.quorum = quorum
    self.spare = spare
  }

  /// Nodes that report a failed session say so within moments of each other; every one of them is worth hearing.
  static var grace: Duration { .milliseconds(250) }

  mutating func verdict(_ reports: [NodeID: NodeReport]) -> FanOut.Verdict {
    let combination = combination(reports)
    switch combination {
    case .finished: return .settle(.milliseconds(20))
    case .unresolved: return .stop
    case .incomplete, .failed: break
    }
    let failures = reports.values.filter { $0.trouble != nil }
    if failures.count > spare {
      // Whoever is gone or caught is replaced at once. A refusal or a failed session is worth a second opinion.
      let isPlain = failures.contains { report in
        switch report {
        case .connection, .cheated: true
        case .share, .sessionFailed, .refused: false
        }
      }
      return isPlain ? .stop : .settle(Self.grace)
    }
    if case .failed = combination { return .stop }
    return .wait
  }

  /// A result is verified, so later reports change nothing about it and it is not worked out again.
  mutating func combination(_ reports: [NodeID: NodeReport]) -> Combination<Work.Output> {
    if let finished { return finished }
    var shares: [NodeID: ShareOutcome] = [:]
    for (node, report) in reports {
      switch report {
      case .share(let share): shares[node] = share
      case .sessionFailed, .refused, .connection, .cheated: continue
      }
    }
    let combination = work.combine(shares, quorum: quorum)
    if case .finished = combination { finished = combination }
    return combination
  }
}

extension QuorumChooser {
  /// Learns from one attempt. Rotates when it failed and nobody is to blame.
  ///
  /// A run of an action may have a result although its nodes could not do something together, for its code went on.
  /// Then the choice rotates too unless somebody is suspected for the first time: that blames nobody, and the next run
  /// does not meet the same nodes again.
  ///
  /// - Parameter odd: nodes that were alone with what they said; without proof of anything.
  mutating func learn(
    from reports: [NodeID: NodeReport], quorum: [NodeID], blame: Blame, odd: [NodeID] = [], failed: Bool
  ) {
    var hasLearned = false
    let missed = missedWithin(reports, quorum: quorum)
    var isUnexplained = false
    for node in quorum {
      switch reports[node] {
      case .share(let share):
        if !missed.contains(node) { recordService(by: node) }
        if share.hasFailedOperations { isUnexplained = true }
        // An action may do something else on every node, which no node is at fault for; only a proven lie counts.
        for accused in share.accused where quorum.contains(accused) && accused != node {
          if recordSuspicion(by: node, against: accused) { hasLearned = true }
        }
      case .cheated:
        recordProof(against: node)
        hasLearned = true
      case .connection, .refused:
        recordLapse(of: node)
        hasLearned = true
      case .sessionFailed(let outcome):
        // A node can only speak about the nodes it had to do with.
        for suspicion in outcome.suspects where quorum.contains(suspicion.node) && suspicion.node != node {
          if Self.provesOneAtFault(suspicion, outcome.code, reports[suspicion.node]) {
            recordSuspicion(by: node, against: suspicion.node)
          } else {
            recordLapse(of: suspicion.node)
          }
          hasLearned = true
        }
      case nil: break
      }
    }
    for node in blame.cheated.keys { recordProof(against: node) }
    for pair in blame.contradictions { recordSuspicion(by: pair.first, against: pair.second) }
    if failed || isUnexplained, !hasLearned, blame.isEmpty { rotate() }
    for node in odd { recordLapse(of: node) }
    for node in missed { recordLapse(of: node) }
  }

  /// Nodes that ran an action and were not there for what it did together with the others, by the word of more nodes
  /// than may lie. It may be the action's doing, so this is a lapse.
  private func missedWithin(_ reports: [NodeID: NodeReport], quorum: [NodeID]) -> [NodeID] {
    var voices: [NodeID: Int] = [:]
    for node in quorum {
      guard case .share(let share)? = reports[node] else { continue }
      for missed in share.missed where missed != node { voices[missed, default: 0] += 1 }
    }
    return quorum.filter { voices[$0, default: 0] > tolerated }
  }

  /// Whether one of the two, the node that says this or the one it is said about, must be at fault.
  ///
  /// What a node only heard from a third one proves nothing about the two: one liar in a quorum could make all others
  /// accuse each other. Neither does the silence of a node that did not answer this client either.
  private static func provesOneAtFault(
    _ suspicion: FailedOutcome.Suspicion, _ code: ErrorCode, _ report: NodeReport?
  ) -> Bool {
    let tookPart =
      switch report {
      case .share, .sessionFailed, .cheated: true
      case .refused, .connection, nil: false
      }
    return switch suspicion.reason {
    case .cheated: true
    case .missing: tookPart
    case .disagreed: tookPart && code == .sessionMismatch
    }
  }
}
