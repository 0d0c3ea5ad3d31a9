@testable import Actions
import Foundation
import Identifiers
import Testing

@Suite struct SandboxTests {
  @Test(.needsSandbox) func `J1 The kernel confirms every part of the sandbox`() async throws {
    let sandbox = try await Machine.sandbox.sandbox
    let worker = try await Self.worker(sandbox)
    let problem = SandboxProbe.missing(of: worker.process)
    _ = await worker.end(clock: SystemClock())
    #expect(problem == nil)
  }

  /// Leaves one part out at a time: the probe names it.
  @Test(
    .needsSandbox,
    arguments: [
      ("--unshare-net", SandboxProblem.Part.networkNamespace), ("--unshare-ipc", .otherNamespaces),
      ("--unshare-cgroup", .otherNamespaces),
      ("--seccomp 5", .systemCallFilter), ("--remount-ro /", .fileSystem), ("--remount-ro /proc", .fileSystem),
    ])
  func `J1 N The probe names the part that is missing`(option: String, part: SandboxProblem.Part) async throws {
    // A launcher of the same kind that drops one option on its way to bubblewrap.
    let sandbox = try await Machine.sandbox.sandbox
    let wrapper = try Wrapper(of: sandbox.launcher, without: option)
    defer { wrapper.remove() }
    let weak = WorkerSandbox(launcher: wrapper.path, runtime: sandbox.runtime)
    await #expect(throws: SandboxProblem.self) { try await SandboxProbe.examine(weak) }
    let problem = await Result { () async throws(SandboxProblem) in try await SandboxProbe.examine(weak) }
    if case .failure(let problem) = problem { #expect(problem.part == part, "\(problem.detail)") }
  }

  @Test func `Without its programs nothing is sandboxed`() async throws {
    let noLauncher = WorkerSandbox(launcher: "/nowhere/bwrap")
    let noRuntime = WorkerSandbox(launcher: "/bin/sh", runtime: "/nowhere/deno")
    let parts = await [noLauncher, noRuntime].asyncMap { sandbox in
      await Result { () async throws(SandboxProblem) in try await SandboxProbe.examine(sandbox) }.problem?.part
    }
    #expect(parts == [.launcher, .runtime])
  }

  @Test(.needsSandbox) func `J5 A worker's process shows nothing of its parameters`() async throws {
    let canary = "canary-5f1d0b7c92"
    let found = try await Stage.run { stage in
      let operations = RecordingOperations(pause: .milliseconds(400))
      async let outcome = stage.run(
        "(async () => { await Lit.Actions.getRpcUrl({chain:'c'}); Lit.Actions.setResponse({response: jsParams.key}) })()",
        parameters: "{\"key\":\"\(canary)\"}", operations: operations)
      while operations.labels.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      let found = Self.visible(canary)
      #expect(await outcome.response == canary)
      return found
    }
    #expect(found.isEmpty)
  }

  /// Files of /proc and temporary folders in which the text stands.
  private static func visible(_ text: String) -> [String] {
    let needle = Data(text.utf8)
    var places: [String] = []
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap(Int32.init) ?? []
    for process in processes {
      for name in ["cmdline", "environ", "comm", "status", "maps"] {
        let path = "/proc/\(process)/\(name)"
        if let data = FileManager.default.contents(atPath: path), data.range(of: needle) != nil { places.append(path) }
      }
    }
    for folder in ["/tmp", "/var/tmp", "/dev/shm", FileManager.default.currentDirectoryPath] {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
        let path = folder + "/" + name
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? nil
        guard let size, size < 4 << 20, !path.hasSuffix(".swift") else { continue }
        if name.hasPrefix("core") { places.append(path) }
        if let data = FileManager.default.contents(atPath: path), data.range(of: needle) != nil { places.append(path) }
      }
    }
    return places
  }

  /// What an action could learn of its host where the runtime's own permissions are all there is.
  @Test(.needsSandbox) func `J1 J5 Nothing of the runtime's leaks reaches an action, and nothing stays behind`()
    async throws
  {
    // The same attempts with the runtime's own objects in reach: what is left then is of no use to anybody.
    let probe = """
      const facts = [];
      const look = (name, body) => { try { facts.push(`${name}=${body()}`); } catch { facts.push(`${name}!`); } };
      look("cwd", () => Deno.cwd());
      look("execPath", () => Deno.execPath());
      look("pid", () => Deno.pid < 10);
      look("ppid", () => Deno.ppid < 10);
      look("args", () => Deno.args.length);
      look("mainModule", () => Deno.mainModule);
      look("hostname", () => Deno.hostname());
      look("env", () => Deno.env.get("PATH"));
      look("uid", () => Deno.uid());
      look("environ", () => Deno.readTextFileSync("/proc/self/environ"));
      look("localStorage", () => { const old = localStorage.getItem("x"); localStorage.setItem("x", "1"); return old; });
      look("network", () => JSON.stringify(Deno.networkInterfaces()));
      console.log(facts.join("\\n"));
      """
    let hardened = try await Stage.run { stage in await stage.run(probe) }
    let open = try await Stage.run(content: { try $0.weaken("main.js", "removeGlobals();\n", with: "") }) { weak in
      [await weak.run(probe), await weak.run(probe)]
    }
    // Every attempt fails: there is no Deno, and no storage.
    #expect(hardened.logs.split(separator: "\n").allSatisfy { $0.hasSuffix("!") })
    #expect(hardened.logs.split(separator: "\n").count == 12)
    for outcome in open {
      let facts = Set(outcome.logs.split(separator: "\n").map(String.init))
      // The control sees them, and they say nothing about this machine.
      #expect(facts.contains("pid=true"))
      #expect(facts.contains("execPath=/worker/deno"))
      #expect(facts.contains("mainModule=file:///worker/main.js"))
      #expect(facts.contains("environ!"))
      #expect(facts.contains("env!"))
      #expect(!facts.contains("localStorage=1"))
    }
  }

  private static func worker(_ sandbox: WorkerSandbox) async throws -> Worker {
    try await Worker.start(
      Worker.Recipe(
        sandbox: sandbox, content: sandbox.content(memory: 256 << 20, time: .seconds(30)), libraries: [],
        frameLimit: 4096, patience: .seconds(30)),
      clock: SystemClock())
  }
}

/// A program that calls bubblewrap with one option less.
private struct Wrapper {
  let path: String

  init(of launcher: String, without option: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wrapper-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("bwrap")
    // Options come as a list behind --args; descriptor 6 in this project.
    let words = option.split(separator: " ").joined(separator: "\\x00")
    let script = """
      #!/bin/bash
      options=$(mktemp)
      python3 -c 'import os,sys
      data = b"\\0" + os.fdopen(6, "rb").read()
      part = b"\\0" + sys.argv[1].encode().decode("unicode_escape").encode() + b"\\0"
      assert part in data, data
      open(sys.argv[2], "wb").write(data.replace(part, b"\\0", 1)[1:])' '\(words)' "$options"
      exec 6<"$options"
      rm -f "$options"
      exec \(launcher) "$@"
      """
    try script.write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    path = file.path
  }

  func remove() {
    try? FileManager.default.removeItem(at: URL(fileURLWithPath: path).deletingLastPathComponent())
  }
}

extension Result {
  fileprivate var problem: Failure? {
    if case .failure(let failure) = self { return failure }
    return nil
  }
}

extension Array {
  fileprivate func asyncMap<Value>(_ body: (Element) async -> Value) async -> [Value] {
    var values: [Value] = []
    for element in self { values.append(await body(element)) }
    return values
  }
}
