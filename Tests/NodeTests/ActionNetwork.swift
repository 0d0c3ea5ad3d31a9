import ActionNames
import Actions
import Authorization
import Client
import Identifiers
import Logging
import NodeTestKit
import Testing

@testable import Node

/// A program and its name.
struct Action: Sendable {
  let code: [UInt8]

  init(_ text: String) { code = Array(text.utf8) }

  var id: ActionID { ActionID(of: code) }

  func run(by user: TestUser, _ parameters: String, granting grants: Set<Grant> = []) async throws -> ActionResult {
    try await user.client.run(
      code, parameters: Array(parameters.utf8), as: user.session(grants.union([.execute(id)])))
  }
}

/// What this machine offers; asked once for all nodes of this process.
enum Machine {
  static let examination = Task { () -> Result<VerifiedSandbox, SandboxProblem> in
    do throws(SandboxProblem) {
      return .success(try await SandboxProbe.examine())
    } catch {
      return .failure(error)
    }
  }

  static var canRunActions: Bool {
    get async {
      guard case .failure(let problem) = await examination.value else { return true }
      print("no actions on this machine: \(problem.part.rawValue): \(problem.detail)")
      return false
    }
  }
}

extension Trait where Self == ConditionTrait {
  static var needsSandbox: Self {
    .enabled("the sandbox of actions is complete on this machine") { await Machine.canRunActions }
  }
}

/// A running network whose nodes all run actions.
///
/// - Parameters:
///   - outside: what nodes give actions of the world; what they would have without it when nil.
///   - replace: puts weaker defences into all nodes.
///   - replaceAt: the same for defences that depend on whose they are.
func withActionNetwork(
  limits: NodeLimits = NodeLimits(), logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
  outside: ActionSurroundings? = nil, replacing replace: @escaping @Sendable (inout RequestDefences) -> Void = { _ in },
  replacingAt replaceAt: @escaping @Sendable (NodeID, inout RequestDefences) -> Void = { _, _ in },
  _ body: (TestNetwork) async throws -> Void
) async throws {
  var limits = limits
  limits.actionWorkers = 1
  try await withTestNetwork(
    limits: limits, logger: logger,
    examineSandbox: { () async throws(SandboxProblem) in try await Machine.examination.value.get() },
    make: { configuration, surroundings in
      var surroundings = surroundings
      if let outside { surroundings.actions = outside }
      return try await Node(configuration, surroundings) { defences in
        replace(&defences)
        replaceAt(configuration.node, &defences)
      }
    }
  ) { network in
    try await network.waitUntil(within: .seconds(30)) { node in
      guard case .running = await node.status?.actions else { return false }
      return true
    }
    try await body(network)
  }
}
