import Foundation
import Synchronization

/// A process this one started.
///
/// It gets exactly the three standard descriptors named here; see ``InheritedDescriptors``. It leads its
/// own process group, so that Ctrl-C on the terminal reaches us alone and we decide how the children stop.
final class ChildProcess: Sendable {
  let pid: Int32
  private let ended = Mutex<Int32?>(nil)

  private init(pid: Int32) {
    self.pid = pid
  }

  struct Streams {
    var input: Int32
    var output: Int32
    var error: Int32
  }

  static func launch(
    _ executable: String, _ arguments: [String], environment: [String: String], streams: Streams
  ) throws(CommandFailure) -> ChildProcess {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (ours, theirs) in [(streams.input, 0), (streams.output, 1), (streams.error, 2)] {
      unsafe posix_spawn_file_actions_adddup2(&actions, ours, Int32(theirs))
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var empty = sigset_t()
    unsafe sigemptyset(&empty)
    var standard = sigset_t()
    unsafe sigemptyset(&standard)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { unsafe sigaddset(&standard, signal) }
    unsafe posix_spawnattr_setsigmask(&attributes, &empty)
    unsafe posix_spawnattr_setsigdefault(&attributes, &standard)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
    unsafe posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))

    InheritedDescriptors.keepFromChildren()
    var pid: pid_t = 0
    let argv = CStrings([executable] + arguments)
    let envp = CStrings(environment.map { "\($0.key)=\($0.value)" })
    let status = withExtendedLifetime((argv, envp)) {
      unsafe posix_spawn(&pid, executable, &actions, &attributes, argv.pointers, envp.pointers)
    }
    guard status == 0 else {
      throw CommandFailure(
        .processProblem, "\(executable) could not be started (system error \(status))",
        advice: "check that the file exists and may be executed")
    }
    return ChildProcess(pid: pid)
  }

  /// The exit status once the process ended: 0…255, or 128 + signal; nil while it runs.
  func exitStatus() -> Int32? {
    ended.withLock { ended in
      if ended == nil {
        var status: Int32 = 0
        let answer = unsafe waitpid(pid, &status, WNOHANG)
        if answer == pid {
          ended = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        } else if answer < 0, errno != EINTR {
          ended = 255
        }
      }
      return ended
    }
  }

  /// Does nothing once the process ended: its id may be somebody else's then.
  func send(_ signal: Int32) {
    if exitStatus() == nil { kill(pid, signal) }
  }
}

/// Strings in the form C wants a list of them: terminated each, and a null pointer behind the last.
@safe private final class CStrings {
  let pointers: [UnsafeMutablePointer<CChar>?]

  init(_ strings: [String]) {
    unsafe pointers = strings.map { unsafe strdup($0) } + [nil]
  }

  deinit {
    unsafe pointers.forEach { unsafe free($0) }
  }
}
