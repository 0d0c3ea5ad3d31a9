import ChainRegistry
import Synchronization

/// Lets nodes follow the chain, or not.
final class PollingGate: Sendable {
  private let state = Mutex((isClosed: false, following: 0))

  /// In the place of the reader's own run: the same, as long as the gate is open.
  func follow(_ registry: ChainRegistry) async {
    while !Task.isCancelled {
      if enter() {
        let run = Task { await registry.run() }
        while isOpen, (try? await Task.sleep(for: .milliseconds(20))) != nil {}
        run.cancel()
        await run.value
        state.withLock { $0.following -= 1 }
      }
      guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return }
    }
  }

  private var isOpen: Bool { state.withLock { !$0.isClosed } }

  private func enter() -> Bool {
    state.withLock { state in
      if !state.isClosed { state.following += 1 }
      return !state.isClosed
    }
  }

  /// Returns when nobody asks anything any more.
  func close() async {
    state.withLock { $0.isClosed = true }
    while state.withLock({ $0.following }) > 0 { try? await Task.sleep(for: .milliseconds(10)) }
  }

  func open() { state.withLock { $0.isClosed = false } }
}
