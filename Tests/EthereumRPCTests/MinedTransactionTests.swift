import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import ProtocolTestKit
import Signatures
import SigningContent
import Testing
import Wire

/// Transactions of which endpoints say that they are in a block.
@Suite struct MinedTransactionTests {
  private let fixture: Fixture
  private let signed: SignedEthereumTransaction

  init() throws {
    fixture = try Fixture()
    signed = try Self.signed(data: [1, 2, 3])
  }

  private static func signed(data: [UInt8]) throws -> SignedEthereumTransaction {
    var random = SeededRandom(seed: 7)
    return try EthereumTransaction(
      chainID: 31_337, nonce: 3, fees: .legacy(gasPrice: UInt256(9)), gasLimit: 90_000, to: nil, value: .zero,
      data: data
    ).signed(by: EthereumSigningKey(from: &random))
  }

  private static func json(_ signed: SignedEthereumTransaction) throws -> JSONValue {
    guard case .list(let fields) = try RLPItem(decoding: signed.serialized) else { throw RLPError.truncated }
    let signature = fields.suffix(3).map { item -> JSONValue in
      guard case .bytes(let bytes) = item else { return .null }
      return .string(HexText.write(UInt256(bigEndianBytes: bytes) ?? .zero))
    }
    let content = signed.transaction
    return .object([
      JSONMember("type", .string("0x0")), JSONMember("nonce", .string(HexText.write(content.nonce))),
      JSONMember("gasPrice", .string("0x9")), JSONMember("gas", .string(HexText.write(content.gasLimit))),
      JSONMember("to", .null), JSONMember("value", .string("0x0")),
      JSONMember("input", .string(HexText.write(content.data))), JSONMember("v", signature[0]),
      JSONMember("r", signature[1]), JSONMember("s", signature[2]),
    ])
  }

  private func receipt(status: String = "0x1", block number: UInt64, hash: Digest32? = nil) throws -> JSONValue {
    let block = try #require(fixture.chain.block(number))
    return .object([
      JSONMember("transactionHash", .string(HexText.write(signed.hash.bytes))),
      JSONMember("status", .string(status)), JSONMember("blockNumber", .string(HexText.write(number))),
      JSONMember("blockHash", .string(HexText.write((hash ?? block.hash).bytes))),
      JSONMember("gasUsed", .string("0x1")), JSONMember("logs", .array([])),
    ])
  }

  private func answer(_ receipts: [JSONValue], _ transactions: [JSONValue]) {
    for (place, endpoint) in fixture.endpoints.enumerated() {
      let (receipt, transaction) = (receipts[place], transactions[place])
      endpoint.override { method, _ in
        switch method {
        case "eth_getTransactionReceipt": .result(receipt)
        case "eth_getTransactionByHash": .result(transaction)
        default: nil
        }
      }
    }
  }

  private func mined() async throws -> MinedTransaction? {
    try await fixture.set.transaction(signed.hash, under: fixture.set.agreeOnBlock(after: nil))
  }

  @Test func `O10 What became of a transaction is what enough endpoints say, and its content what its hash says`()
    async throws
  {
    let (right, lie) = (try receipt(block: 5), try receipt(status: "0x0", block: 5))
    let other = try Self.json(Self.signed(data: [4]))
    answer([lie, right, right], [other, .null, try Self.json(signed)])
    let found = try #require(try await mined())
    #expect(found.signed == signed && found.receipt.succeeded && found.receipt.blockNumber == 5)
    #expect(found.receipt.transaction == signed.hash)
  }

  @Test func `O10 A transaction that nobody gives as it is hashed is not obtainable`() async throws {
    let right = try receipt(block: 5)
    let other = try Self.json(Self.signed(data: [4]))
    answer([right, right, right], [other, other, .null])
    await #expect(throws: ChainTrouble.notObtainable) { try await mined() }
  }

  @Test func `O10 A transaction in no block of the agreed chain, or in one that does not count yet, is none`()
    async throws
  {
    let transaction = try Self.json(signed)
    let transactions = [transaction, transaction, transaction]
    for receipt in [try receipt(block: 5, hash: .zero), try receipt(block: fixture.chain.head), .null] {
      answer([receipt, receipt, receipt], transactions)
      #expect(try await mined() == nil)
    }
    answer([try receipt(block: 5), try receipt(status: "0x0", block: 5), .null], transactions)
    await #expect(throws: ChainTrouble.disagreement(.data)) { try await mined() }
  }

  /// The weakened double takes the word of the first endpoint.
  @Test func `O10 N An endpoint that is asked alone is believed what became of a transaction`() async throws {
    let (right, lie) = (try receipt(block: 5), try receipt(status: "0x0", block: 5))
    let transaction = try Self.json(signed)
    answer([lie, right, right], [transaction, transaction, transaction])
    let alone = try EndpointSet(
      [ChainEndpoint(name: "alone", transport: fixture.endpoints[0])], needed: 1, rules: fixture.set.rules,
      clock: fixture.clock)
    let found = try #require(try await alone.transaction(signed.hash, under: alone.agreeOnBlock(after: nil)))
    #expect(!found.receipt.succeeded)
  }
}
