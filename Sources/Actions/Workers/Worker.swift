internal import Identifiers

/// A process that is ready to run one action, and our end of its channel.
final class Worker: Sendable {
  let process: SandboxedProcess
  let channel: WorkerChannel

  private init(process: SandboxedProcess, channel: WorkerChannel) {
    self.process = process
    self.channel = channel
  }

  /// Which globals it has besides its own.
  enum Tier: Sendable, Hashable, CaseIterable {
    case bare, libraries
  }

  /// Everything that makes a worker.
  struct Recipe: Sendable {
    var sandbox: WorkerSandbox
    var content: SandboxedProcess.Content
    var libraries: [WorkerScript]
    var frameLimit: Int
    /// From its start to its first frame.
    var patience: Duration
  }

  static func start(_ recipe: Recipe, clock: some LocalClock) async throws(WorkerStartFailure) -> Worker {
    let worker = try await LaunchThread.shared.run { () throws(WorkerStartFailure) in
      let (process, socket) = try SandboxedProcess.launch(recipe.content, in: recipe.sandbox)
      return Worker(process: process, channel: WorkerChannel(socket, frameLimit: recipe.frameLimit))
    }
    let isReady = await withTaskCancellationHandler {
      await withTaskGroup(of: Bool?.self) { group in
        group.addTask { await worker.becomesReady(libraries: recipe.libraries) }
        group.addTask {
          try? await clock.sleep(for: recipe.patience)
          return nil
        }
        let first = await group.next() ?? nil
        // Wakes the other one.
        if first != true { worker.abandon() }
        group.cancelAll()
        return first
      }
    } onCancel: {
      worker.abandon()
    }
    guard isReady == true else {
      let status = await worker.process.end(clock: clock)
      throw isReady == nil ? .slow : .ended(status: status, output: worker.process.printed())
    }
    return worker
  }

  private func becomesReady(libraries: [WorkerScript]) async -> Bool {
    do {
      try await channel.send(open: HostMessage.start(libraries: libraries))
      return try await WorkerMessage(channel.receive()) == .ready
    } catch {
      return false
    }
  }

  /// Ends the process and wakes whoever waits for it. ``SandboxedProcess/end(clock:)`` is still to come.
  func abandon() {
    process.kill()
    channel.close()
  }

  /// Until nothing is left of it.
  func end(clock: some LocalClock) async -> Int32 {
    abandon()
    return await process.end(clock: clock)
  }
}
