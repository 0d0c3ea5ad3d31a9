import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Secrets
import Signatures
import Testing
import ThresholdSchnorr

/// One request's signing session in the simulator.
struct SigningSession<S: CertifiedSchnorrSuite>: Sendable {
  typealias Outcome = Result<SigningContribution<S>, ProtocolAbort>

  let message = Array("a message of no importance".utf8)
  let key: SharedKey<S>
  let quorum: PartySet
  let order: SigningOrder<S>
  let id: SessionID
  private let seed: UInt64

  init(t: Int, n: Int, seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    key = try SharedKey(t: t, n: n, seed: random.next())
    quorum = try shuffledQuorum(of: key.threshold, from: &random)
    order = try SigningOrder(message: message, key: key.publicKey, quorum: quorum)
    id = try SessionID(bytes: random.bytes(32))
    self.seed = seed
  }

  /// What the user does with everybody's contributions.
  func combine(_ contributions: [SigningContribution<S>]) throws(AggregationFailure) -> [UInt8] {
    try SigningContribution.combine(contributions, message: message, key: key.publicKey, quorum: quorum)
  }

  /// Runs it and checks what must hold after every run.
  ///
  /// - Parameter invariants: watches a whole sweep: a nonce used in two runs is seen there only.
  func run(
    _ simulation: Simulation, adversary: some Adversary = HonestNetwork(),
    watchedBy invariants: inout Invariants
  ) -> Simulation.Result<Outcome>? {
    let (result, livingSecrets) = Invariants.run { simulate(simulation, adversary: adversary) }
    guard let result else { return nil }
    var endings: [PartyID: Invariants.Ending] = [:]
    for (party, outcome) in result.outcomes {
      switch outcome {
      case .success(let contribution):
        let mine = contribution.commitments[party]
        endings[party] = Invariants.Ending(
          nonces: [mine?.hiding.canonicalBytes, mine?.binding.canonicalBytes].compactMap { $0 },
          transcript: id.bytes + contribution.commitments.encoded + message)
      case .failure(let abort):
        endings[party] = Invariants.Ending(abort: abort)
      }
    }
    invariants.check(endings, corrupted: simulation.corrupted, livingSecrets: livingSecrets)
    return result
  }

  func run(
    _ simulation: Simulation, adversary: some Adversary = HonestNetwork()
  ) -> Simulation.Result<Outcome>? {
    var invariants = Invariants()
    let result = run(simulation, adversary: adversary, watchedBy: &invariants)
    for violation in invariants.violations { Issue.record("seed \(simulation.seed): \(violation)") }
    return result
  }

  /// Runs it and leaves it to the caller what to make of the outcome: for controls.
  ///
  /// - Parameter strayed: a signer that somebody made believe it is in another session.
  func simulate(
    _ simulation: Simulation, adversary: some Adversary = HonestNetwork(), strayed: PartyID? = nil
  ) -> Simulation.Result<Outcome>? {
    var mailboxes: [PartyID: Mailbox] = [:]
    var contexts: [PartyID: SessionContext] = [:]
    for party in quorum {
      let session = party == strayed ? SessionID.zero : id
      guard let context = try? SessionContext(session: session, me: party, parties: quorum, threshold: key.threshold)
      else { return nil }
      contexts[party] = context
      mailboxes[party] = Mailbox(context, SigningProtocol.plan(for: S.self, in: context))
    }
    return simulation.run(mailboxes, adversary: adversary) { [contexts] party, mailbox, transport -> Outcome in
      guard let context = contexts[party] else { return .failure(.internalFault("no context")) }
      do throws(ProtocolAbort) {
        return .success(
          try await SigningProtocol.sign(
            order, share: key.share(of: party),
            in: ProtocolSession(context, mailbox: mailbox, transport: transport),
            random: SeededRandom(seed: seed).split(UInt64(party.value))))
      } catch {
        return .failure(error)
      }
    }
  }
}
