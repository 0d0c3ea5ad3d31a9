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
import Wire

/// A user whose wallet is a contract, which may decrypt under a policy of its own.
struct ContractUser: Sendable {
  let setting: ChainSetting
  let wallet: OwnedWallet
  let owner: EthereumSigningKey
  let policy: DecryptionPolicy
  let session: UserSession

  init(_ setting: ChainSetting) async throws {
    self.setting = setting
    var random = SystemRandom()
    owner = try EthereumSigningKey(from: &random)
    wallet = try await setting.chain.makeWallet(ownedBy: owner)
    policy = try DecryptionPolicy(anyOf: [wallet.address])
    session = try Self.session(setting, wallet, [.decrypt(under: policy.hash)], signedBy: owner)
    try await Self.settle(setting)
  }

  /// Waits until the members act on blocks after everything that was done on the chain.
  private static func settle(_ setting: ChainSetting) async throws {
    try await setting.chain.loopback.mine(3)
    try await setting.waitUntilRead()
  }

  /// What somebody signs for the wallet, who is its owner or not.
  static func session(
    _ setting: ChainSetting, _ wallet: OwnedWallet, _ grants: Set<Grant>, signedBy key: EthereumSigningKey
  ) throws -> UserSession {
    var random = SystemRandom()
    let draft = try UserSession.Draft(
      wallet: wallet.address, founding: setting.network.founding, grants: grants, lifetime: 600,
      now: setting.network.clock.wall, from: &random)
    return try draft.signed(key.signMessage(Array(draft.text.utf8)))
  }

  /// A request that three of the members may answer, each for itself.
  func request(
    at block: BlockReference, as session: UserSession? = nil, nodes: Int = 3
  ) async throws -> (request: ManualRequest, nodes: [Node]) {
    var running: [Node] = []
    for member in setting.members.prefix(nodes) {
      if let node = await member.node { running.append(node) }
    }
    let request = try ManualRequest(
      .decrypt(policy: policy.bytes, dataKeyHash: .zero), to: running, as: session ?? self.session,
      issuedAt: setting.network.clock.wall, block: block)
    return (request, running)
  }

  /// The code with which a node refuses a request; nil when it does not. On a busy machine a contract's answer may take
  /// longer than a request waits for it, and is there when the request comes again.
  func refusal(of request: ManualRequest, at node: Node) async -> ErrorCode? {
    for _ in 0..<8 {
      let code = await request.refusal(at: node)
      guard code == .notReady else { return code }
      try? await Task.sleep(for: .milliseconds(500))
    }
    return .notReady
  }

  /// One that every member has come to.
  func block() async throws -> BlockReference {
    let reader = try setting.chain.reader()
    let block = try await reader.begin(within: .seconds(20)).chain?.block
    guard let block else { throw TestNetworkError.noKeys }
    // A busy machine takes longer to read it than a request waits.
    try await setting.network.waitUntil(within: .seconds(30), of: setting.members) { node in
      await node.membership?.current?.chain.map { $0.block.number >= block.number } ?? false
    }
    return BlockReference(number: block.number, hash: block.hash)
  }

  /// Gives the wallet to somebody else, and waits until the members act on blocks after that.
  func changeOwner() async throws -> EthereumSigningKey {
    var random = SystemRandom()
    let other = try EthereumSigningKey(from: &random)
    try await setting.chain.send([(owner, wallet.setOwner(other.address))])
    try await Self.settle(setting)
    return other
  }
}
