import ActionNames
import Authorization
import Identifiers
import Membership
import PublicKeys
import Wire

/// Takes what an action came to only if all nodes of the quorum, `t` of them, say the same; then combines the shares of
/// each signature it asked for.
struct ExecutionCombination: QuorumOperation {
  let certificate: KeyCertificate
  /// Where the purposes of keys stand.
  let snapshot: MembershipSnapshot
  let action: ActionID

  var path: String { "/v1/execute" }
  /// ``ActionLimits/time`` of nodes that left it as it is.
  var extraTime: Duration { .seconds(30) }

  func quorumSize(available: Int, threshold: Int) -> Int { threshold }

  /// Everything that has to be alike.
  private struct Agreed: Hashable {
    let response: String?
    let failure: ExecutionOutcome.Failure?
    let signed: [Signed]

    struct Signed: Hashable {
      let name: String
      let key: KeyID
      let content: ContentToSign
    }

    init(_ outcome: ExecutionOutcome) {
      response = outcome.response
      failure = outcome.failure
      signed = outcome.signatures.map { Signed(name: $0.name, key: $0.key, content: $0.content) }
    }
  }

  func combine(_ shares: [NodeID: ShareOutcome], quorum: [NodeID]) -> Combination<ActionResult> {
    var blame = Blame()
    var outcomes: [NodeID: ExecutionOutcome] = [:]
    for (node, share) in shares {
      guard case .execution(let outcome) = share, outcome.action == action else {
        blame.cheated[node] = "it answered something else than what became of this action"
        continue
      }
      outcomes[node] = outcome
    }
    guard blame.isEmpty else { return .failed(blame) }
    guard quorum.allSatisfy({ outcomes[$0] != nil }), let first = quorum.first.flatMap({ outcomes[$0] }) else {
      return .incomplete(blame)
    }
    let groups = Dictionary(grouping: quorum) { outcomes[$0].map(Agreed.init) }.values
    guard groups.count == 1 else {
      // Larger ones first, so that who is alone with what it says stands at the end.
      return .unresolved(
        groups.sorted { ($1.count, $0.min() ?? .zero) < ($0.count, $1.min() ?? .zero) }.map { $0.sorted() })
    }
    var signatures: [String: FinishedSignature] = [:]
    for (place, share) in first.signatures.enumerated() {
      let parts = outcomes.compactMapValues { outcome in
        outcome.signatures.indices.contains(place) ? ShareOutcome(outcome.signatures[place].share) : nil
      }
      switch combine(parts, of: share, quorum) {
      case .finished(let signature, _): signatures[share.name] = signature
      case .failed(let blame), .incomplete(let blame): return .failed(blame)
      case .unresolved(let groups): return .unresolved(groups)
      }
    }
    return .finished(
      ActionResult(
        action: action, response: first.response, failure: first.failure, signatures: signatures,
        logs: outcomes.mapValues(\.logs), usage: outcomes.mapValues(\.usage),
        failedOperations: Self.failedOperations(outcomes)), cheated: [:])
  }

  /// A node can only speak about the others it ran the action with.
  private static func failedOperations(_ outcomes: [NodeID: ExecutionOutcome]) -> [NodeID: [FailedOperation]] {
    var told: [NodeID: [FailedOperation]] = [:]
    for (node, outcome) in outcomes where !outcome.failedOperations.isEmpty {
      told[node] = outcome.failedOperations.map { failed in
        failed.holdingResponsible { $0 != node && outcomes[$0] != nil }
      }
    }
    return told
  }

  /// As if the user had asked for this signature alone.
  private func combine(
    _ parts: [NodeID: ShareOutcome], of share: NamedShare, _ quorum: [NodeID]
  ) -> Combination<FinishedSignature> {
    guard let record = snapshot.keyRecord(share.key),
      let publicKey = try? QuorateClient.publicKey(of: share.key, purpose: record.purpose, in: certificate),
      let message = share.content.message(under: publicKey)
    else { return .failed(Blame()) }
    if record.purpose == .secp256k1ECDSA {
      guard let digest = try? Digest32(bytes: message) else { return .failed(Blame()) }
      return ECDSASignatureCombination(certificate: certificate, key: share.key, digest: digest)
        .combine(parts, quorum: quorum)
    }
    return SignatureCombination(certificate: certificate, key: share.key, purpose: record.purpose, message: message)
      .combine(parts, quorum: quorum)
  }
}

extension ShareOutcome {
  fileprivate init(_ share: NamedShare.Share) {
    switch share {
    case .schnorr(let outcome): self = .signature(outcome)
    case .ecdsa(let outcome): self = .ecdsa(outcome)
    }
  }
}
