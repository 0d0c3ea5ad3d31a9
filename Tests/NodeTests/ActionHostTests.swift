import Actions
import Authorization
import Identifiers
import Logging
import NodeTestKit
import Synchronization
import Testing
import Wire

@testable import Node

/// How a node shares its places for runs, and how it gives them up.
@Suite(.serialized) struct `Places for actions` {
  private final class Counter: Sendable {
    private let number = Mutex(0)
    func add() { number.withLock { $0 += 1 } }
    var count: Int { number.withLock(\.self) }
  }

  /// Runs that last until told, so many for one wallet, and how many of them got a place.
  private func placesTaken(by wallet: WalletAddress, of runs: Int, _ limits: NodeLimits) async throws -> Int {
    let host = ActionHost(
      examine: { () async throws(SandboxProblem) in try await Machine.examination.value.get() }, limits: limits,
      clock: SystemClock(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let running = Task { await host.run() }
    while await host.runner == nil { try await Task.sleep(for: .milliseconds(20)) }
    let began = Counter()
    let over = Counter()
    let tasks = (0..<runs).map { _ in
      Task {
        defer { over.add() }
        return await host.run(for: wallet) { _ in
          began.add()
          // Until the host ends it.
          try? await Task.sleep(for: .seconds(60))
          return .failed(FailedOutcome(code: .deadlineExceeded))
        }
      }
    }
    while began.count + over.count < runs { try await Task.sleep(for: .milliseconds(5)) }
    // Others get theirs meanwhile.
    let other = await host.run(for: .zero) { _ in .failed(FailedOutcome(code: .invalidRequest)) }
    #expect(other == .failed(FailedOutcome(code: .invalidRequest)))
    await host.endRuns()
    var outcomes: [ReplyOutcome] = []
    for task in tasks { outcomes.append(await task.value) }
    running.cancel()
    await running.value
    #expect(outcomes.count { $0 == .failed(FailedOutcome(code: .tooManyRequests)) } == runs - began.count)
    return began.count
  }

  @Test(.needsSandbox, .timeLimit(.minutes(1)))
  func `J3 one wallet takes some of a node's places, and never all of them`() async throws {
    let limits = NodeLimits()
    let taken = try await placesTaken(
      by: WalletAddress(bytes: [UInt8](repeating: 7, count: 20)), of: limits.actionRuns, limits)
    #expect(taken == limits.actionRunsPerWallet)
    #expect(limits.actionRunsPerWallet * 2 <= limits.actionRuns)
  }

  @Test(.needsSandbox, .timeLimit(.minutes(1)))
  func `J3 N where places are not counted by wallet, one wallet takes all of them`() async throws {
    var limits = NodeLimits()
    limits.actionRunsPerWallet = limits.actionRuns
    let taken = try await placesTaken(
      by: WalletAddress(bytes: [UInt8](repeating: 7, count: 20)), of: limits.actionRuns, limits)
    #expect(taken == limits.actionRuns)
  }

  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `O4 a node that stops lets short runs end and tells the users of long ones`() async throws {
    var limits = NodeLimits()
    limits.drain = .seconds(6)
    limits.actionTime = .seconds(20)
    try await withActionNetwork(limits: limits) { network in
      let user = try TestUser(of: network)
      let nodes = try await `Five nodes in one process`.running(network.nodes.prefix(4))
      func request(_ action: Action) throws -> ManualRequest {
        try ManualRequest(
          .execute(code: action.code, parameters: []), to: nodes, as: user.session([.execute(action.id)]),
          issuedAt: network.clock.wall)
      }
      let short = try request(
        Action("setTimeout(() => Lit.Actions.setResponse({ response: 'done' }), 1500); console.log('on');"))
      let long = try request(Action("for (;;) {}"))
      let node = nodes[0]
      let answers = [short, long].map { request in Task { try await request.outcome(at: node) } }
      try await network.waitUntil(within: .seconds(10), of: [network.nodes[0]]) {
        await $0.status?.pendingRequests == 2
      }
      await node.drain()
      guard case .execution(let ended) = try await answers[0].value else {
        Issue.record("the short run has no outcome")
        return
      }
      #expect(ended.response == "done" && ended.failure == nil)
      #expect(try await answers[1].value == .failed(FailedOutcome(code: .notReady)))
      #expect(await node.status().pendingRequests == 0)
      #expect(await short.refusal(at: nodes[1]) == nil)
      let late = try request(Action("1"))
      #expect(await late.refusal(at: node) == .notReady)
    }
  }
}
