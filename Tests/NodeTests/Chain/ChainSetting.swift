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
import Signatures
import Testing
import Wire

/// A network whose registry is on a real chain, shared by the tests of a suite: five nodes, of which the first four are
/// members and hold the keys. Tests leave it as they found it.
struct ChainSetting: Sendable {
  @TaskLocal private static var current: ChainSetting?

  let network: TestNetwork
  let chain: TestChain
  let gate: PollingGate
  let weakness: Weakness
  let nodes: [TestNode]

  var members: [TestNode] { Array(nodes[0..<4]) }
  var newcomer: TestNode { nodes[4] }
  var stakers: [EthereumSigningKey] { network.stakers }
  /// Those of the members.
  var voters: [EthereumSigningKey] { Array(network.stakers[0..<4]) }

  /// The network of the suite a test is in.
  static var here: ChainSetting {
    get throws { try #require(current, "the suite has no network") }
  }

  static func run(depth: UInt64, isWeak: Bool, _ body: () async throws -> Void) async throws {
    let gate = PollingGate()
    let weakness = Weakness()
    let network = try await TestNetwork(count: 5, onChain: depth) { configuration, surroundings in
      var surroundings = surroundings
      guard let registry = surroundings.membership as? ChainRegistry else {
        return try await Node(configuration, surroundings)
      }
      surroundings.background = [{ await gate.follow(registry) }]
      if isWeak {
        surroundings.membership = WeakSource(registry, weakness)
        surroundings.askContractWallet = surroundings.askContractWallet.map { weakness.question($0, registry) }
      }
      return try await Node(configuration, surroundings)
    }
    do {
      try await network.start(listing: 0..<4) { _ in }
      try await network.generateKeys(at: 0..<4)
      let setting = ChainSetting(
        network: network, chain: try #require(network.chain), gate: gate, weakness: weakness,
        nodes: await network.nodes)
      try await $current.withValue(setting) { try await body() }
      await network.remove()
    } catch {
      await network.remove()
      throw error
    }
  }

  // MARK: What nodes say

  func isLinked(_ node: TestNode, to other: TestNode) async -> Bool {
    await node.status?.peers.contains { $0.node == other.id && $0.instance != nil } ?? false
  }

  func reason(_ node: TestNode) async -> String? {
    guard case .notReady(let reason, _) = await node.status?.readiness else { return nil }
    return reason
  }

  /// Waits until every member is linked to every other, and serves.
  func settle() async throws {
    try await network.waitUntil(within: .seconds(60), of: members) { node in
      guard await node.isReady else { return false }
      for other in members where other.id != node.id {
        guard await isLinked(node, to: other) else { return false }
      }
      return true
    }
  }

  // MARK: What a user does

  struct Signing: Sendable {
    let user: TestUser
    let record: KeyRecord
    let session: UserSession

    func sign(_ message: UInt8) async throws(ClientError) {
      _ = try await user.client.sign(.message([message]), with: record.key, as: session)
    }
  }

  func signing() async throws -> Signing {
    let user = try TestUser(of: network)
    let record = try await user.makeKey(.ed25519Sign)
    return Signing(user: user, record: record, session: try user.session([.sign(with: record.key)]))
  }

  /// How many questions nodes ask the chain while somebody signs, and nothing else makes them ask.
  func questionsWhileSigning() async throws -> Int {
    let signing = try await signing()
    await gate.close()
    defer { gate.open() }
    let before = await asked()
    for message in 0..<3 as Range<UInt8> { try await signing.sign(message) }
    return await asked() - before
  }

  func asked() async -> Int {
    var sum = 0
    for node in nodes {
      for line in await node.metrics.render().split(separator: "\n")
      where line.hasPrefix("quorate_chain_questions_total{") {
        sum += line.split(separator: " ").last.flatMap { Int($0) } ?? 0
      }
    }
    return sum
  }

  // MARK: What stakers do

  func registrations(_ nodes: [TestNode]) async throws -> [Registration] {
    var registrations: [Registration] = []
    for node in nodes { registrations.append(try await node.registration()) }
    return registrations
  }

  /// Takes the newcomer off the list again.
  func dismissNewcomer() async throws {
    try await chain.vote(try chain.orders.vote(members: try await registrations(members)), by: stakers)
    try await network.waitUntil(within: .seconds(30), of: members) {
      await $0.membership?.current?.members.count == 4
    }
  }

  /// How far the chain's own reader comes; nodes have read as much when this returns.
  func waitUntilRead() async throws {
    let reader = try chain.reader()
    let block = try await reader.begin(within: .seconds(20)).chain?.block.number ?? 0
    try await network.waitUntil(within: .seconds(30), of: members) { node in
      await node.membership?.current?.chain.map { $0.block.number >= block } ?? false
    }
  }
}

/// Gives a suite one network for all its tests.
struct OnChain: SuiteTrait, TestScoping {
  /// How many blocks must lie on a block before nodes act on it.
  let depth: UInt64
  /// Whether nodes can be weakened.
  var isWeak = false

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await ChainSetting.run(depth: depth, isWeak: isWeak, function)
  }
}
