internal import Dispatch

/// Runs the vault on a thread of its own: its writes wait for the disk and must not hold up a protocol's thread, and a
/// change is complete before the next one is looked at.
final class VaultExecutor: SerialExecutor {
  private let queue = DispatchQueue(label: "vault")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
