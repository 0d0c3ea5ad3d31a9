import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Secrets
import Signatures
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

  func run(
    _ simulation: Simulation, adversary: some Adversary = HonestNetwork()
  ) -> Simulation.Result<Outcome>? {
    var mailboxes: [PartyID: Mailbox] = [:]
    var contexts: [PartyID: SessionContext] = [:]
    for party in quorum {
      guard let context = try? SessionContext(session: id, me: party, parties: quorum, threshold: key.threshold) else {
        return nil
      }
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
