import CProcess
import Foundation
internal import Identifiers
import Synchronization

/// A process in its sandbox: bubblewrap, and below it the worker in a process namespace of its own.
///
/// Killing the first process of that namespace ends all of them, and bubblewrap ends after the kernel is done with it:
/// once this process is reaped, nothing of the worker is left.
final class SandboxedProcess: Sendable {
  /// bubblewrap's, a child of this process.
  let pid: Int32
  /// The first process in the sandbox, as this process sees it.
  let innerPID: Int32
  private let inner: Descriptor
  private let errors: Descriptor
  private let ended = Mutex<Int32?>(nil)

  private init(pid: Int32, innerPID: Int32, inner: Descriptor, errors: Descriptor) {
    self.pid = pid
    self.innerPID = innerPID
    self.inner = inner
    self.errors = errors
  }

  /// What runs in the sandbox.
  struct Content: Sendable {
    var scripts: [WorkerScript]
    var command: [String]
    /// Of the heap, in bytes.
    var memory: Int
    /// Of processor time.
    var time: Duration
  }

  /// Blocks for the milliseconds in which bubblewrap sets up its namespaces.
  ///
  /// - Returns: the process, and our end of the socket that is its descriptors 0 and 1.
  static func launch(
    _ content: Content, in sandbox: WorkerSandbox
  ) throws(WorkerStartFailure) -> (SandboxedProcess, socket: Descriptor) {
    let ours: OurEnds
    let pid: Int32
    do {
      // The child's ends are closed here when this scope ends, so that their closing there can be seen.
      let (ends, launch) = try prepare(content, in: sandbox)
      ours = ends
      pid = try launch.start()
    }
    return try withExtendedLifetime(ours) { () throws(WorkerStartFailure) in
      guard let innerPID = Self.childPID(in: ours.information.readObject(limit: 4096)) else {
        throw failure(of: pid, ours)
      }
      let handle = process_handle(innerPID)
      guard handle >= 0 else { throw failure(of: pid, ours) }
      let process = SandboxedProcess(
        pid: pid, innerPID: innerPID, inner: Descriptor(owning: handle), errors: ours.errors)
      for limit in WorkerSandbox.resourceLimits(memory: content.memory, time: content.time) {
        guard process_limit(innerPID, limit.resource, limit.value, limit.value) == 0 else {
          let problem = errno
          process.kill()
          _ = Self.wait(for: pid)
          throw .system("prlimit", problem)
        }
      }
      // The worker starts now, within its limits.
      ours.gate.sendByte()
      return (process, ours.socket)
    }
  }

  private struct OurEnds {
    var socket: Descriptor
    var errors: Descriptor
    var information: Descriptor
    var gate: Descriptor
  }

  private static func prepare(
    _ content: Content, in sandbox: WorkerSandbox
  ) throws(WorkerStartFailure) -> (OurEnds, Launch) {
    let socket = try Descriptor.socketPair()
    let errors = try Descriptor.pipe()
    let information = try Descriptor.pipe()
    let gate = try Descriptor.socketPair()
    let filter = try Descriptor.file(SystemCallFilter().bytes)
    // Their numbers in the child are their places; the list of options and the scripts follow.
    var descriptors = [socket.theirs, socket.theirs, errors.write, information.write, gate.theirs, filter]
    let listNumber = Int32(descriptors.count)
    var files: [(name: String, descriptor: Int32)] = []
    var scripts: [Descriptor] = []
    for script in content.scripts {
      scripts.append(try Descriptor.file(Array(script.text.utf8)))
      files.append((script.name, listNumber + Int32(scripts.count)))
    }
    let options = sandbox.options(filter: 5, files: files, libraries: sandbox.presentLibraries())
    descriptors.append(try Descriptor.file(options.flatMap { Array($0.utf8) + [0] }))
    descriptors += scripts
    let arguments =
      [sandbox.launcher, "--info-fd", "3", "--block-fd", "4", "--args", String(listNumber), "--"]
      + content.command
    let ours = OurEnds(
      socket: socket.ours, errors: errors.read, information: information.read, gate: gate.ours)
    return (ours, Launch(executable: sandbox.launcher, arguments: arguments, descriptors: descriptors))
  }

  private static func failure(of pid: Int32, _ ends: OurEnds) -> WorkerStartFailure {
    Foundation.kill(pid, SIGKILL)
    return .ended(status: wait(for: pid), output: text(ends.errors.readAvailable(limit: 512)))
  }

  /// Ends everything in the sandbox. Harmless when it has ended.
  func kill() {
    _ = process_signal(inner.number, SIGKILL)
  }

  /// Bubblewrap's exit status once nothing is left of the worker: 0…255, or 128 + signal; nil while something runs.
  func exitStatus() -> Int32? {
    ended.withLock { ended in
      if ended == nil {
        var status: Int32 = 0
        let answer = unsafe waitpid(pid, &status, WNOHANG)
        if answer == pid {
          ended = Self.exitCode(status)
        } else if answer < 0, errno != EINTR {
          ended = 255
        }
      }
      return ended
    }
  }

  /// Kills it and waits until nothing of it is left.
  func end(clock: some LocalClock) async -> Int32 {
    var patience = 0
    while true {
      kill()
      if let status = exitStatus() { return status }
      // Below bubblewrap's own end nothing can hold on for long; if it is bubblewrap that hangs, it goes as well.
      patience += 1
      if patience > 1000 { Foundation.kill(pid, SIGKILL) }
      // Cancellation must not leave a process behind.
      let pause = Task { try? await clock.sleep(for: .milliseconds(2)) }
      await pause.value
    }
  }

  /// The start of what was printed on its standard error. Written by whoever runs in the sandbox.
  func printed() -> String { Self.text(errors.readAvailable(limit: 4096)) }

  // MARK: Reading

  private static func childPID(in description: [UInt8]) -> Int32? {
    guard case .object(let members)? = try? JSONValue(parsing: description, limit: 4096),
      case .integer(let number)? = members.first(where: { $0.name == "child-pid" })?.value
    else { return nil }
    return Int32(exactly: number)
  }

  static func wait(for pid: Int32) -> Int32 {
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0 {
      guard errno == EINTR else { return 255 }
    }
    return exitCode(status)
  }

  private static func exitCode(_ status: Int32) -> Int32 {
    status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
