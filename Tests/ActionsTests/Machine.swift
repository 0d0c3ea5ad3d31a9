@testable import Actions
import Foundation
import Identifiers
import Secrets
import Synchronization
import Testing

/// What this machine offers. Tests that start workers need all of the sandbox and say so where it is missing.
enum Machine {
  private static let examination = Task { () -> Result<VerifiedSandbox, SandboxProblem> in
    await Result { () async throws(SandboxProblem) in try await SandboxProbe.examine() }
  }

  static var sandbox: VerifiedSandbox {
    get async throws { try await examination.value.get() }
  }

  static var canRunActions: Bool {
    get async {
      switch await examination.value {
      case .success: return true
      case .failure(let problem):
        print("no actions on this machine: \(problem.part.rawValue): \(problem.detail)")
        return false
      }
    }
  }
}

extension Trait where Self == ConditionTrait {
  static var needsSandbox: Self {
    .enabled("the sandbox of actions is complete on this machine") { await Machine.canRunActions }
  }
}

extension Result {
  init(_ body: () async throws(Failure) -> Success) async {
    do throws(Failure) {
      self = .success(try await body())
    } catch {
      self = .failure(error)
    }
  }
}

/// A pool that runs as long as a test needs it, and what it leaves behind.
struct Stage {
  let pool: WorkerPool
  let runner: ActionRunner

  /// One stage at a time: what one test does with the processor shall not be another one's time limit.
  private static let door = Turnstile()

  static func run<Value: Sendable>(
    _ configuration: WorkerPool.Configuration = .forTests, libraries: [ActionLibrary] = [],
    content change: (inout SandboxedProcess.Content) throws -> Void = { _ in }, mostRuns: Int = 16,
    _ body: (Stage) async throws -> Value
  ) async throws -> Value {
    let sandbox = try await Machine.sandbox
    var content = sandbox.sandbox.content(memory: configuration.memory, time: configuration.time)
    try change(&content)
    await door.enter()
    defer { door.leave() }
    let pool = WorkerPool(
      sandbox: sandbox, libraries: libraries, content: content, configuration: configuration, clock: SystemClock())
    return try await pool.run {
      try await body(Stage(pool: pool, runner: ActionRunner(pool: pool, mostRuns: mostRuns)))
    }
  }

  func run(
    _ code: String, parameters: String = "", limits: ActionLimits = .forTests,
    authentication: ActionAuthentication = ActionAuthentication(),
    operations: any ActionOperations = RecordingOperations()
  ) async -> ActionOutcome {
    await runner.run(
      Array(code.utf8), parameters: SecretBytes(copying: parameters.utf8), authentication: authentication,
      limits: limits, operations: operations)
  }
}

extension WorkerPool.Configuration {
  static var forTests: Self {
    var configuration = Self()
    configuration.bare = 1
    configuration.patience = .seconds(30)
    return configuration
  }
}

extension ActionLimits {
  /// Generous in time: the machine may be busy.
  static var forTests: Self {
    var limits = Self()
    limits.time = .seconds(30)
    return limits
  }
}

/// Files of this folder.
enum Corpus {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  static func names(in subfolder: String) -> [String] {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(subfolder).path)
    return (files ?? []).filter { $0.hasSuffix(".js") }.sorted()
  }
}
