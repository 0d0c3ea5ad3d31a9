import Identifiers
import Membership
import PublicKeys
import SecretSharing
import Wire

/// Gets one operation done: chooses a quorum, sends a request, judges the answers, and when it fails sends a new
/// request to nodes that are more likely to do it.
struct OrderRunner: Sendable {
  let pool: ConnectionPool
  let memory: QuorumMemory
  let clock: any LocalClock
  var limits = Limits()

  struct Limits: Sendable {
    var attempts = 8
    /// Of one attempt: the nodes' own deadline for a session is longer, but a round of theirs takes 2 s at most.
    var attempt = Duration.seconds(6)
    var total = Duration.seconds(25)
  }

  /// - Parameters:
  ///   - snapshot: asked anew before every attempt.
  ///   - prepare: makes a new request to the quorum; no two requests are alike.
  func run<Work: QuorumOperation>(
    _ work: Work, under certificate: KeyCertificate, snapshot: () throws(ClientError) -> MembershipSnapshot,
    prepare: (Quorum, MembershipSnapshot) throws(ClientError) -> RequestInFlight
  ) async throws(ClientError) -> Work.Output {
    let started = clock.monotonicNow()
    var refusals: [NodeID: ErrorCode] = [:]
    var last: [NodeID: NodeTrouble] = [:]
    var attempts = 0
    while attempts < limits.attempts, clock.monotonicNow() - started < limits.total + work.extraTime, !Task.isCancelled
    {
      attempts += 1
      let view = try snapshot()
      guard !view.isPaused else { throw .paused }
      guard view.epoch == certificate.epoch else { throw .otherKeyCertificate }
      let quorum = try await assemble(work, certificate, view)
      let request = try prepare(quorum.named, view)
      let nodes = quorum.named.nodes
      var judge = AttemptJudge(work: work, quorum: nodes, spare: nodes.count - certificate.threshold.t)
      let fanOut = FanOut(clock: clock, timeout: limits.attempt + work.extraTime)
      let reports = await fanOut.run(
        request, to: quorum.connections, path: work.path,
        findStuck: { [pool] in await pool.findStuck(nodes.compactMap { view.member($0) }, in: view) },
        judge: { judge.verdict($0) })
      await settle(quorum.connections, reports)

      switch judge.combination(reports) {
      case .finished(let output, let cheated):
        learn(reports, nodes, Blame(cheated: cheated), certificate, failed: false)
        return output
      case .unresolved(let groups):
        let odd = groups.dropFirst().flatMap(\.self)
        memory.withChooser(of: certificate) {
          $0.learn(from: reports, quorum: nodes, blame: Blame(), odd: odd, failed: true)
        }
        throw .nodesDiffer(groups)
      case .incomplete(let blame), .failed(let blame):
        learn(reports, nodes, blame, certificate, failed: true)
        last = Self.troubles(reports, nodes, blame)
      }
      for (node, report) in reports {
        if case .refused(let code) = report, code.isFinal { refusals[node] = code }
      }
      if let code = Self.believed(refusals, certificate) { throw .refused(code) }
      await pause(before: attempts + 1, after: reports)
    }
    throw .failed(attempts: attempts, last: last)
  }

  /// A node that is gone is replaced at once. Nodes that are there and could not do it get some time, more every time.
  private func pause(before attempt: Int, after reports: [NodeID: NodeReport]) async {
    let isBusy = reports.values.contains { report in
      switch report {
      case .refused, .sessionFailed: true
      case .share, .connection, .cheated: false
      }
    }
    guard isBusy, attempt > 2 else { return }
    try? await clock.sleep(for: min(.milliseconds(50 << min(attempt, 10)), .seconds(1)))
  }

  private struct Assembled {
    var named: Quorum
    var connections: [PooledConnection]
  }

  private func assemble(
    _ work: some QuorumOperation, _ certificate: KeyCertificate, _ snapshot: MembershipSnapshot
  ) async throws(ClientError) -> Assembled {
    let t = certificate.threshold.t
    let members = Self.members(certificate, snapshot)
    let usable = Set(memory.withChooser(of: certificate) { $0.usable(members.map(\.node), needed: t) })
    let enough = min(work.quorumSize(available: usable.count, threshold: t), usable.count)
    let gathered = await pool.gather(members.filter { usable.contains($0.node) }, in: snapshot, enough: enough)

    let available = gathered.connections.count
    let size = work.quorumSize(available: available, threshold: t)
    let chosen = memory.withChooser(of: certificate) { chooser in
      for node in gathered.failures.keys { chooser.recordLapse(of: node) }
      return chooser.choose(size, from: Array(gathered.connections.keys))
    }
    let taken = Set(chosen ?? [])
    for (node, pooled) in gathered.connections where !taken.contains(node) { await pool.giveBack(pooled) }
    guard let chosen, chosen.count >= t else {
      throw .tooFewNodes(verified: available, needed: t, failures: gathered.failures)
    }
    let connections = chosen.compactMap { gathered.connections[$0] }
    let entries = connections.map { QuorumEntry(node: $0.node, instance: $0.connection.instance) }
    guard let named = try? Quorum(entries) else { throw .inconsistent("a quorum of \(entries.count) nodes") }
    return Assembled(named: named, connections: connections)
  }

  /// Members of the certificate's epoch that the registry still lists with stake and under the same identity key.
  static func members(_ certificate: KeyCertificate, _ snapshot: MembershipSnapshot) -> [Member] {
    certificate.members.compactMap { certified in
      guard let member = snapshot.eligibleMember(certified.node), member.identityKey == certified.identityKey else {
        return nil
      }
      return member
    }
  }

  /// A connection whose answer was not waited for is of no more use: the answer may still come.
  private func settle(_ connections: [PooledConnection], _ reports: [NodeID: NodeReport]) async {
    for pooled in connections {
      switch reports[pooled.node] {
      case .share, .sessionFailed: await pool.giveBack(pooled)
      case .refused(let code) where code != .wrongQuorum: await pool.giveBack(pooled)
      // The node may be another instance than the one that was verified.
      case .refused, .connection, .cheated, nil: await pooled.connection.close()
      }
    }
  }

  private func learn(
    _ reports: [NodeID: NodeReport], _ nodes: [NodeID], _ blame: Blame, _ certificate: KeyCertificate, failed: Bool
  ) {
    memory.withChooser(of: certificate) { $0.learn(from: reports, quorum: nodes, blame: blame, failed: failed) }
  }

  private static func troubles(
    _ reports: [NodeID: NodeReport], _ nodes: [NodeID], _ blame: Blame
  ) -> [NodeID: NodeTrouble] {
    var troubles: [NodeID: NodeTrouble] = [:]
    for node in nodes {
      if let what = blame.cheated[node] {
        troubles[node] = .cheated(what)
      } else if let report = reports[node] {
        troubles[node] = report.trouble
      } else {
        troubles[node] = .notNeeded
      }
    }
    for pair in blame.contradictions {
      for node in [pair.first, pair.second] where troubles[node] == nil {
        troubles[node] = .sessionFailed(.disagreement)
      }
    }
    return troubles
  }

  /// `n − t` members may lie about a refusal; one more cannot.
  private static func believed(_ refusals: [NodeID: ErrorCode], _ certificate: KeyCertificate) -> ErrorCode? {
    let needed = certificate.threshold.n - certificate.threshold.t + 1
    let votes = Dictionary(grouping: refusals.values, by: \.self).mapValues(\.count)
    return votes.filter { $0.value >= needed }.max { $0.value < $1.value }?.key
  }
}

extension ErrorCode {
  /// Whether another request like this one would be refused as well.
  var isFinal: Bool {
    switch self {
    case .invalidRequest, .tooLarge, .notFound, .methodNotAllowed, .invalidSignature, .wrongNetwork, .invalidCapability,
      .outsideTimeWindow, .notPermitted:
      true
    case .wrongEpoch, .wrongQuorum, .duplicateRequest, .tooManyRequests, .overloaded, .notReady, .cannotExecute,
      .internalError, .codeNotFound, .sessionMismatch, .peersMissing, .peerCheated, .disagreement, .deadlineExceeded:
      false
    }
  }
}
