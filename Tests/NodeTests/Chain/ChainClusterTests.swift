import Authorization
import ChainRegistry
import ChainTestKit
import Client
import Identifiers
import Membership
import Node
import NodeTestKit
import PublicKeys
import Secrets
import Signatures
import Testing
import Wire

/// Real nodes, the project's contracts on a real EVM, and what becomes of the one when the other changes.
@Suite(
  .serialized, .enabled(if: LoopbackChain.isAvailable, "the loopback chain and compiled contracts are not there"),
  OnChain(depth: 2))
struct `Nodes whose registry is on a chain` {
  @Test(.timeLimit(.minutes(2)))
  func `A10 a request causes no question to the chain`() async throws {
    let setting = try ChainSetting.here
    let questions = try await setting.questionsWhileSigning()
    #expect(questions == 0)
    // The counter counts.
    let before = await setting.asked()
    try await setting.network.waitUntil(within: .seconds(20)) { _ in await setting.asked() > before }
  }

  @Test(.timeLimit(.minutes(2)))
  func `A10 a join taken back by a reorganisation is never acted on, and one that stays is`() async throws {
    let setting = try ChainSetting.here
    let (chain, newcomer) = (setting.chain, setting.newcomer)
    let own = try await newcomer.registration()
    try await chain.register(own, by: setting.stakers[4])
    let vote = try chain.orders.vote(members: try await setting.registrations(setting.nodes))

    try await chain.vote(vote, by: setting.voters)
    try await chain.loopback.control("chain_rewind", .integer(2))
    try await chain.loopback.mine(4)
    try await setting.waitUntilRead()
    for node in setting.members {
      #expect(await node.membership?.current?.members.count == 4)
      #expect(await !setting.isLinked(node, to: newcomer))
      #expect(await node.isReady)
    }

    // The chain took back some of the votes or all of them.
    try await chain.voteAgain(vote, by: setting.voters)
    try await setting.network.waitUntil(within: .seconds(60), of: setting.members) {
      await setting.isLinked($0, to: newcomer)
    }
    for node in setting.members { #expect(await node.membership?.current?.members.count == 5) }
    try await setting.dismissNewcomer()
  }

  @Test(.timeLimit(.minutes(2)))
  func `T7 a key that did not sign its registration makes nobody a member, whoever voted for it`() async throws {
    let setting = try ChainSetting.here
    let (chain, newcomer) = (setting.chain, setting.newcomer)
    let own = try await newcomer.registration()
    var random = SystemRandom()
    let victim = Ed25519SigningKey(from: &random)
    let thief = Ed25519SigningKey(from: &random)
    let stolen = Registration(
      network: setting.network.network, node: own.node, identityKey: victim.publicKey, peerEndpoint: own.peerEndpoint,
      clientEndpoint: own.clientEndpoint, signing: { thief.sign($0) })
    let list = try await setting.registrations(setting.members)
    try await chain.register(stolen, by: setting.stakers[4])
    try await chain.vote(try chain.orders.vote(members: list + [stolen]), by: setting.voters)
    try await setting.waitUntilRead()
    for node in setting.members {
      #expect(await node.membership?.current?.members.count == 4)
      #expect(await node.isReady)
    }

    // The same with its own key. To the contract it is a member already, so that it counts among the voters.
    try await chain.register(own, by: setting.stakers[4])
    try await chain.vote(try chain.orders.vote(members: list + [own]), by: setting.stakers)
    try await setting.network.waitUntil(within: .seconds(60), of: setting.members) {
      await setting.isLinked($0, to: newcomer)
    }
    try await setting.dismissNewcomer()
  }

  @Test(.timeLimit(.minutes(2)))
  func `T8 a slashed member is cut off, and what is in flight ends cleanly`() async throws {
    let setting = try ChainSetting.here
    let (chain, network, slashed) = (setting.chain, setting.network, setting.members[3])
    let signing = try await setting.signing()
    let stream = Task { () -> Int in
      var finished = 0
      while !Task.isCancelled {
        // With the one that is slashed in the quorum a request may fail; it must end.
        if (try? await signing.sign(1)) != nil { finished += 1 }
      }
      return finished
    }
    try await chain.vote(
      try chain.orders.vote(slash: setting.stakers[3].address, gwei: 10, evidence: [1]), by: setting.voters)
    let others = Array(setting.members[0..<3])
    try await network.waitUntil(within: .seconds(30), of: others) { await !setting.isLinked($0, to: slashed) }
    for node in others { #expect(await node.membership?.current?.eligibleMember(slashed.id) == nil) }
    stream.cancel()
    #expect(await stream.value > 0)
    try await network.waitUntil(within: .seconds(30), of: others) { node in
      guard let status = await node.status else { return false }
      return status.sessions == 0 && status.pendingRequests == 0 && status.readiness == .ready
    }
    try await signing.sign(2)
    try await network.waitUntil(within: .seconds(30), of: [slashed]) { await setting.reason($0) == "not-a-member" }

    // It is on the list still, and is spoken to again when it has staked.
    try await chain.send([(setting.stakers[3], try chain.orders.stake(gwei: 10))])
    try await setting.settle()
  }

  @Test(.timeLimit(.minutes(2)))
  func `A10 nodes whose endpoints are all dead refuse users' work after the limit, and come back`() async throws {
    let setting = try ChainSetting.here
    let signing = try await setting.signing()
    setting.chain.loopback.suspend()
    try await setting.network.waitUntil(within: .seconds(60), of: setting.members) {
      await setting.reason($0) == "registry-unavailable"
    }
    // The user reads the chain for itself, and may have had its last view later.
    try await setting.network.waitUntil(within: .seconds(60)) { _ in signing.user.registry.current == nil }
    await #expect(throws: ClientError.registryUnavailable) { try await signing.sign(1) }
    setting.chain.loopback.resume()
    try await setting.settle()
    try await signing.sign(2)
  }

  @Test(.timeLimit(.minutes(2)))
  func `A10 a paused network does no user's work until its stakers resume it`() async throws {
    let setting = try ChainSetting.here
    let chain = setting.chain
    let signing = try await setting.signing()
    try await chain.vote(try chain.orders.votePause(), by: setting.voters, votes: 2)
    try await setting.network.waitUntil(within: .seconds(30), of: setting.members) {
      await setting.reason($0) == "paused"
    }
    try await setting.network.waitUntil(within: .seconds(30)) { _ in
      signing.user.registry.current?.isPaused ?? false
    }
    await #expect(throws: ClientError.paused) { try await signing.sign(1) }
    try await chain.vote(try chain.orders.voteResume(), by: setting.voters)
    try await setting.settle()
    // The user reads the chain for itself, and later than the nodes perhaps.
    try await setting.network.waitUntil(within: .seconds(30)) { _ in
      signing.user.registry.current.map { !$0.isPaused } ?? false
    }
    try await signing.sign(2)
  }

  @Test(.timeLimit(.minutes(2)))
  func `A9 whoever a contract wallet takes for its own signs for it, and nobody else`() async throws {
    let setting = try ChainSetting.here
    let contract = try await ContractUser(setting)
    let user = try TestUser(of: setting.network)
    var random = SystemRandom()
    let record = try KeyRecord(
      network: setting.network.network, purpose: .ed25519Sign, owner: contract.owner.address, salt: random.bytes(16),
      kinds: [.message], wallets: [contract.wallet.address])
    try await setting.network.append(.keyRecord(record), signedBy: [contract.owner])
    try await setting.waitUntilRead()
    try await setting.network.waitUntil(within: .seconds(20)) { _ in
      user.registry.current?.keyRecord(record.key) != nil
    }
    func sign(as key: EthereumSigningKey) async throws {
      let session = try ContractUser.session(setting, contract.wallet, [.sign(with: record.key)], signedBy: key)
      _ = try await user.client.sign(.message([1]), with: record.key, as: session)
    }
    try await sign(as: contract.owner)
    let stranger = try EthereumSigningKey(from: &random)
    await #expect(throws: ClientError.refused(.invalidCapability)) { try await sign(as: stranger) }
    let heir = try await contract.changeOwner()
    // The user names the block before the newest it has read.
    let changed = try await contract.block().number
    try await setting.network.waitUntil(within: .seconds(30)) { _ in
      user.registry.current?.chain?.recentBlocks.dropFirst().first.map { $0.number >= changed } ?? false
    }
    try await sign(as: heir)
    await #expect(throws: ClientError.refused(.invalidCapability)) { try await sign(as: contract.owner) }
  }

  @Test(.timeLimit(.minutes(2)))
  func `A9 every node judges a contract wallet at the block the request names, whenever it is asked`() async throws {
    let setting = try ChainSetting.here
    let contract = try await ContractUser(setting)
    let (before, nodes) = try await contract.request(at: contract.block())
    #expect(await contract.refusal(of: before, at: nodes[0]) == nil)
    _ = try await contract.changeOwner()
    // The same request, to nodes that have come further.
    #expect(await contract.refusal(of: before, at: nodes[1]) == nil)
    #expect(await contract.refusal(of: before, at: nodes[2]) == nil)
    let (after, _) = try await contract.request(at: contract.block())
    for node in nodes { #expect(await contract.refusal(of: after, at: node) == .invalidCapability) }
  }

  @Test(.timeLimit(.minutes(2)))
  func `A9 a block that is not on the chain, or far ahead, is none to judge at`() async throws {
    let setting = try ChainSetting.here
    let contract = try await ContractUser(setting)
    let block = try await contract.block()
    for wrong in [
      BlockReference(number: block.number, hash: .zero), BlockReference(number: block.number - 1, hash: block.hash),
      BlockReference(number: 0, hash: .zero), BlockReference(number: block.number + 1_000, hash: block.hash),
    ] {
      let (request, nodes) = try await contract.request(at: wrong)
      #expect(await request.refusal(at: nodes[0]) == .notReady)
    }
    let (right, nodes) = try await contract.request(at: block)
    #expect(await contract.refusal(of: right, at: nodes[0]) == nil)
  }

  @Test(.timeLimit(.minutes(2)))
  func `A10 a contract is asked once for a block, however many requests name it`() async throws {
    let setting = try ChainSetting.here
    let contract = try await ContractUser(setting)
    let block = try await contract.block()
    await setting.gate.close()
    defer { setting.gate.open() }
    let (first, nodes) = try await contract.request(at: block)
    let before = await setting.asked()
    #expect(await contract.refusal(of: first, at: nodes[0]) == nil)
    let asked = await setting.asked()
    #expect(asked > before)
    for _ in 0..<3 {
      let (next, _) = try await contract.request(at: block)
      #expect(await contract.refusal(of: next, at: nodes[0]) == nil)
    }
    #expect(await setting.asked() == asked)
  }
}
