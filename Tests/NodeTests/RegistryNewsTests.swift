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

      // A machine that is busy takes longer for an update than a request waits, now and then.
      var wasServed = false
      for attempt in 1...8 as ClosedRange<UInt64> where !wasServed {
        let waiting = try request(wanting: number + attempt)
        async let refusal = waiting.refusal(at: node)
        _ = try await user.makeKey(.ed25519Sign)
        wasServed = await refusal == nil
      }
      #expect(wasServed)
    }
  }

  private func waiting(_ origin: UInt8, bytes: Int = 1, until deadline: Duration = .seconds(1)) -> RegistryNews.Waiting
  {
    RegistryNews.Waiting(origin: RequestOrigin([origin]), byteCount: bytes, deadline: deadline)
  }

  @Test(.timeLimit(.minutes(1)))
  func `A12 only so many requests wait, of each sender some, of so many bytes, and none of them for long`() async {
    let clock = ManualClock(wall: Timestamp(secondsSince1970: 1_800_000_000))
    let news = RegistryNews(clock: clock)
    var tasks: [Task<Bool, Never>] = []
    func add(_ count: Int, of origin: UInt8, bytes: Int = 1) async {
      let before = clock.sleeperCount
      for _ in 0..<count {
        tasks.append(Task { await news.wait(waiting(origin, bytes: bytes)) { false } })
      }
      while clock.sleeperCount < before + count { await Task.yield() }
    }
    await add(RegistryNews.waitingPerOrigin, of: 1)
    #expect(await !news.wait(waiting(1)) { true })
    await add(1, of: 2, bytes: RegistryNews.bytesPerOrigin)
    #expect(await !news.wait(waiting(2)) { true })
    for origin in 3..<5 as Range<UInt8> { await add(1, of: origin, bytes: RegistryNews.bytesPerOrigin) }
    await add(1, of: 5, bytes: RegistryNews.bytesPerOrigin - RegistryNews.waitingPerOrigin)
    #expect(await !news.wait(waiting(6)) { true })
    clock.advance(by: .seconds(1))
    for task in tasks { #expect(await !task.value) }
    tasks = []
    for origin in 0..<UInt8(RegistryNews.waitingLimit / RegistryNews.waitingPerOrigin) {
      let before = clock.sleeperCount
      for _ in 0..<RegistryNews.waitingPerOrigin {
        tasks.append(Task { await news.wait(waiting(origin, until: .seconds(2))) { true } })
      }
      while clock.sleeperCount < before + RegistryNews.waitingPerOrigin { await Task.yield() }
    }
    #expect(await !news.wait(waiting(100, until: .seconds(2))) { true })
    clock.advance(by: .milliseconds(100))
    for task in tasks { #expect(await task.value) }
  }
}
