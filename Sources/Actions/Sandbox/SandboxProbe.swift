import Foundation
public import Identifiers

/// Finds out whether this machine can hold a worker, by starting one and looking at it from outside: at what the kernel
/// says of the process, not at what was asked for.
///
/// There is no other way to a ``VerifiedSandbox``, and no half of one: where a part is missing, no action runs.
public enum SandboxProbe {
  public static func examine(
    _ sandbox: WorkerSandbox = WorkerSandbox(), clock: any LocalClock = SystemClock()
  ) async throws(SandboxProblem) -> VerifiedSandbox {
    try platform()
    try programs(sandbox)
    let recipe = Worker.Recipe(
      sandbox: sandbox,
      content: sandbox.content(memory: ActionLimits().memory, time: ActionLimits().time),
      libraries: [], frameLimit: 4096, patience: .seconds(20))
    let worker: Worker
    do throws(WorkerStartFailure) {
      worker = try await Worker.start(recipe, clock: clock)
    } catch {
      throw await explanation(of: error, sandbox)
    }
    let problem = missing(of: worker.process)
    _ = await worker.end(clock: clock)
    if let problem { throw problem }
    return VerifiedSandbox(unverified: sandbox)
  }

  private static func platform() throws(SandboxProblem) {
    #if !(os(Linux) && arch(x86_64))
      throw SandboxProblem(.platform, "actions run on Linux on x86-64 only")
    #endif
  }

  private static func programs(_ sandbox: WorkerSandbox) throws(SandboxProblem) {
    guard FileManager.default.isExecutableFile(atPath: sandbox.launcher) else {
      throw SandboxProblem(.launcher, "\(sandbox.launcher) is missing: install bubblewrap")
    }
    guard FileManager.default.isExecutableFile(atPath: sandbox.runtime) else {
      throw SandboxProblem(.runtime, "\(sandbox.runtime) is missing: run scripts/install-deno")
    }
  }

  /// The first part that does not hold.
  static func missing(of process: SandboxedProcess) -> SandboxProblem? {
    guard let worker = ProcessFacts(childOf: process.innerPID) else {
      return SandboxProblem(.processNamespace, "the worker is not where it should be in /proc")
    }
    for (part, name) in SandboxProblem.Part.namespaces where worker.sharesNamespace(name) {
      return SandboxProblem(part, "the worker is in this process's \(name) namespace")
    }
    if worker.status("Seccomp") != "2" {
      return SandboxProblem(.systemCallFilter, "no filter of system calls is in force")
    }
    if worker.status("NoNewPrivs") != "1" {
      return SandboxProblem(.privileges, "the worker could gain privileges")
    }
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] where worker.status(set) != "0000000000000000" {
      return SandboxProblem(.privileges, "the worker has capabilities (\(set))")
    }
    for (name, limit) in [("Max data size", 4 << 30), ("Max core file size", 0), ("Max open files", 64)] {
      guard let value = worker.limit(name), value <= limit else {
        return SandboxProblem(.resourceLimits, "\(name) is not limited")
      }
    }
    guard let mounts = worker.mounts, !mounts.isEmpty, mounts.allSatisfy(\.isReadOnly) else {
      return SandboxProblem(.fileSystem, "the worker sees something it may write to")
    }
    let strange = mounts.first { mount in
      !["/", "/proc"].contains(mount.path) && !mount.path.hasPrefix(WorkerSandbox.folder + "/")
        && !mount.path.hasSuffix(".so") && !mount.path.contains(".so.")
    }
    if let strange { return SandboxProblem(.fileSystem, "the worker sees \(strange.path)") }
    return nil
  }

  /// Why nothing starts: bubblewrap is tried with one part after the other.
  private static func explanation(
    of failure: WorkerStartFailure, _ sandbox: WorkerSandbox
  ) async -> SandboxProblem {
    let parts: [(SandboxProblem.Part, [String])] = [
      (.userNamespace, ["--unshare-user", "--uid", "65534", "--gid", "65534"]),
      (.processNamespace, ["--unshare-user", "--unshare-pid"]),
      (.processNamespace, ["--unshare-user", "--unshare-pid", "--proc", "/proc"]),
      (.networkNamespace, ["--unshare-user", "--unshare-net"]),
      (.otherNamespaces, ["--unshare-user", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup"]),
      (.runtime, ["--unshare-user"]),
    ]
    for (part, options) in parts {
      let launch = Launch(
        executable: sandbox.launcher,
        arguments: [sandbox.launcher, "--ro-bind", "/", "/"] + options + [sandbox.runtime, "--version"],
        descriptors: [])
      guard let status = try? await launch.status() else { continue }
      if status != 0 {
        return SandboxProblem(
          part,
          "bubblewrap fails with \(options.joined(separator: " ")): does this machine forbid it, or its container?")
      }
    }
    return SandboxProblem(.worker, "\(failure)")
  }
}

/// What of the sandbox is missing, and what to do about it.
public struct SandboxProblem: Error, Sendable, Hashable {
  public enum Part: String, Sendable, Hashable, CaseIterable {
    case platform, launcher, runtime
    case userNamespace, processNamespace, networkNamespace, otherNamespaces
    case fileSystem, systemCallFilter, privileges, resourceLimits
    /// Every part is there and no worker becomes ready.
    case worker

    static let namespaces: [(Part, String)] = [
      (.userNamespace, "user"), (.processNamespace, "pid"), (.networkNamespace, "net"), (.fileSystem, "mnt"),
      (.otherNamespaces, "ipc"), (.otherNamespaces, "uts"), (.otherNamespaces, "cgroup"),
    ]
  }

  public let part: Part
  /// For the operator. Holds no user's data: none was there yet.
  public let detail: String

  init(_ part: Part, _ detail: String) {
    self.part = part
    self.detail = detail
  }
}
