import Foundation

/// Where the parts of the sandbox are, and what a worker gets of the machine: nothing but what is listed here.
///
/// Every worker runs under bubblewrap in its own user, process, network, IPC, host-name, cgroup and mount namespaces,
/// as nobody without capabilities, on a read-only root that holds the runtime, its libraries, the worker's scripts and
/// `/proc`, under ``SystemCallFilter`` and resource limits. The scripts come from this program, not from the disk.
public struct WorkerSandbox: Sendable, Hashable {
  /// bubblewrap, 0.8 or later.
  public var launcher: String
  /// Deno 2.9.8.
  public var runtime: String

  public init(
    launcher: String = "/usr/bin/bwrap", runtime: String = "/usr/local/lib/quorate/deno-2.9.8/deno"
  ) {
    self.launcher = launcher
    self.runtime = runtime
  }

  /// The runtime's libraries, looked for where Linux distributions put them.
  static let libraries = [
    "libc.so.6", "libdl.so.2", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0", "librt.so.1",
  ]
  static let libraryFolders = ["/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/usr/lib"]
  static let loader = "/lib64/ld-linux-x86-64.so.2"

  static let folder = "/worker"

  func presentLibraries() -> [String] {
    let found = Self.libraries.compactMap { name in
      Self.libraryFolders.lazy.map { "\($0)/\(name)" }.first { FileManager.default.fileExists(atPath: $0) }
    }
    return found + [Self.loader]
  }

  /// bubblewrap's own options.
  ///
  /// - Parameter files: the scripts by name, each with the descriptor its bytes are read from.
  func options(filter: Int32, files: [(name: String, descriptor: Int32)], libraries: [String]) -> [String] {
    var options = [
      "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup",
      "--uid", "65534", "--gid", "65534", "--hostname", "worker", "--cap-drop", "ALL", "--new-session",
      "--die-with-parent", "--seccomp", String(filter), "--clearenv",
    ]
    for (name, value) in Self.environment { options += ["--setenv", name, value] }
    for library in libraries { options += ["--ro-bind", library, library] }
    options += ["--ro-bind", runtime, Self.folder + "/deno", "--proc", "/proc", "--dir", "/empty"]
    for (name, descriptor) in files {
      options += ["--perms", "0444", "--ro-bind-data", String(descriptor), Self.folder + "/" + name]
    }
    // A node run by root leaves its workers the owner of the kernel's settings in /proc/sys.
    return options + ["--remount-ro", "/proc", "--remount-ro", "/", "--chdir", "/empty"]
  }

  private static let environment = [
    // Nothing is there and nothing can be made: what the runtime would keep between runs it cannot keep.
    ("DENO_DIR", "/empty"), ("HOME", "/empty"), ("DENO_NO_UPDATE_CHECK", "1"), ("NO_COLOR", "1"), ("TZ", "UTC"),
  ]

  /// The program in the sandbox and its arguments.
  ///
  /// - Parameter memory: of the JavaScript heap, in bytes.
  func command(memory: Int) -> [String] {
    [
      Self.folder + "/deno", "run", "--no-prompt", "--no-remote", "--no-npm", "--no-config", "--no-lock",
      "--no-code-cache",
      "--v8-flags=--max-old-space-size=\(memory >> 20),--disallow-code-generation-from-strings",
      Self.folder + "/main.js",
    ]
  }

  func content(memory: Int, time: Duration) -> SandboxedProcess.Content {
    SandboxedProcess.Content(
      scripts: WorkerScript.all, command: command(memory: memory), memory: memory, time: time)
  }

  /// What the kernel itself limits.
  ///
  /// - Parameters:
  ///   - memory: the heap's. The engine reserves some 512 MiB for code, which count as data from the start, and needs
  ///     some 130 MiB beside its heap.
  ///   - time: processor time, so that a worker ends even if this process no longer does.
  static func resourceLimits(memory: Int, time: Duration) -> [ResourceLimit] {
    let seconds = UInt64(clamping: time.components.seconds)
    let data = UInt64(clamping: memory) + (642 << 20)
    return [
      .init(resource: 2, value: data),  // RLIMIT_DATA
      .init(resource: 0, value: max(seconds, 1) * 2 + 5),  // RLIMIT_CPU
      // RLIMIT_FSIZE, for bubblewrap: it writes the scripts. The worker finds nothing to write to.
      .init(resource: 1, value: 1 << 20),
      .init(resource: 4, value: 0),  // RLIMIT_CORE: memory holds what users sent
      .init(resource: 7, value: 64),  // RLIMIT_NOFILE
      .init(resource: 8, value: 0),  // RLIMIT_MEMLOCK
      .init(resource: 12, value: 0),  // RLIMIT_MSGQUEUE
    ]
  }
}

/// One limit of setrlimit(2) by its number on Linux.
struct ResourceLimit: Sendable, Hashable {
  var resource: Int32
  var value: UInt64
}
