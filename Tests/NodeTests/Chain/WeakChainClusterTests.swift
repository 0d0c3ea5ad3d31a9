import ChainRegistry
import ChainTestKit
import Identifiers
import Membership
import NodeTestKit
import Signatures
import Testing
import Wire

/// The attacks of the other suite on nodes with a defence taken away, at which they succeed.
@Suite(
  .serialized, .enabled(if: LoopbackChain.isAvailable, "the loopback chain and compiled contracts are not there"),
  OnChain(depth: 1, isWeak: true))
struct `Weakened nodes whose registry is on a chain` {
  private func wait(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !condition() {
      try #require(ContinuousClock.now < deadline, "it did not come to that")
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func `A10 N a node that looks at the chain for every request asks it all the time`() async throws {
    let setting = try ChainSetting.here
    setting.weakness.become(.asksEveryTime)
    defer { setting.weakness.become(.none) }
    let questions = try await setting.questionsWhileSigning()
    #expect(questions > 0)
  }

  @Test(.timeLimit(.minutes(2)))
  func `A10 N a node that passes over a pause does users' work meanwhile`() async throws {
    let setting = try ChainSetting.here
    let chain = setting.chain
    setting.weakness.become(.passesOverPauses)
    let reader = try chain.reader()
    try await chain.vote(try chain.orders.votePause(), by: setting.voters, votes: 2)
    try await wait { await reader.refresh() && reader.current?.isPaused ?? false }
    try await setting.waitUntilRead()
    for node in setting.members { #expect(await node.isReady) }
    setting.weakness.become(.none)
    try await chain.vote(try chain.orders.voteResume(), by: setting.voters)
    try await setting.settle()
  }

  @Test(.timeLimit(.minutes(2)))
  func `T8 N nodes that keep the view they had go on speaking to a slashed member`() async throws {
    let setting = try ChainSetting.here
    let chain = setting.chain
    setting.weakness.become(.keepsItsView)
    try await chain.vote(
      try chain.orders.vote(slash: setting.stakers[3].address, gwei: 10, evidence: [1]), by: setting.voters)
    let reader = try chain.reader()
    try await wait { await reader.refresh() && reader.current?.eligibleMember(setting.members[3].id) == nil }
    for node in setting.members[0..<3] { #expect(await setting.isLinked(node, to: setting.members[3])) }
    setting.weakness.become(.none)
    try await chain.send([(setting.stakers[3], try chain.orders.stake(gwei: 10))])
    try await setting.settle()
  }

  @Test(.timeLimit(.minutes(2)))
  func `A10 N nodes without a limit serve on, however long nobody has heard of the chain`() async throws {
    let setting = try ChainSetting.here
    let chain = setting.chain
    let reader = try chain.reader()
    _ = try await reader.begin(within: .seconds(20))
    setting.weakness.become(.keepsItsView)
    defer { setting.weakness.become(.none) }
    chain.loopback.suspend()
    defer { chain.loopback.resume() }
    try await wait { reader.current == nil }
    try await wait {
      for node in setting.members { guard await node.isReady else { return false } }
      return true
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func `A9 N nodes that ask a contract wallet where they happen to be answer one request differently`() async throws {
    let setting = try ChainSetting.here
    let contract = try await ContractUser(setting)
    setting.weakness.become(.judgesWhereItIs)
    defer { setting.weakness.become(.none) }
    let (request, nodes) = try await contract.request(at: contract.block())
    #expect(await contract.refusal(of: request, at: nodes[0]) == nil)
    _ = try await contract.changeOwner()
    #expect(await contract.refusal(of: request, at: nodes[1]) == .invalidCapability)
  }
}
