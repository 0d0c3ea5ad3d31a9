import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing

@testable import ThresholdECDSA

/// One set-up between two parties, simulated.
enum SetupRun {
  typealias Outcome = Result<PairSetup, ProtocolAbort>

  static func session(_ number: UInt8 = 3) throws -> SessionID {
    try SessionID(bytes: [UInt8](repeating: number, count: 32))
  }

  static func context(_ me: PartyID, _ parties: PartySet, _ session: SessionID) throws -> SessionContext {
    try SessionContext(session: session, me: me, parties: parties, threshold: Threshold(t: 2, n: 10))
  }

  static func order(_ parties: PartySet, epoch: UInt64 = 1) throws -> PairSetupOrder {
    let ends = try parties.map { party in
      PairSetupOrder.End(
        party: party, node: try NodeID(bytes: [UInt8](repeating: UInt8(party.value), count: 20)),
        instance: try Instance(bytes: [UInt8](repeating: UInt8(party.value), count: 32)))
    }
    return try PairSetupOrder(epoch: epoch, ends[0], ends[1])
  }

  static func order(epoch: UInt64 = 1) throws -> PairSetupOrder {
    try order(PartySet([PartyID(1), PartyID(2)]), epoch: epoch)
  }

  /// - Parameter orders: of single parties, where it is not the common one.
  static func simulate<End: Sendable>(
    _ parties: PartySet? = nil, session: SessionID? = nil, seed: UInt64, orders: [UInt16: PairSetupOrder] = [:],
    corrupted: Set<PartyID> = [], adversary: some Adversary = HonestNetwork(), hasDeadline: Bool = true,
    _ end: @escaping @Sendable (PartyID, Outcome) -> End
  ) throws -> Simulation.Result<End>? {
    let parties = try parties ?? PartySet([PartyID(1), PartyID(2)])
    let session = try session ?? Self.session()
    let common = try order(parties)
    var contexts: [PartyID: SessionContext] = [:]
    for party in parties { contexts[party] = try context(party, parties, session) }
    let mailboxes = contexts.mapValues { Mailbox($0, PairSetupProtocol.plan(in: $0)) }
    let simulation = Simulation(seed: seed, corrupted: corrupted, hasDeadline: hasDeadline)
    return simulation.run(mailboxes, adversary: adversary) { [contexts] party, mailbox, transport in
      do throws(ProtocolAbort) {
        guard let context = contexts[party] else { throw .internalFault("a test's mistake") }
        return end(
          party,
          .success(
            try await PairSetupProtocol.run(
              orders[party.value] ?? common, in: ProtocolSession(context, mailbox: mailbox, transport: transport),
              random: SeededRandom(seed: seed).split(UInt64(party.value)))))
      } catch {
        return end(party, .failure(error))
      }
    }
  }

  static func run(
    _ parties: PartySet? = nil, seed: UInt64, orders: [UInt16: PairSetupOrder] = [:], corrupted: Set<PartyID> = [],
    adversary: some Adversary = HonestNetwork()
  ) throws -> [PartyID: Outcome] {
    let result = try simulate(parties, seed: seed, orders: orders, corrupted: corrupted, adversary: adversary) { $1 }
    return result?.outcomes ?? [:]
  }
}
