import EthereumChain

/// The views of the contract `Staking` that a reader needs, with the bounds the contract promises.
enum StakingContract {
  static let memberLimit = 200
  static let registrationLimit = 1 << 10
  static let measurementLimit = 64
  static let policyLimit = 8 << 10
  static let certificatePage: UInt64 = 256
  /// Every epoch is a vote of more than two thirds; there are fewer than this many.
  static let epochLimit: UInt64 = 1 << 14

  static let overview = ContractFunction(
    "overview()",
    returns: [
      .bytes32, .uint256, .bytes32, .uint256, .uint256, .bytes32, .bytes32, .bytes32, .uint256, .uint256, .bytes32,
      .bytes32,
    ])
  static let members = ContractFunction(
    "members(uint256,uint256)", [.uint256, .uint256],
    returns: [.array(.tuple([.address, .uint256, .bytes(limit: registrationLimit)]), limit: memberLimit)])
  static let measurements = ContractFunction(
    "measurements()",
    returns: [.array(.tuple([.string(limit: 32), .bytes(limit: 48), .uint256]), limit: measurementLimit)])
  static let policy = ContractFunction("policy()", returns: [.bytes(limit: policyLimit)])
  static let certificates = ContractFunction(
    "certificates(uint256,uint256)", [.uint256, .uint256], returns: [.array(.bytes32, limit: Int(certificatePage))])
}
