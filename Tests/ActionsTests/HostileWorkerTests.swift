import ActionNames
@testable import Actions
import Foundation
import Identifiers
import Secrets
import Testing

/// Workers that were taken over. Whatever they say, it can only mean what their own action may ask for.
@Suite(.needsSandbox, .timeLimit(.minutes(3))) struct HostileWorkerTests {
  private func run(
    _ tactic: String, operations: RecordingOperations = RecordingOperations(), limits: ActionLimits = .forTests,
    parameters: String = "{}"
  ) async throws -> ActionOutcome {
    try await Stage.run(content: { content in
      content.scripts = [WorkerScript(name: "main.js", text: try Corpus.text("Hostile/frames.js"))]
    }) { stage in
      await stage.run(tactic, parameters: parameters, limits: limits, operations: operations)
    }
  }

  @Test(arguments: [
    ("longFrame", WorkerViolation.frameTooLong), ("longerThanAllowed", .frameTooLong), ("noJSON", .malformedFrame),
    ("notUTF8", .malformedFrame), ("deep", .malformedFrame), ("deepObjects", .malformedFrame),
    ("manyValues", .malformedFrame), ("emptyFrame", .malformedFrame), ("array", .malformedFrame),
    ("twice", .malformedFrame), ("unknownKind", .malformedFrame), ("more", .malformedFrame),
    ("fraction", .malformedFrame), ("huge", .malformedFrame), ("zero", .malformedFrame),
    ("readyAgain", .outOfOrder), ("unknownOperation", .unknownOperation), ("foreignAction", .malformedOperation),
    ("missingMember", .malformedOperation), ("wrongType", .malformedOperation), ("notBase64", .malformedOperation),
    ("badRedirect", .malformedOperation), ("badHeaders", .malformedOperation), ("longToken", .malformedOperation),
  ])
  func `J8 T11 A frame no honest worker sends ends it, and nobody is asked for anything`(
    tactic: String, violation: WorkerViolation
  ) async throws {
    let operations = RecordingOperations()
    let outcome = try await run(tactic, operations: operations)
    #expect(outcome.failure == .worker(violation))
    #expect(operations.labels.isEmpty)
  }

  @Test func `J8 Limits hold for whoever speaks the frames`() async throws {
    let operations = RecordingOperations()
    #expect(try await run("signatures", operations: operations).failure == .limit(.signatures))
    #expect(operations.labels.count <= ActionLimits().signatures)
    let flooded = try await run("logs")
    #expect(flooded.failure == .limit(.logs))
    #expect(flooded.logs.utf8.count <= ActionLimits().logs)
    let loud = try await run("response")
    #expect(loud.failure == .limit(.response))
    #expect(loud.response == nil)
  }

  @Test func `J8 N A host that counts nothing does whatever it is asked, as often as it is asked`() async throws {
    let operations = RecordingOperations()
    var limits = ActionLimits.forTests
    limits.signatures = .max
    limits.time = .seconds(3)
    _ = try await run("signatures", operations: operations, limits: limits)
    #expect(operations.labels.count == 99)
  }

  @Test func `J8 A worker that reads no replies makes nothing grow`() async throws {
    var limits = ActionLimits.forTests
    limits.time = .seconds(2)
    limits.operations = 100_000
    let before = Resident.bytes
    let operations = RecordingOperations()
    let outcome = try await run("deaf", operations: operations, limits: limits)
    #expect(outcome.failure == .limit(.time))
    // What is under way, and what the socket holds.
    #expect(operations.labels.count < 100)
    #expect(Resident.bytes - before < 64 << 20)
  }

  @Test func `J8 Numbers of replies are labels only`() async throws {
    let outcome = try await run("sameNumber")
    #expect(outcome.failure == nil)
    #expect(outcome.logs == (0..<20).map(String.init).sorted().joined(separator: " "))
  }

  @Test func `J8 Nothing counts after the end`() async throws {
    let operations = RecordingOperations()
    let outcome = try await run("afterDone", operations: operations)
    #expect(outcome.failure == nil)
    #expect(outcome.response == nil)
    #expect(operations.labels.isEmpty)
  }

  @Test(arguments: ["dies", "diesWaiting", "halfFrame", "aborts"])
  func `J9 A worker that dies ends its run at once, and the next one is served`(tactic: String) async throws {
    let (outcome, next) = try await Stage.run(content: { content in
      content.scripts = [WorkerScript(name: "main.js", text: try Corpus.text("Hostile/frames.js"))]
    }) { stage in
      (
        await stage.run(tactic, operations: RecordingOperations(pause: .seconds(20))),
        await stage.run("echo", parameters: #"{"mine":2}"#)
      )
    }
    guard case .worker(.ended)? = outcome.failure else {
      Issue.record("\(String(describing: outcome.failure))")
      return
    }
    #expect(next.response == #"{"mine":2}"#)
  }

  @Test func `J9 A worker that says nothing ends with the time limit`() async throws {
    var limits = ActionLimits.forTests
    limits.time = .milliseconds(500)
    #expect(try await run("silent", limits: limits).failure == .limit(.time))
    #expect(try await run("errors", limits: limits).failure == .limit(.time))
  }

  // MARK: Taken over to the last instruction

  private func attempts(_ socket: Descriptor) async throws -> [String] {
    let channel = WorkerChannel(socket, frameLimit: 1 << 20)
    guard case .log(let text) = try WorkerMessage(try await channel.receive()) else { return ["no answer"] }
    return text.split(separator: "\n").map(String.init)
  }

  @Test func `J1 Native code in a worker finds no network, no files, no processes and no way out`() async throws {
    let sandbox = try await Machine.sandbox.sandbox
    var content = sandbox.content(memory: 256 << 20, time: .seconds(30))
    content.scripts = [WorkerScript(name: "main.js", text: try Corpus.text("Hostile/native.js"))]
    content.command.insert("-A", at: 2)
    let fixed = content
    let (process, socket) = try await LaunchThread.shared.run { () throws(WorkerStartFailure) in
      try SandboxedProcess.launch(fixed, in: sandbox)
    }
    let worked = await Result { () async throws(any Error) in try await attempts(socket) }
    let status = await process.end(clock: SystemClock())
    #expect(try worked.get().isEmpty, "\(status) \(process.printed())")
  }

  @Test func `J1 N The same code does as it likes where only the programs are the same`() async throws {
    let sandbox = try await Machine.sandbox.sandbox
    let script = Corpus.folder.appendingPathComponent("Hostile/native.js").path
    let arguments = [
      sandbox.launcher, "--ro-bind", "/", "/", "--dev", "/dev", "--unshare-user", "--die-with-parent", "--clearenv",
      "--setenv", "DENO_DIR", "/empty", "--setenv", "SECRET", "1", "--", sandbox.runtime, "run", "-A", "--no-prompt",
      "--no-remote", "--no-config", script,
    ]
    let (pid, socket) = try await LaunchThread.shared.run { () throws(WorkerStartFailure) in
      let (ours, theirs) = try Descriptor.socketPair()
      let output = try Descriptor.file([])
      let launch = Launch(
        executable: sandbox.launcher, arguments: arguments, descriptors: [theirs, theirs, output])
      return (try launch.start(), ours)
    }
    let worked = await Result { () async throws(any Error) in try await attempts(socket) }
    kill(pid, SIGKILL)
    _ = SandboxedProcess.wait(for: pid)
    for name in [
      "tcp", "listen", "see /etc/passwd", "spawn sh", "processes", "environment", "call socket", "call fork",
    ] {
      #expect(try worked.get().contains(name), "\(worked)")
    }
  }
}

/// Memory of this process.
enum Resident {
  static var bytes: Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
  }
}
