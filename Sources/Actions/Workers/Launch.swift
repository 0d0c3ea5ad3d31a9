import CProcess
import Foundation

/// A program to start, with exactly the descriptors it gets: those in the list, by their places.
struct Launch {
  let executable: String
  let arguments: [String]
  var descriptors: [Descriptor]

  func start() throws(WorkerStartFailure) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (place, descriptor) in descriptors.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor.number, Int32(place))
    }
    // Whatever else this process has open, close-on-exec or not, stays here.
    _ = unsafe process_close_from(&actions, Int32(descriptors.count))
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    // Ctrl-C on a terminal is for the program that decides how workers stop.
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
    unsafe posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
    var pid: pid_t = 0
    let argv = CStrings(arguments)
    let envp = CStrings([])
    let status = withExtendedLifetime((argv, envp, descriptors)) {
      unsafe posix_spawn(&pid, executable, &actions, &attributes, argv.pointers, envp.pointers)
    }
    guard status == 0 else { throw .system("posix_spawn", status) }
    return pid
  }
}

extension Launch {
  /// Runs it to its end, without input and output.
  ///
  /// - Returns: the exit status, or 128 + signal.
  func status() async throws(WorkerStartFailure) -> Int32 {
    let launch = self
    return try await LaunchThread.shared.run { () throws(WorkerStartFailure) in
      var quiet = launch
      let input = try Descriptor.pipe()
      let output = try Descriptor.file([])
      quiet.descriptors = [input.read, output, output]
      return SandboxedProcess.wait(for: try quiet.start())
    }
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
