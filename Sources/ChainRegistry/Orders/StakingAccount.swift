import EthereumChain
package import EthereumRPC
package import Identifiers
package import Membership

/// What `Staking` knows of one wallet.
package struct StakingAccount: Sendable {
  /// In gwei.
  package let stake: UInt64
  /// What was unstaked and is not paid out yet.
  package let leaving: UInt64
  /// From when on it can be; by the chain's time.
  package let withdrawableAt: Timestamp
  package let isListed: Bool
  package let isSlashable: Bool
  /// The latest that the wallet registered, proved by its key; nil where there is none or nobody can follow it.
  package let registration: Registration?

  private static let view = ContractFunction(
    "account(address)", [.address],
    returns: [.tuple([.uint256, .uint256, .uint256, .bool, .bool, .bytes(limit: StakingContract.registrationLimit)])])
  private static let needed = ContractFunction("votesNeeded()", returns: [.uint256, .uint256])

  fileprivate init(_ answer: [UInt8], _ wallet: WalletAddress, _ network: NetworkID) throws(ABIError) {
    var results = try Self.view.decode(answer)
    var fields = try results.tuple()
    stake = try fields.uint64()
    leaving = try fields.uint64()
    withdrawableAt = Timestamp(secondsSince1970: Int64(clamping: try fields.uint64()))
    isListed = try fields.bool()
    isSlashable = try fields.bool()
    let member = ListedMember(staker: wallet, stake: stake, registration: try fields.bytes()).member
    registration = member.flatMap { $0.registration.isProved(for: network) ? $0.registration : nil }
    try fields.finish()
  }
}

extension ChainRegistry {
  /// What the endpoints agree on of a wallet, at the block of the present view.
  package func account(of wallet: WalletAddress) async throws(ChainTrouble) -> StakingAccount {
    try await agreedView(\.staking, StakingAccount.call(wallet)) { [founding] (answer) throws(ABIError) in
      try StakingAccount(answer, wallet, founding.network)
    }
  }

  /// How many votes decide, and how many pause.
  package func votesNeeded() async throws(ChainTrouble) -> (toDecide: UInt64, toPause: UInt64) {
    try await agreedView(\.staking, StakingAccount.neededCall) { (answer) throws(ABIError) in
      try StakingAccount.needed(answer)
    }
  }
}

extension StakingAccount {
  fileprivate static func call(_ wallet: WalletAddress) -> [UInt8]? { try? view.callData([.address(wallet)]) }
  fileprivate static var neededCall: [UInt8]? { try? needed.callData() }

  fileprivate static func needed(_ answer: [UInt8]) throws(ABIError) -> (toDecide: UInt64, toPause: UInt64) {
    var fields = try needed.decode(answer)
    return (try fields.uint64(), try fields.uint64())
  }
}
