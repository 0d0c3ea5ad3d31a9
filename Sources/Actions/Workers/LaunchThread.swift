import Dispatch
import Foundation
import Synchronization

/// The one thread that starts workers.
///
/// Setting up namespaces blocks for milliseconds, which the threads of tasks are not for. And the kernel ends a worker
/// with the thread that started it, not with the process: this thread lives as long as the process does.
final class LaunchThread: Sendable {
  static let shared = LaunchThread()

  private let jobs = Mutex<[@Sendable () -> Void]>([])
  private let waiting = DispatchSemaphore(value: 0)

  private init() {
    Thread.detachNewThread { [self] in
      while true {
        waiting.wait()
        let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        job?()
      }
    }
  }

  func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws(WorkerStartFailure) -> Value
  ) async throws(WorkerStartFailure) -> Value {
    let result = await withCheckedContinuation { continuation in
      jobs.withLock { jobs in
        jobs.append { continuation.resume(returning: Result { () throws(WorkerStartFailure) in try body() }) }
      }
      waiting.signal()
    }
    return try result.get()
  }
}
