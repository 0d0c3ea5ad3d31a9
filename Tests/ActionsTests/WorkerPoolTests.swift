import ActionNames
@testable import Actions
import Foundation
import Identifiers
import Secrets
import Testing

@Suite(.needsSandbox, .serialized) struct WorkerPoolTests {
  /// Descriptors and children of this process.
  private struct Holdings: Equatable {
    var descriptors: Int
    var children: Int

    static var now: Holdings {
      let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? 0
      var children = 0
      for thread in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? [] {
        let list = try? String(contentsOfFile: "/proc/self/task/\(thread)/children", encoding: .utf8)
        children += list?.split(separator: " ").count ?? 0
      }
      return Holdings(descriptors: descriptors, children: children)
    }
  }

  private func eventually(_ condition: () async -> Bool) async -> Bool {
    for _ in 0..<1000 {
      if await condition() { return true }
      try? await Task.sleep(for: .milliseconds(20))
    }
    return false
  }

  @Test func `Two hundred runs in a row leave no process and no descriptor behind`() async throws {
    // The first use makes what stays: threads, the bell of the watch.
    _ = try await Stage.run { stage in await stage.run("1") }
    let before = Holdings.now
    let memory = Resident.bytes
    try await Stage.run { stage in
      for round in 0..<200 {
        let code =
          switch round % 4 {
          case 0: "Lit.Actions.setResponse({response:'ok'})"
          case 1: "throw new Error('x')"
          case 2: "Lit.Actions.signEcdsa({toSign:[1],publicKey:'04',sigName:'s'})"
          default: "(async () => { for (;;) await fetch('https://example.com/') })()"
          }
        let outcome = await stage.run(code)
        #expect(outcome.failure == nil || round % 4 == 1 || outcome.failure == .limit(.fetches))
      }
      // Those at work, those waiting, and those being ended.
      #expect(Holdings.now.children <= 8)
    }
    #expect(Holdings.now.children == 0)
    #expect(await eventually { Holdings.now.descriptors <= before.descriptors })
    #expect(Resident.bytes - memory < 64 << 20)
  }

  @Test func `Workers wait before they are needed, each runs once, and all end with the pool`() async throws {
    var configuration = WorkerPool.Configuration.forTests
    configuration.bare = 2
    let fixed = configuration
    try await Stage.run(fixed) { stage in
      #expect(await eventually { stage.pool.idleCount == 2 })
      let outcomes = await (stage.run("globalThis.used = 1"), stage.run("console.log(typeof used)"))
      #expect(outcomes.1.logs == "undefined\n")
      #expect(await eventually { stage.pool.idleCount == 2 })
    }
    #expect(Holdings.now.children == 0)
  }

  @Test func `A worker that waited long makes room for another`() async throws {
    var configuration = WorkerPool.Configuration.forTests
    configuration.longestIdle = .milliseconds(400)
    let fixed = configuration
    try await Stage.run(fixed) { stage in
      #expect(await eventually { stage.pool.idleCount == 1 })
      let first = try #require(try Self.children().first)
      #expect(await eventually { ((try? Self.children()) ?? []).contains { $0 != first } && stage.pool.idleCount == 1 })
      #expect(await eventually { !((try? Self.children()) ?? []).contains(first) })
      #expect(await stage.run("console.log(1)").logs == "1\n")
    }
  }

  @Test func `A worker that died while it waited is not given to anybody`() async throws {
    try await Stage.run { stage in
      #expect(await eventually { stage.pool.idleCount == 1 })
      let waiting = try #require(try Self.children().first)
      kill(waiting, SIGKILL)
      try await Task.sleep(for: .milliseconds(200))
      #expect(await stage.run("console.log(1)").logs == "1\n")
    }
  }

  private static func children() throws -> [Int32] {
    var children: [Int32] = []
    for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task") {
      let list = try? String(contentsOfFile: "/proc/self/task/\(thread)/children", encoding: .utf8)
      children += list?.split(separator: " ").compactMap { Int32($0) } ?? []
    }
    return children
  }

  @Test func `A machine that cannot start workers is asked less and less, and says why`() async throws {
    let sandbox = try await Machine.sandbox.sandbox
    let broken = VerifiedSandbox(unverified: WorkerSandbox(launcher: "/bin/false", runtime: sandbox.runtime))
    let pool = WorkerPool(sandbox: broken, configuration: .forTests)
    let runner = ActionRunner(pool: pool)
    let isSuspended = await pool.run {
      await eventually {
        let outcome = await runner.run(
          Array("1".utf8), parameters: SecretBytes(zeroed: 0), authentication: ActionAuthentication(),
          limits: .forTests, operations: RecordingOperations())
        return outcome.failure == .world(.suspended)
      }
    }
    #expect(isSuspended)
    guard case .ended(status: 1, _)? = pool.lastFailure else {
      Issue.record("\(String(describing: pool.lastFailure))")
      return
    }
    #expect(Holdings.now.children == 0)
  }

  @Test func `Without somebody who runs the pool there are no workers`() async throws {
    let pool = WorkerPool(sandbox: try await Machine.sandbox)
    let outcome = await ActionRunner(pool: pool).run(
      Array("1".utf8), parameters: SecretBytes(zeroed: 0), authentication: ActionAuthentication(), limits: .forTests,
      operations: RecordingOperations())
    #expect(outcome.failure == .world(.poolNotRunning))
  }

  @Test func `There are workers from the first moment on, and none after the last`() async throws {
    for _ in 0..<3 {
      let pool = WorkerPool(sandbox: try await Machine.sandbox, configuration: .forTests)
      let runner = ActionRunner(pool: pool)
      func run() async -> ActionOutcome {
        await runner.run(
          Array("1".utf8), parameters: SecretBytes(zeroed: 0), authentication: ActionAuthentication(),
          limits: .forTests, operations: RecordingOperations())
      }
      let first = await pool.run { await run() }
      #expect(first.failure == nil)
      #expect(await run().failure == .world(.poolNotRunning))
      #expect(Holdings.now.children == 0)
    }
  }

  @Test func `More runs than the node takes are refused, not queued`() async throws {
    try await Stage.run(mostRuns: 1) { stage in
      let operations = RecordingOperations(pause: .milliseconds(500))
      async let first = stage.run("Lit.Actions.getRpcUrl({chain:'c'})", operations: operations)
      while operations.labels.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      #expect(await stage.run("1").failure == .world(.busy))
      #expect(await first.failure == nil)
      #expect(await stage.run("1").failure == nil)
    }
  }

  @Test func `A cancelled run ends at once and leaves nothing`() async throws {
    try await Stage.run { stage in
      let operations = RecordingOperations(pause: .seconds(20))
      let run = Task { await stage.run("Lit.Actions.getRpcUrl({chain:'c'})", operations: operations) }
      while operations.labels.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      run.cancel()
      #expect(await run.value.failure == .cancelled)
    }
    #expect(Holdings.now.children == 0)
  }

  @Test func `Runs side by side do not disturb each other`() async throws {
    try await Stage.run { stage in
      await withTaskGroup(of: Bool.self) { group in
        for number in 0..<8 {
          group.addTask {
            let code = number % 2 == 0 ? "Lit.Actions.setResponse({response: `${jsParams.n}`})" : "throw jsParams.n"
            let outcome = await stage.run(code, parameters: "{\"n\":\(number)}")
            return number % 2 == 0
              ? outcome.response == "\(number)" : outcome.failure == .code("Uncaught \(number)")
          }
        }
        for await isRight in group { #expect(isRight) }
      }
    }
  }
}
