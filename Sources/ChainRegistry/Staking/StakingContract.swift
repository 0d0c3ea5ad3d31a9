package import EthereumChain

/// The views of the contract `Staking` that a reader needs, with the bounds the contract promises.
package enum StakingContract {
  /// What is read and checked. The contract lists at most 64; a longer list would be refused where the view is made.
  package static let memberLimit = 200
  package static let registrationLimit = 1 << 10
  package static let measurementLimit = 64
  package static let policyLimit = 8 << 10
  package static let certificatePage: UInt64 = 256
  /// Every epoch is a vote of more than two thirds; there are fewer than this many.
  package static let epochLimit: UInt64 = 1 << 14

  package static let overview = ContractFunction(
    "overview()",
    returns: [
      .bytes32, .uint256, .bytes32, .uint256, .uint256, .bytes32, .bytes32, .bytes32, .uint256, .uint256, .bytes32,
      .bytes32,
    ])
  package static let members = ContractFunction(
    "members(uint256,uint256)", [.uint256, .uint256],
    returns: [.array(.tuple([.address, .uint256, .bytes(limit: registrationLimit)]), limit: memberLimit)])
  package static let measurements = ContractFunction(
    "measurements()",
    returns: [.array(.tuple([.string(limit: 32), .bytes(limit: 48), .uint256]), limit: measurementLimit)])
  package static let policy = ContractFunction("policy()", returns: [.bytes(limit: policyLimit)])
  package static let certificates = ContractFunction(
    "certificates(uint256,uint256)", [.uint256, .uint256], returns: [.array(.bytes32, limit: Int(certificatePage))])
}
