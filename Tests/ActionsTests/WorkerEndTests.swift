@testable import Actions
import Synchronization
import Testing

/// How a host learns that a worker is gone: the worker's end of the socket closes with its process, because the host
/// itself keeps no copy of it.
@Suite struct WorkerEndTests {
  /// Starts a process that has the other end and ends at once.
  private static func end(_ theirs: Descriptor) async throws {
    let status = try await LaunchThread.shared.run { () throws(WorkerStartFailure) in
      let launch = Launch(executable: "/bin/true", arguments: ["/bin/true"], descriptors: [theirs, theirs, theirs])
      return SandboxedProcess.wait(for: try launch.start())
    }
    #expect(status == 0)
  }

  @Test func `J9 The end of a process ends its channel`() async throws {
    let channel: WorkerChannel
    do {
      let (ours, theirs) = try Descriptor.socketPair()
      channel = WorkerChannel(ours, frameLimit: 100)
      try await Self.end(theirs)
    }
    await #expect(throws: ChannelEnd.ended) { try await channel.receive() }
  }

  @Test func `J9 N A host that keeps the worker's end waits for a process that is gone`() async throws {
    let (ours, theirs) = try Descriptor.socketPair()
    let channel = WorkerChannel(ours, frameLimit: 100)
    let seen = Seen()
    let receiving = Task { () -> ChannelEnd? in
      do throws(ChannelEnd) {
        _ = try await channel.receive()
        return nil
      } catch {
        seen.note(error)
        return error
      }
    }
    try await Self.end(theirs)
    // However long it waits: only its own time limit would end this.
    try await Task.sleep(for: .milliseconds(300))
    #expect(seen.end == nil)
    channel.close()
    #expect(await receiving.value == .closed)
    withExtendedLifetime(theirs) {}
  }
}

private final class Seen: Sendable {
  private let noted = Mutex<ChannelEnd?>(nil)

  var end: ChannelEnd? { noted.withLock(\.self) }
  func note(_ end: ChannelEnd) { noted.withLock { $0 = end } }
}
