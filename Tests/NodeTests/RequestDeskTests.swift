import Identifiers
import Metrics
import ProtocolTestKit
import Testing
import Wire

@testable import Node

@Suite struct `The desk for requests` {
  private let clock = ManualClock(wall: Timestamp(secondsSince1970: 1_800_000_000))
  private let wallet: WalletAddress
  private let requests: [RequestID]

  init() throws {
    wallet = try WalletAddress(bytes: [UInt8](repeating: 1, count: 20))
    requests = try (0..<8).map { try RequestID(bytes: [UInt8](repeating: $0, count: 32)) }
  }

  private func desk(_ change: (inout NodeLimits) -> Void = { _ in }) -> RequestDesk {
    var limits = NodeLimits()
    change(&limits)
    return RequestDesk(
      limits: limits, records: RequestLedger(capacity: limits.rememberedRequests), clock: clock,
      metrics: NodeMetrics(factory: NOOPMetricsHandler.instance))
  }

  private func enter(_ desk: RequestDesk, _ place: Int) async throws(NodeRefusal) -> RequestDesk.Entry {
    try await desk.enter(
      requests[place], wallet: wallet, expiresAt: Timestamp(secondsSince1970: 1_800_000_300), at: clock.wall)
  }

  /// Nil when the request is let in or was answered before.
  private func refusal(_ desk: RequestDesk, _ place: Int) async -> NodeRefusal? {
    do throws(NodeRefusal) {
      _ = try await enter(desk, place)
      return nil
    } catch {
      return error
    }
  }

  @Test func `A5 a second arrival is a duplicate while the first is worked on, then gets its bytes`() async throws {
    let desk = desk()
    #expect(await refusal(desk, 0) == nil)
    #expect(await refusal(desk, 0) == NodeRefusal(.duplicateRequest, request: requests[0]))
    await desk.leave(requests[0], wallet: wallet, answer: [1, 2])
    guard case .answered(let bytes) = try await enter(desk, 0) else {
      Issue.record("it would run twice")
      return
    }
    #expect(bytes == [1, 2])
  }

  @Test func `A5 P21 of a hundred arrivals at once exactly one is let in`() async throws {
    let desk = desk()
    let admitted = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<100 { group.addTask { await refusal(desk, 0) == nil } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(admitted == 1)
    #expect(await desk.pendingCount == 1)
  }

  @Test func `A5 a request that ended without an answer stays a duplicate`() async throws {
    let desk = desk()
    #expect(await refusal(desk, 0) == nil)
    await desk.leave(requests[0], wallet: wallet, answer: nil)
    #expect(await refusal(desk, 0)?.code == .duplicateRequest)
  }

  @Test func `a full ledger sends new requests away and old ones home`() async throws {
    let desk = desk { $0.rememberedRequests = 1 }
    #expect(await refusal(desk, 0) == nil)
    await desk.leave(requests[0], wallet: wallet, answer: [1])
    clock.advance(by: .seconds(100))
    let refused = await refusal(desk, 1)
    #expect(refused?.code == .overloaded)
    #expect(refused?.retryAfter == .seconds(500))
    #expect(await refusal(desk, 0) == nil)
    clock.advance(by: .seconds(500))
    #expect(await refusal(desk, 1) == nil)
    #expect(await desk.pendingCount == 1)
  }

  @Test func `A12 a wallet's limit is told with the time to wait, and costs no entry`() async throws {
    let desk = desk {
      $0.walletBurst = 1
      $0.walletPerSecond = 1
    }
    #expect(await refusal(desk, 0) == nil)
    #expect(
      await refusal(desk, 1) == NodeRefusal(.tooManyRequests, request: requests[1], retryAfter: .seconds(1)))
    clock.advance(by: .seconds(1))
    #expect(await refusal(desk, 1) == nil)
  }

  @Test func `O4 a closed desk takes nothing new, answers what it knows, and is empty when all have left`() async throws
  {
    let desk = desk()
    for place in 0..<2 { #expect(await refusal(desk, place) == nil) }
    await desk.leave(requests[0], wallet: wallet, answer: [1])
    await desk.close()
    #expect(await refusal(desk, 2)?.code == .notReady)
    #expect(await refusal(desk, 0) == nil)
    let emptied = Task { await desk.waitUntilEmpty(within: .seconds(10)) }
    while clock.sleeperCount == 0 { await Task.yield() }
    #expect(await desk.pendingCount == 1)
    await desk.leave(requests[1], wallet: wallet, answer: [2])
    clock.advance(by: .milliseconds(20))
    await emptied.value
  }
}
