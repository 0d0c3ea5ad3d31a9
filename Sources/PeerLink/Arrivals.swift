import NIOCore
import Synchronization

/// Connections a listener accepted and nobody serves yet.
///
/// A listener that ends forgets those it has not handed over, and leaves them open: whoever dialled would wait for an
/// answer until its own patience ends.
final class Arrivals: Sendable {
  private struct State {
    var waiting: [ObjectIdentifier: any Channel] = [:]
    var isOver = false
  }

  private let state = Mutex(State())

  /// - Returns: false when nobody is going to serve it.
  func add(_ channel: any Channel) -> Bool {
    state.withLock { state in
      guard !state.isOver else { return false }
      state.waiting[ObjectIdentifier(channel)] = channel
      return true
    }
  }

  /// Somebody serves it, and closes it.
  func take(_ channel: any Channel) {
    state.withLock { $0.waiting[ObjectIdentifier(channel)] = nil }
  }

  /// Closes all that wait. Nobody is served from now on.
  func end() {
    let waiting = state.withLock { state in
      state.isOver = true
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for channel in waiting { channel.close(promise: nil) }
  }
}
