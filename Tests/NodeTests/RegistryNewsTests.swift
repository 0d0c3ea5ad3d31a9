import Authorization
import Identifiers
import Membership
import NodeTestKit
import ProtocolTestKit
import PublicKeys
import Signatures
import Testing
import Wire

@testable import Node

@Suite(.serialized) struct `News of the registry` {
  @Test(.timeLimit(.minutes(2)))
  func `A10 a request is judged by a view as late as its user's, or not at all`() async throws {
    try await withTestNetwork { network in
      let user = try TestUser(of: network)
      let policy = try DecryptionPolicy(anyOf: [user.wallet.address])
      let session = try user.session([.decrypt(under: policy.hash)])
      let nodes = await network.nodes
      let node = try #require(await nodes[0].node)
      let number = try #require(await nodes[0].membership?.current?.number)
      var quorum: [Node] = []
      for member in nodes { if let node = await member.node { quorum.append(node) } }
      let named = quorum
      func request(wanting number: UInt64) throws -> ManualRequest {
        try ManualRequest(
          .decrypt(policy: policy.bytes, dataKeyHash: .zero), to: named, as: session, issuedAt: network.clock.wall,
          registryNumber: number)
      }
      #expect(try await request(wanting: number).refusal(at: node) == nil)
      #expect(try await request(wanting: number + 1).refusal(at: node) == .notReady)

      let waiting = try request(wanting: number + 1)
      async let refusal = waiting.refusal(at: node)
      _ = try await user.makeKey(.ed25519Sign)
      #expect(await refusal == nil)
    }
  }

  @Test func `A12 only so many requests wait, and none of them for long`() async throws {
    let clock = ManualClock(wall: Timestamp(secondsSince1970: 1_800_000_000))
    let news = RegistryNews(clock: clock)
    let arrival = clock.monotonicNow()
    let waiting = (0..<RegistryNews.waitingLimit).map { _ in Task { await news.wait(since: arrival) } }
    while clock.sleeperCount < RegistryNews.waitingLimit { await Task.yield() }
    #expect(await !news.wait(since: arrival))
    clock.advance(by: RegistryNews.patience)
    for task in waiting { #expect(await task.value) }
    #expect(await !news.wait(since: arrival))
  }
}
