public import Rounds
public import SecretSharing
import Synchronization

/// All parties of one run in one process on one thread, with an adversary that moves last and a schedule drawn from a
/// seed. Repeating a seed repeats the run, message by message.
public struct Simulation {
  public let seed: UInt64
  public let corrupted: Set<PartyID>
  /// Off for hosts that forget their deadline.
  public let hasDeadline: Bool

  public init(seed: UInt64, corrupted: Set<PartyID> = [], hasDeadline: Bool = true) {
    self.seed = seed
    self.corrupted = corrupted
    self.hasDeadline = hasDeadline
  }

  /// What came of a run.
  public struct Result<Outcome: Sendable>: Sendable {
    /// Of every party, the corrupted included.
    public let outcomes: [PartyID: Outcome]
    public let sent: [SimulatedMessage]
    /// How many jobs the run took; every suspension ends one.
    public let jobCount: Int
  }

  /// Runs every party's function to its end.
  ///
  /// When nobody can take another step, not even the adversary, the deadline has come: all mailboxes expire, and when
  /// all is quiet again they are closed.
  ///
  /// - Returns: nil when a party still did not end then: it waits for something that cannot come.
  public func run<Outcome: Sendable>(
    _ mailboxes: [PartyID: Mailbox], adversary: some Adversary = HonestNetwork(),
    party: @escaping @Sendable (PartyID, Mailbox, SimulatedTransport) async -> Outcome
  ) -> Result<Outcome>? {
    let executor = SeededExecutor(seed: seed)
    let network = SimulatedNetwork(seed: seed &+ 1, mailboxes: mailboxes, corrupted: corrupted)
    let outcomes = Outcomes<Outcome>()
    for (id, mailbox) in mailboxes.sorted(by: { $0.key < $1.key }) {
      Task(executorPreference: executor) {
        outcomes.put(await party(id, mailbox, SimulatedTransport(party: id, network: network)), for: id)
      }
    }
    var adversary = adversary
    var random = SeededRandom(seed: seed &+ 2)
    var deadlines: [(Mailbox) -> Void] = hasDeadline ? [{ $0.expire() }, { $0.close() }] : []
    while outcomes.count < mailboxes.count {
      let choices = executor.waitingCount + network.inFlightCount
      if choices > 0 {
        if random.next(below: choices) < executor.waitingCount {
          _ = executor.runOne()
        } else {
          _ = network.deliverOne()
        }
        continue
      }
      let held = network.takeHeld()
      if !held.isEmpty {
        network.release(adversary.move(held, seen: network.sent))
      } else if !deadlines.isEmpty {
        let deadline = deadlines.removeFirst()
        for mailbox in mailboxes.values { deadline(mailbox) }
      } else {
        // Lets go of whoever still waits, so that nothing of the run stays behind.
        for mailbox in mailboxes.values { mailbox.close() }
        while executor.runOne() || network.deliverOne() {}
        return nil
      }
    }
    return Result(outcomes: outcomes.all, sent: network.sent, jobCount: executor.ranCount)
  }

  private final class Outcomes<Outcome: Sendable>: Sendable {
    private let state = Mutex<[PartyID: Outcome]>([:])

    var count: Int { all.count }
    var all: [PartyID: Outcome] { state.withLock { $0 } }

    func put(_ outcome: Outcome, for party: PartyID) {
      state.withLock { $0[party] = outcome }
    }
  }
}
