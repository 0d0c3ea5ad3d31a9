import Authorization
import ChainRegistry
import ChainTestKit
import Client
import Identifiers
import Membership
import Node
import NodeHTTP
import NodeTestKit
import PublicKeys
import Secrets
import Signatures
import Synchronization
import Testing
import Wire

/// Real nodes, the project's contracts on a real EVM, and what becomes of the one when the other changes.
@Suite(
  .serialized, .enabled(if: LoopbackChain.isAvailable, "the loopback chain and compiled contracts are not there"))
struct `Nodes whose registry is on a chain` {
  private func withNetwork(
    listing places: Range<Int> = 0..<5, depth: UInt64 = 1,
    make: @escaping TestNetwork.Making = { try await Node($0, $1) },
    _ body: (TestNetwork, TestChain) async throws -> Void
  ) async throws {
    let network = try await TestNetwork(count: 5, onChain: depth, make: make)
    do {
      let chain = try #require(network.chain)
      try await network.start(listing: places) { _ in }
      try await network.generateKeys(at: places)
      try await body(network, chain)
      await network.remove()
    } catch {
      await network.remove()
      throw error
    }
  }

  private func isLinked(_ node: TestNode, to other: TestNode) async -> Bool {
    await node.status?.peers.contains { $0.node == other.id && $0.instance != nil } ?? false
  }

  private func reason(_ node: TestNode) async -> String? {
    guard case .notReady(let reason, _) = await node.status?.readiness else { return nil }
    return reason
  }

  // MARK: What a request costs

  @Test(.timeLimit(.minutes(4)))
  func `A10 a request causes no question to the chain`() async throws {
    let gate = PollingGate()
    try await withNetwork(make: gate.make) { network, _ in
      #expect(try await questions(while: gate, signingIn: network) == 0)
      // The counter counts.
      let before = await asked(network)
      gate.open()
      try await network.waitUntil(within: .seconds(20)) { _ in await self.asked(network) > before }
    }
  }

  @Test(.timeLimit(.minutes(4)))
  func `A10 N a node that looks at the chain for every request asks it all the time`() async throws {
    let gate = PollingGate()
    let make: TestNetwork.Making = { configuration, surroundings in
      var surroundings = surroundings
      if let registry = surroundings.membership as? ChainRegistry {
        surroundings.background = [{ await gate.poll(registry) }]
        surroundings.membership = AskingSource(registry: registry)
      }
      return try await Node(configuration, surroundings)
    }
    try await withNetwork(make: make) { network, _ in
      let asked = try await questions(while: gate, signingIn: network)
      #expect(asked > 0)
    }
  }

  /// How many questions nodes ask the chain while they sign, and nothing else makes them ask.
  private func questions(while gate: PollingGate, signingIn network: TestNetwork) async throws -> Int {
    let user = try TestUser(of: network)
    let record = try await user.makeKey(.ed25519Sign)
    let session = try user.session([.sign(with: record.key)])
    await gate.close()
    let before = await asked(network)
    for message in 0..<3 as Range<UInt8> {
      _ = try await user.client.sign(.message([message]), with: record.key, as: session)
    }
    return await asked(network) - before
  }

  private func asked(_ network: TestNetwork) async -> Int {
    var sum = 0
    for node in await network.nodes {
      for line in await node.metrics.render().split(separator: "\n")
      where line.hasPrefix("quorate_chain_questions_total{") {
        sum += line.split(separator: " ").last.flatMap { Int($0) } ?? 0
      }
    }
    return sum
  }

  // MARK: Members come and go

  @Test(.timeLimit(.minutes(4)))
  func `A10 a join taken back by a reorganisation is never acted on, and one that stays is`() async throws {
    try await withNetwork(listing: 0..<4, depth: 3) { network, chain in
      let nodes = await network.nodes
      let stakers = Array(network.stakers.prefix(4))
      let newcomer = try await nodes[4].registration()
      try await chain.register(newcomer, by: network.stakers[4])
      var list: [Registration] = []
      for node in nodes { list.append(try await node.registration()) }
      let vote = try chain.orders.vote(members: list)

      try await chain.vote(vote, by: stakers)
      try await chain.loopback.control("chain_rewind", .integer(2))
      try await chain.loopback.mine(5)
      let reader = try chain.reader()
      let block = try await reader.begin(within: .seconds(20)).chain?.block.number ?? 0
      try await network.waitUntil(within: .seconds(30), of: Array(nodes[0..<4])) { node in
        guard let source = await node.membership?.current else { return false }
        return source.chain.map { $0.block.number >= block } ?? false
      }
      for node in nodes[0..<4] {
        #expect(await node.membership?.current?.members.count == 4)
        #expect(await !isLinked(node, to: nodes[4]))
        #expect(await node.isReady)
      }

      try await chain.vote(vote, by: stakers)
      try await network.waitUntil(within: .seconds(60), of: Array(nodes[0..<4])) { await isLinked($0, to: nodes[4]) }
      for node in nodes[0..<4] { #expect(await node.membership?.current?.members.count == 5) }
    }
  }

  @Test(.timeLimit(.minutes(4)))
  func `T8 a slashed member is cut off, and what is in flight ends cleanly`() async throws {
    try await withNetwork { network, chain in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let session = try user.session([.sign(with: record.key)])
      let signing = Task { () -> Int in
        var finished = 0
        while !Task.isCancelled {
          // With the one that is slashed among the quorum a request may fail; it must end.
          if (try? await user.client.sign(.message([1]), with: record.key, as: session)) != nil { finished += 1 }
        }
        return finished
      }
      let staker = network.stakers[4].address
      try await chain.vote(
        try chain.orders.vote(slash: staker, gwei: 10, evidence: [1]), by: network.stakers)
      let others = Array(nodes[0..<4])
      try await network.waitUntil(within: .seconds(30), of: others) { await !isLinked($0, to: nodes[4]) }
      for node in others {
        #expect(await node.membership?.current?.eligibleMember(nodes[4].id) == nil)
      }
      signing.cancel()
      #expect(await signing.value > 0)
      try await network.waitUntil(within: .seconds(30), of: others) { node in
        guard let status = await node.status else { return false }
        return status.sessions == 0 && status.pendingRequests == 0 && status.readiness == .ready
      }
      _ = try await user.client.sign(.message([2]), with: record.key, as: session)
      try await network.waitUntil(within: .seconds(30), of: [nodes[4]]) { await reason($0) == "not-a-member" }
    }
  }

  @Test(.timeLimit(.minutes(4)))
  func `T8 N nodes that keep the view they had go on speaking to a slashed member`() async throws {
    let freezer = Freezer()
    try await withNetwork(make: freezer.make) { network, chain in
      let nodes = await network.nodes
      freezer.freeze()
      try await chain.vote(
        try chain.orders.vote(slash: network.stakers[4].address, gwei: 10, evidence: [1]), by: network.stakers)
      let reader = try chain.reader()
      try await wait { await reader.refresh() && reader.current?.eligibleMember(nodes[4].id) == nil }
      for node in nodes[0..<4] { #expect(await isLinked(node, to: nodes[4])) }
    }
  }

  @Test(.timeLimit(.minutes(4)))
  func `T7 a key that did not sign its registration makes nobody a member, whoever voted for it`() async throws {
    try await withNetwork(listing: 0..<4) { network, chain in
      let nodes = await network.nodes
      let stakers = Array(network.stakers.prefix(4))
      let own = try await nodes[4].registration()
      var random = SystemRandom()
      let victim = Ed25519SigningKey(from: &random)
      let thief = Ed25519SigningKey(from: &random)
      let stolen = Registration(
        network: network.network, node: own.node, identityKey: victim.publicKey, peerEndpoint: own.peerEndpoint,
        clientEndpoint: own.clientEndpoint, signing: { thief.sign($0) })
      var list: [Registration] = []
      for node in nodes[0..<4] { list.append(try await node.registration()) }
      try await chain.register(stolen, by: network.stakers[4])
      try await chain.vote(try chain.orders.vote(members: list + [stolen]), by: stakers)
      let reader = try chain.reader()
      let seen = try await reader.begin(within: .seconds(20)).number
      try await network.waitUntil(within: .seconds(30), of: Array(nodes[0..<4])) {
        await $0.status?.registry?.number ?? 0 >= seen
      }
      for node in nodes[0..<4] {
        #expect(await node.membership?.current?.members.count == 4)
        #expect(await node.isReady)
      }
      // The same with its own key.
      try await chain.register(own, by: network.stakers[4])
      try await chain.vote(try chain.orders.vote(members: list + [own]), by: stakers)
      try await network.waitUntil(within: .seconds(60), of: Array(nodes[0..<4])) { await isLinked($0, to: nodes[4]) }
    }
  }

  // MARK: Nothing to be believed, and nothing to be done

  @Test(.timeLimit(.minutes(4)))
  func `A10 nodes whose endpoints are all dead refuse users' work after the limit, and come back`() async throws {
    try await withNetwork { network, chain in
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let session = try user.session([.sign(with: record.key)])
      chain.loopback.suspend()
      try await network.waitUntil(within: .seconds(60)) { await reason($0) == "registry-unavailable" }
      await #expect(throws: ClientError.registryUnavailable) {
        _ = try await user.client.sign(.message([1]), with: record.key, as: session)
      }
      chain.loopback.resume()
      try await network.waitUntil(within: .seconds(90)) { await $0.isReady }
      _ = try await user.client.sign(.message([2]), with: record.key, as: session)
    }
  }

  @Test(.timeLimit(.minutes(4)))
  func `A10 N nodes without a limit serve on, however long nobody has heard of the chain`() async throws {
    let freezer = Freezer()
    try await withNetwork(make: freezer.make) { network, chain in
      let reader = try chain.reader()
      _ = try await reader.begin(within: .seconds(20))
      freezer.freeze()
      chain.loopback.suspend()
      try await wait { reader.current == nil }
      for node in await network.nodes { #expect(await node.isReady) }
      chain.loopback.resume()
    }
  }

  @Test(.timeLimit(.minutes(4)))
  func `A10 a paused network does no user's work until its stakers resume it`() async throws {
    try await withNetwork { network, chain in
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let session = try user.session([.sign(with: record.key)])
      try await chain.vote(try chain.orders.votePause(), by: network.stakers, votes: 2)
      try await network.waitUntil(within: .seconds(30)) { await reason($0) == "paused" }
      await #expect(throws: ClientError.self) {
        _ = try await user.client.sign(.message([1]), with: record.key, as: session)
      }
      try await chain.vote(try chain.orders.voteResume(), by: network.stakers)
      try await network.waitUntil(within: .seconds(30)) { await $0.isReady }
      _ = try await user.client.sign(.message([2]), with: record.key, as: session)
    }
  }

  private func wait(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !condition() {
      try #require(ContinuousClock.now < deadline, "it did not come to that")
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}

/// Lets nodes look at the chain, or not.
private final class PollingGate: Sendable {
  private let state = Mutex((isClosed: false, running: 0))

  var make: TestNetwork.Making {
    { configuration, surroundings in
      var surroundings = surroundings
      if let registry = surroundings.membership as? ChainRegistry {
        surroundings.background = [{ await self.poll(registry) }]
      }
      return try await Node(configuration, surroundings)
    }
  }

  func poll(_ registry: ChainRegistry) async {
    while !Task.isCancelled {
      let enters = state.withLock { state in
        if !state.isClosed { state.running += 1 }
        return !state.isClosed
      }
      if enters {
        await registry.refresh()
        state.withLock { $0.running -= 1 }
      }
      guard (try? await Task.sleep(for: .milliseconds(200))) != nil else { return }
    }
  }

  /// Returns when nobody is looking.
  func close() async {
    state.withLock { $0.isClosed = true }
    while state.withLock({ $0.running }) > 0 { try? await Task.sleep(for: .milliseconds(10)) }
  }

  func open() { state.withLock { $0.isClosed = false } }
}

/// A registry that looks at the chain whenever somebody asks it.
private struct AskingSource: MembershipSource {
  let registry: ChainRegistry

  var current: MembershipSnapshot? {
    Task { await registry.refresh() }
    return registry.current
  }

  var updates: AsyncStream<MembershipSnapshot> { registry.updates }
}

/// Makes nodes that keep the view they had at one moment.
private final class Freezer: Sendable {
  private let isFrozen = Mutex(false)

  func freeze() { isFrozen.withLock { $0 = true } }

  var make: TestNetwork.Making {
    { configuration, surroundings in
      var surroundings = surroundings
      surroundings.membership = Source(inner: surroundings.membership, freezer: self)
      return try await Node(configuration, surroundings)
    }
  }

  private final class Source: MembershipSource {
    private let inner: any MembershipSource
    private let freezer: Freezer
    private let kept = Mutex<MembershipSnapshot?>(nil)

    init(inner: any MembershipSource, freezer: Freezer) {
      self.inner = inner
      self.freezer = freezer
    }

    var current: MembershipSnapshot? {
      let isFrozen = freezer.isFrozen.withLock { $0 }
      return kept.withLock { kept in
        if kept == nil || !isFrozen { kept = inner.current ?? kept }
        return kept
      }
    }

    var updates: AsyncStream<MembershipSnapshot> { inner.updates }
    var readingPeriod: Duration { inner.readingPeriod }
  }
}
