package import EthereumChain

/// The views of the contract `Keys` that a reader needs, with the bounds the contract promises.
package enum KeysContract {
  package static let entryLimit: UInt64 = 1 << 16
  package static let recordLimit = 12 << 10
  /// How many page digests, and how many entries, one call gives.
  package static let digestsPerCall = 512
  package static let entriesPerCall = 32

  package static let overview = ContractFunction(
    "overview()", returns: [.bytes32, .uint256, .bytes32, .address, .uint256, .bytes32, .uint256])
  package static let pageDigests = ContractFunction(
    "pageDigests(uint256,uint256)", [.uint256, .uint256], returns: [.array(.bytes32, limit: digestsPerCall)])
  package static let entries = ContractFunction(
    "entries(uint256,uint256)", [.uint256, .uint256],
    returns: [
      .array(.tuple([.bytes32, .address, .uint256, .uint256, .bytes(limit: recordLimit)]), limit: entriesPerCall)
    ])
}
