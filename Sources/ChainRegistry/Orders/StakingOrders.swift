package import EthereumChain
package import EthereumRPC
package import Identifiers
package import Membership
import Signatures
package import SigningContent

/// The transactions of `Staking` as orders, of which whoever sends them makes transactions.
package struct StakingOrders: Sendable {
  package let contract: WalletAddress
  /// The most each may cost beside its value, in wei.
  package let maximumFee: UInt256

  package init(_ terms: ChainRegistryTerms, maximumFee: UInt256) {
    contract = terms.staking
    self.maximumFee = maximumFee
  }

  /// - Parameter gwei: of the wallet's money, to its stake.
  package func stake(gwei: UInt64) throws(ABIError) -> TransactionOrder {
    guard let wei = UInt256(gwei).multiplied(by: 1_000_000_000) else { throw .tooLong }
    return try order("stake()", value: wei)
  }

  package func unstake(gwei: UInt64) throws(ABIError) -> TransactionOrder {
    try order("unstake(uint256)", [.uint256], [.uint(gwei)])
  }

  package func withdraw(to recipient: WalletAddress) throws(ABIError) -> TransactionOrder {
    try order("withdraw(address)", [.address], [.address(recipient)])
  }

  /// Says which key and endpoints the sender's node has; to those without a place on the list a request for one.
  package func register(_ registration: Registration) throws(ABIError) -> TransactionOrder {
    try order(
      "register(bytes32,string,string,bytes)",
      [.bytes32, .string(limit: Self.endpointLimit), .string(limit: Self.endpointLimit), .bytes(limit: 64)],
      [
        .fixedBytes(registration.identityKey), .string(registration.peerEndpoint.text),
        .string(registration.clientEndpoint.text), .bytes(registration.proof),
      ])
  }

  package func leave() throws(ABIError) -> TransactionOrder { try order("leave()") }

  /// - Parameter members: the whole list, in any order.
  package func vote(members: [Registration]) throws(ABIError) -> TransactionOrder {
    let ordered = members.sorted { $0.identityKey.lexicographicallyPrecedes($1.identityKey) }
    return try order(
      "voteMembers(address[],bytes32[])",
      [.array(.address, limit: StakingContract.memberLimit), .array(.bytes32, limit: StakingContract.memberLimit)],
      [
        .array(ordered.map { .address($0.node.staker) }),
        .array(ordered.map { .digest(.keccak256($0.contractBytes)) }),
      ])
  }

  package func vote(epoch: UInt64) throws(ABIError) -> TransactionOrder {
    try order("voteEpoch(uint256)", [.uint256], [.uint(epoch)])
  }

  /// - Parameter policy: the body of the change, JSON in its one form.
  package func vote(policy: [UInt8], minimumStake: UInt64) throws(ABIError) -> TransactionOrder {
    try order(
      "votePolicy(bytes,uint256)", [.bytes(limit: StakingContract.policyLimit), .uint256],
      [.bytes(policy), .uint(minimumStake)])
  }

  /// - Parameter accepted: whether code that measures so may run, or no longer.
  package func vote(measurement: [UInt8], of kind: String, accepted: Bool) throws(ABIError) -> TransactionOrder {
    try order(
      "voteMeasurement(string,bytes,bool)", [.string(limit: 32), .bytes(limit: 48), .bool],
      [.string(kind), .bytes(measurement), .bool(accepted)])
  }

  package func vote(keyCertificate digest: Digest32, of epoch: UInt64) throws(ABIError) -> TransactionOrder {
    try order("voteKeyCertificate(uint256,bytes32)", [.uint256, .bytes32], [.uint(epoch), .digest(digest)])
  }

  /// - Parameter evidence: 1 … 4,096 bytes; everybody can read it in the chain's log.
  package func vote(
    slash staker: WalletAddress, gwei: UInt64, evidence: [UInt8]
  ) throws(ABIError) -> TransactionOrder {
    guard !evidence.isEmpty else { throw .truncated }
    return try order(
      "voteSlash(address,uint256,bytes)", [.address, .uint256, .bytes(limit: 4_096)],
      [.address(staker), .uint(gwei), .bytes(evidence)])
  }

  package func votePause() throws(ABIError) -> TransactionOrder { try order("votePause()") }
  package func voteResume() throws(ABIError) -> TransactionOrder { try order("voteResume()") }

  private static let endpointLimit = 264

  private func order(
    _ signature: String, _ types: [ABIType] = [], _ arguments: [ABIValue] = [], value: UInt256 = .zero
  ) throws(ABIError) -> TransactionOrder {
    TransactionOrder(
      to: contract, value: value, data: try ContractFunction(signature, types).callData(arguments),
      maximumFee: maximumFee)
  }
}

extension Registration {
  /// As the contract keeps it, see ``ListedMember/registration``.
  package var contractBytes: [UInt8] {
    let peer = Array(peerEndpoint.text.utf8)
    return identityKey + proof + UInt16(clamping: peer.count).bigEndianBytes + peer + Array(clientEndpoint.text.utf8)
  }
}
