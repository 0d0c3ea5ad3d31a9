import Foundation
import UnixSignals

/// Lets Ctrl-C end a command in an orderly way: its task is cancelled, so that temporary files go and children stop.
enum Interruption {
  static func cancellable(_ work: @escaping @Sendable () async throws -> Void) async throws {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    let task = Task { try await work() }
    let watcher = Task {
      var seen = 0
      for await _ in signals {
        seen += 1
        task.cancel()
        // Whoever asks twice does not want to wait.
        if seen > 1 { _exit(130) }
      }
    }
    defer { watcher.cancel() }
    do {
      try await task.value
    } catch {
      guard task.isCancelled else { throw error }
      throw CommandFailure(.interrupted, "stopped")
    }
  }
}
