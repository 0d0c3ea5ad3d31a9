import EthereumChain
import Identifiers
import SigningContent
import Wire

/// What whoever sends a transaction asks one endpoint.
extension ChainEndpoint {
  /// - Parameter inBlocks: whether those that are on their way are left out.
  func transactionCount(of address: WalletAddress, inBlocks: Bool = false) async throws(RPCFailure) -> UInt64 {
    try await smallNumber(
      "eth_getTransactionCount", [.string(address.text), .string(inBlocks ? "latest" : "pending")])
  }

  func balance(of address: WalletAddress) async throws(RPCFailure) -> UInt256 {
    try await number("eth_getBalance", [.string(address.text), .string("latest")])
  }

  func priorityFee() async throws(RPCFailure) -> UInt256 { try await number("eth_maxPriorityFeePerGas") }

  func gas(for order: TransactionOrder, from sender: WalletAddress) async throws(RPCFailure) -> UInt64 {
    var members = [
      JSONMember("from", .string(sender.text)), JSONMember("value", .string(HexText.write(order.value))),
      JSONMember("data", .string(HexText.write(order.data))),
    ]
    if let to = order.to { members.append(JSONMember("to", .string(to.text))) }
    return try await smallNumber("eth_estimateGas", [.object(members)])
  }

  func send(_ transaction: SignedEthereumTransaction) async throws(RPCFailure) -> Digest32 {
    let bytes = try await bytes(
      "eth_sendRawTransaction", [.string(HexText.write(transaction.serialized))], limit: 32)
    guard let hash = try? Digest32(bytes: bytes) else { throw .malformed(.invalid("result")) }
    return hash
  }

  /// Nil where the endpoint does not have it. What it gives hashes to the hash.
  func transaction(_ hash: Digest32) async throws(RPCFailure) -> SignedEthereumTransaction? {
    let value = try await ask("eth_getTransactionByHash", [.string(HexText.write(hash.bytes))])
    guard value != .null else { return nil }
    do { return try SignedEthereumTransaction(value, hash: hash) } catch {
      switch error {
      case .malformed(let error): throw .malformed(error)
      case .transaction, .hashMismatch: throw .malformed(.invalid("transaction"))
      }
    }
  }

  /// Nil while the transaction is in no block.
  func receipt(of hash: Digest32) async throws(RPCFailure) -> TransactionReceipt? {
    let value = try await ask("eth_getTransactionReceipt", [.string(HexText.write(hash.bytes))])
    guard value != .null else { return nil }
    do throws(FormatError) {
      var fields = try JSONFields(value)
      guard try fields.hexIdentifier("transactionHash", as: Digest32.self) == hash else {
        throw .invalid("transactionHash")
      }
      let status = try fields.hexUInt64("status")
      guard status <= 1 else { throw .invalid("status") }
      return TransactionReceipt(
        transaction: hash, succeeded: status == 1, blockNumber: try fields.hexUInt64("blockNumber"),
        blockHash: try fields.hexIdentifier("blockHash"), gasUsed: try fields.hexUInt64("gasUsed"),
        events: try fields.array("logs", limit: 1_024).map(ContractEvent.init))
    } catch {
      throw .malformed(error)
    }
  }
}

extension ContractEvent {
  private static let dataLimit = 64 << 10

  fileprivate init(_ value: JSONValue) throws(FormatError) {
    var fields = try JSONFields(value)
    contract = try fields.hexIdentifier("address")
    topics = try fields.array("topics", limit: 4).map { (topic) throws(FormatError) in
      guard case .string(let text) = topic, let bytes = HexText.bytes(text, limit: 32),
        let digest = try? Digest32(bytes: bytes)
      else { throw .invalid("topics") }
      return digest
    }
    data = try fields.hexBytes("data", limit: Self.dataLimit)
  }
}
