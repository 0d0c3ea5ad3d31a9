import Identifiers
public import SecretSharing
import Synchronization
import Transcripts

/// Where the messages of one run wait for the protocol, one slot per (round, channel, sender).
///
/// The host delivers whatever arrives on an authenticated link, at any time and in any order; the protocol gathers.
/// Nobody's messages can displace another's, and the memory held is bounded by the ``RoundPlan``.
///
/// The host's deadline has two steps. ``expire()``: whoever still waits tells the others for whom, and stops.
/// ``close()``, once those notices can have arrived: it learns the outcome. Without the first step a party that waits in
/// vain would itself be taken for silent by those who wait for it. ``DeadlineKeeper`` does both.
public final class Mailbox: Sendable {
  /// What became of a delivered envelope.
  public enum Delivery: Sendable, Hashable {
    case accepted
    /// Bit for bit what the sender had sent before, as a link may do that answers a repeated request; ignored.
    case repeated
    /// Belongs to no slot of this run; counted and forgotten, and nobody is blamed for it.
    case dropped(DropReason)
    /// The sender broke the protocol; the run will end.
    case refused(Fault)
  }

  public enum DropReason: Sendable, Hashable {
    case unknownSender
    case sessionMismatch
    case closed
  }

  private struct Entry {
    let digest: Digest32
    var payload: [UInt8]
  }

  private struct Waiter {
    let id: Int
    let slot: RoundPlan.Slot
    let senders: [PartyID]
    /// Set once the run is known to end without result: whose messages were missing then.
    let overdue: [PartyID]?
    let continuation: CheckedContinuation<Wait, Never>
  }

  /// How a wait ends.
  enum Wait: Sendable {
    case gathered([PartyID: [UInt8]])
    case expired(missing: [PartyID])
    case failed(ProtocolAbort)
  }

  private struct State {
    var entries: [RoundPlan.Slot: [PartyID: Entry]] = [:]
    var notices: [PartyID: AbortNotice] = [:]
    var faults: [PartyID: Fault] = [:]
    var drops: [DropReason: Int] = [:]
    var waiters: [Waiter] = []
    var waitCount = 0
    var isExpired = false
    var isClosed = false
    var isCancelled = false
  }

  private let context: SessionContext
  private let plan: RoundPlan
  private let state = Mutex(State())

  public init(_ context: SessionContext, _ plan: RoundPlan) {
    self.context = context
    self.plan = plan
  }

  /// Never waits. Early messages are kept for their round.
  @discardableResult
  public func deliver(_ envelope: Envelope, from sender: PartyID) -> Delivery {
    let digest = Digest32.sha256(of: envelope.payload)
    return settle { state in
      if let reason = dropReason(envelope, from: sender, isClosed: state.isClosed) {
        state.drops[reason, default: 0] += 1
        return .dropped(reason)
      }
      do throws(Fault) {
        return try put(envelope, digest, from: sender, into: &state) ? .accepted : .repeated
      } catch {
        if state.faults[sender] == nil { state.faults[sender] = error }
        return .refused(error)
      }
    }
  }

  /// The host's deadline, first step. Messages are still accepted.
  public func expire() {
    settle { state in state.isExpired = true }
  }

  /// The host's deadline, second step: nothing more is accepted.
  public func close() {
    settle { state in
      state.isExpired = true
      state.isClosed = true
    }
  }

  /// The wait that is going on, if any: a number that every wait gets anew.
  public var currentWait: Int? { state.withLock { $0.waiters.first?.id } }

  /// ``expire()`` if that wait is still going on.
  ///
  /// - Returns: whether it was.
  public func expire(ifStillWaiting wait: Int) -> Bool {
    settle { state in
      let isWaiting = state.waiters.contains { $0.id == wait }
      if isWaiting { state.isExpired = true }
      return isWaiting
    }
  }

  public func dropCount(_ reason: DropReason) -> Int { state.withLock { $0.drops[reason, default: 0] } }

  /// How many payload bytes are held now.
  public var heldByteCount: Int {
    state.withLock { state in
      state.entries.values.reduce(0) { sum, entries in entries.values.reduce(sum) { $0 + $1.payload.count } }
    }
  }

  /// Waits for all of these parties' messages of a round and takes them out.
  ///
  /// A fault of anybody ends the run at once; so does the stopping of a party whose message is still missing.
  func gather(_ round: UInt8, _ channel: Channel, from senders: [PartyID]) async -> Wait {
    await wait(RoundPlan.Slot(round: round, channel: channel), senders, overdue: nil)
  }

  /// After ``Wait/expired(missing:)``, and after the others were told: waits for the box to be closed or for the notices
  /// of all who were missing, and gives the reason the run failed.
  func conclude(_ round: UInt8, missing: [PartyID]) async -> ProtocolAbort {
    switch await wait(RoundPlan.Slot(round: round, channel: .abort), [], overdue: missing) {
    case .failed(let abort): abort
    case .gathered, .expired: .missing(round: round, missing)
    }
  }

  private func wait(_ slot: RoundPlan.Slot, _ senders: [PartyID], overdue: [PartyID]?) async -> Wait {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        settle { state in
          state.waitCount += 1
          state.waiters.append(
            Waiter(
              id: state.waitCount, slot: slot, senders: senders, overdue: overdue, continuation: continuation))
        }
      }
    } onCancel: {
      settle { state in state.isCancelled = true }
    }
  }

  /// Changes the state, then lets every waiter go whose wait is over.
  @discardableResult
  private func settle<Value: Sendable>(_ change: (inout State) -> Value) -> Value {
    let (value, finished) = state.withLock { state in
      let value = change(&state)
      var finished: [(CheckedContinuation<Wait, Never>, Wait)] = []
      var waiting: [Waiter] = []
      for waiter in state.waiters {
        if let outcome = outcome(of: waiter, &state) {
          finished.append((waiter.continuation, outcome))
        } else {
          waiting.append(waiter)
        }
      }
      state.waiters = waiting
      return (value, finished)
    }
    for (continuation, outcome) in finished { continuation.resume(returning: outcome) }
    return value
  }

  private func dropReason(_ envelope: Envelope, from sender: PartyID, isClosed: Bool) -> DropReason? {
    if envelope.session != context.session { return .sessionMismatch }
    if sender == context.me || !context.parties.contains(sender) { return .unknownSender }
    return isClosed ? .closed : nil
  }

  /// - Returns: false for a repetition.
  private func put(
    _ envelope: Envelope, _ digest: Digest32, from sender: PartyID, into state: inout State
  ) throws(Fault) -> Bool {
    let slot = RoundPlan.Slot(round: envelope.round, channel: envelope.channel)
    let isNotice = envelope.channel == .abort
    guard let limit = isNotice ? AbortNotice.byteLimit : plan.byteLimits[slot] else {
      throw .unexpectedMessage(round: envelope.round, channel: envelope.channel)
    }
    guard envelope.payload.count <= limit else {
      throw .oversizedMessage(round: envelope.round, channel: envelope.channel, byteCount: envelope.payload.count)
    }
    if isNotice {
      // The first notice counts; a party that stops has no second reason.
      guard state.notices[sender] == nil else { return false }
      do {
        state.notices[sender] = try AbortNotice(encoded: envelope.payload, in: context)
      } catch {
        throw .malformedMessage(round: envelope.round, part: error.part)
      }
      return true
    }
    if let earlier = state.entries[slot]?[sender] {
      guard earlier.digest != digest else { return false }
      throw .conflictingMessages(
        round: envelope.round, channel: envelope.channel, first: earlier.digest, second: digest)
    }
    state.entries[slot, default: [:]][sender] = Entry(digest: digest, payload: envelope.payload)
    return true
  }

  private func outcome(of waiter: Waiter, _ state: inout State) -> Wait? {
    if state.isCancelled { return .failed(.cancelled) }
    if !state.faults.isEmpty { return .failed(.blamed(state.faults)) }
    if let overdue = waiter.overdue {
      let silent = overdue.filter { state.notices[$0] == nil }
      guard silent.isEmpty || state.isClosed else { return nil }
      return .failed(
        silent.isEmpty
          ? conclusion(overdue, waiter.slot.round, state) : .missing(round: waiter.slot.round, silent))
    }
    let missing = waiter.senders.filter { state.entries[waiter.slot]?[$0] == nil }
    if missing.isEmpty { return .gathered(take(waiter, from: &state)) }
    let stopped = missing.filter { state.notices[$0] != nil }
    if !stopped.isEmpty { return .failed(conclusion(stopped, waiter.slot.round, state)) }
    return state.isExpired ? .expired(missing: missing) : nil
  }

  /// What follows from the notices of parties that stopped.
  private func conclusion(_ stopped: [PartyID], _ round: UInt8, _ state: State) -> ProtocolAbort {
    let sets = stopped.flatMap { party in state.notices[party]?.conclusions(from: party) ?? [] }
    return sets.isEmpty ? .missing(round: round, stopped) : .disagreement(sets)
  }

  /// The digests stay, so that a second message is still noticed.
  private func take(_ waiter: Waiter, from state: inout State) -> [PartyID: [UInt8]] {
    var taken: [PartyID: [UInt8]] = [:]
    for sender in waiter.senders {
      taken[sender] = state.entries[waiter.slot]?[sender]?.payload
      state.entries[waiter.slot]?[sender]?.payload = []
    }
    return taken
  }
}
