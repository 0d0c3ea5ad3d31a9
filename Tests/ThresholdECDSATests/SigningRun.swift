import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing
import Secrets
import Signatures

@testable import ThresholdECDSA

/// One signing by one quorum, simulated.
struct SigningRun: Sendable {
  typealias Outcome = Result<ECDSAContribution, ProtocolAbort>

  let key: DealtKey
  let quorum: PartySet
  let setups: [PartyID: [PartyID: PairSetup]]
  var session: SessionID
  var digest: Digest32
  /// Of single parties, where it is not the common one.
  var agreements: [PartyID: Digest32] = [:]

  init(t: Int, n: Int, seed: UInt64) throws {
    key = try DealtKey(t: t, n: n, seed: seed)
    quorum = try key.quorum(seed: seed &+ 1)
    setups = try DealtSetup.all(quorum, seed: seed &+ 2)
    var random = SeededRandom(seed: seed &+ 3)
    session = try SessionID(bytes: random.bytes(32))
    digest = try Digest32(bytes: random.bytes(32))
  }

  /// The same request with other set-ups.
  init(_ run: SigningRun, setups: [PartyID: [PartyID: PairSetup]]) {
    (key, quorum, session, digest, agreements) = (run.key, run.quorum, run.session, run.digest, run.agreements)
    self.setups = setups
  }

  func context(_ party: PartyID) throws -> SessionContext {
    try SessionContext(session: session, me: party, parties: quorum, threshold: key.threshold)
  }

  func order(_ party: PartyID) throws -> ECDSASigningOrder {
    try ECDSASigningOrder(
      digest: digest, key: key.publicKey, quorum: quorum, agreement: agreements[party] ?? .zero)
  }

  func run(
    seed: UInt64, corrupted: Set<PartyID> = [], adversary: some Adversary = HonestNetwork(), hasDeadline: Bool = true
  ) throws -> Simulation.Result<Outcome>? {
    var mailboxes: [PartyID: Mailbox] = [:]
    for party in quorum {
      let context = try context(party)
      mailboxes[party] = Mailbox(context, ECDSASigningProtocol.plan(in: context))
    }
    let simulation = Simulation(seed: seed, corrupted: corrupted, hasDeadline: hasDeadline)
    return simulation.run(mailboxes, adversary: adversary) { party, mailbox, transport in
      do throws(ProtocolAbort) {
        guard let context = try? context(party), let order = try? order(party) else {
          throw .internalFault("a test's mistake")
        }
        let random = SeededRandom(seed: seed).split(UInt64(party.value))
        return .success(
          try await ECDSASigningProtocol.sign(
            order, share: key.share(of: party), setups: setups[party] ?? [:],
            in: ProtocolSession(context, mailbox: mailbox, transport: transport), random: random))
      } catch {
        return .failure(error)
      }
    }
  }

  func combine(_ outcomes: [PartyID: Outcome]) throws -> ECDSASignature {
    let contributions = try outcomes.mapValues { try $0.get() }
    return try ECDSACombination(digest: digest, key: key.publicKey, quorum: quorum).combine(contributions)
  }
}
