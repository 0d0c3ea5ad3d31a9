package import EthereumChain
package import EthereumRPC
package import Identifiers
package import Membership
package import SigningContent

/// Puts a network's contracts onto its chain. Whoever does has no rights by it as long as ``ContractCreation`` is looked at.
package struct Deployment: Sendable {
  private let founding: FoundingDocument
  private let terms: ChainRegistryTerms
  package let maximumFee: UInt256

  /// Nil where the registry is a file.
  package init?(_ founding: FoundingDocument, maximumFee: UInt256) {
    guard case .chain(let terms) = founding.registry else { return nil }
    self.founding = founding
    self.terms = terms
    self.maximumFee = maximumFee
  }

  /// The contracts' addresses, which the founding document has to name before they are there: those of the two next
  /// transactions of whoever deploys. Nil for a nonce that no transaction has.
  package static func addresses(
    deployer: WalletAddress, nonce: UInt64
  ) -> (staking: WalletAddress, keys: WalletAddress)? {
    guard nonce < .max, let staking = WalletAddress(contractCreatedBy: deployer, nonce: nonce),
      let keys = WalletAddress(contractCreatedBy: deployer, nonce: nonce + 1)
    else { return nil }
    return (staking, keys)
  }

  /// - Parameter bytecode: what the compiler made of `Staking`.
  package func staking(_ bytecode: [UInt8]) throws(ABIError) -> TransactionOrder {
    let arguments = try ABIValue.encode(
      [
        .bytes(founding.bytes), .array(founding.stakers.map { .address($0.address) }),
        .uint(UInt64(founding.minimumMembers)), .uint(founding.minimumStake), .uint(terms.window),
        .uint(terms.notice), .uint(terms.unstakeDelay),
      ],
      as: [
        .bytes(limit: 16 << 10), .array(.address, limit: StakingContract.memberLimit), .uint256, .uint256, .uint256,
        .uint256, .uint256,
      ])
    return TransactionOrder(to: nil, data: bytecode + arguments, maximumFee: maximumFee)
  }

  package func keys(_ bytecode: [UInt8]) throws(ABIError) -> TransactionOrder {
    guard let deposit = UInt256(decimal: terms.keyDeposit) else { throw .wrongType }
    let arguments = try ABIValue.encode([.address(terms.staking), .uint(deposit)], as: [.address, .uint256])
    return TransactionOrder(to: nil, data: bytecode + arguments, maximumFee: maximumFee)
  }
}
