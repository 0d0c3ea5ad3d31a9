public import Identifiers
import Synchronization

/// A clock that moves only when a test says so.
///
/// Wall and monotonic time move together with ``advance(by:)``; ``setWall(_:)`` moves the wall alone, as an
/// administrator or a faulty time server would.
public final class ManualClock: LocalClock {
  private struct Sleeper {
    let deadline: Duration
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var wall: Duration
    var monotonic: Duration = .zero
    var nextSleeper = 0
    var sleepers: [Int: Sleeper] = [:]
    var cancelledEarly: Set<Int> = []
  }

  private let state: Mutex<State>

  public init(wall: Timestamp) {
    state = Mutex(State(wall: .seconds(wall.secondsSince1970)))
  }

  public var wall: Timestamp {
    Timestamp(secondsSince1970: state.withLock { $0.wall.components.seconds })
  }

  public func monotonicNow() -> Duration { state.withLock { $0.monotonic } }

  /// How many tasks sleep now.
  public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

  /// How many sleep for so long from now on, or longer.
  public func sleeperCount(lasting duration: Duration) -> Int {
    state.withLock { state in state.sleepers.values.count { $0.deadline - state.monotonic >= duration } }
  }

  public func setWall(_ wall: Timestamp) {
    state.withLock { $0.wall = .seconds(wall.secondsSince1970) }
  }

  /// Moves both times and wakes whoever's time has come, the earliest first.
  public func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.wall += duration
      state.monotonic += duration
      let due = state.sleepers.filter { $0.value.deadline <= state.monotonic }
      for id in due.keys { state.sleepers[id] = nil }
      return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }
    }
    for (_, sleeper) in due { sleeper.continuation.resume() }
  }

  public func sleep(for duration: Duration) async throws {
    try Task.checkCancellation()
    let id = state.withLock { state in
      state.nextSleeper += 1
      return state.nextSleeper
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome: Result<Void, any Error>? = state.withLock { state in
          if state.cancelledEarly.remove(id) != nil { return .failure(CancellationError()) }
          guard duration > .zero else { return .success(()) }
          state.sleepers[id] = Sleeper(deadline: state.monotonic + duration, continuation: continuation)
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        let sleeper = state.sleepers.removeValue(forKey: id)
        if sleeper == nil { state.cancelledEarly.insert(id) }
        return sleeper
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }
}
