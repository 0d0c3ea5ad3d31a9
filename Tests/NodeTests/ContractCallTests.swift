import EthereumChain
import Identifiers
import SigningContent
import Testing

@testable import Node

@Suite struct ContractCallTests {
  static let contract = try? WalletAddress(text: "0x1111111111111111111111111111111111111111")

  /// What ethers makes of `{ to, data }`, and of more members, without a signature.
  static func transaction(
    nonce: UInt64 = 0, price: UInt64 = 0, gas: UInt64 = 0, value: UInt64 = 0, data: [UInt8] = [1, 2, 3, 4],
    to: [UInt8]? = nil, more: [RLPItem] = []
  ) throws -> [UInt8] {
    let to = try to ?? #require(contract).bytes
    return RLPItem.list(
      [.integer(nonce), .integer(price), .integer(gas), .bytes(to), .integer(value), .bytes(data)] + more
    ).encoded
  }

  private static func json(_ bytes: [UInt8]) -> String? {
    ContractCall(transaction: bytes).map { String(decoding: $0.json.serialized, as: UTF8.self) }
  }

  @Test func `an unsigned legacy transaction is the call it would make`() throws {
    let to = #"{"to":"0x1111111111111111111111111111111111111111""#
    #expect(try Self.json(Self.transaction()) == to + #","gas":"0x989680","data":"0x01020304"}"#)
    // EIP-155: chain, and two empty fields.
    let chain: [RLPItem] = [.integer(UInt64(1)), .bytes([]), .bytes([])]
    #expect(
      try Self.json(Self.transaction(nonce: 7, price: 9, gas: 21000, value: 256, data: [], more: chain))
        == to + #","gas":"0x5208","value":"0x100"}"#)
  }

  @Test func `T13 what is none, or is more than one, makes no call`() throws {
    let good = try Self.transaction()
    let signed: [RLPItem] = [.integer(UInt64(27)), .bytes([1]), .bytes([1])]
    let wrong: [[UInt8]] = [
      [], [0], [2] + good, good + [0], Array(good.dropLast()), try Self.transaction(to: []),
      try Self.transaction(to: [UInt8](repeating: 1, count: 21)), try Self.transaction(more: signed),
      try Self.transaction(more: [.bytes([])]), RLPItem.list([.bytes([]), .list([])]).encoded,
      RLPItem.list([.bytes([0, 1]), .bytes([]), .bytes([]), .bytes([]), .bytes([]), .bytes([])]).encoded,
    ]
    for bytes in wrong { #expect(ContractCall(transaction: bytes) == nil, "\(bytes)") }
  }

  @Test func `no call may spend more than an endpoint is asked to bear`() throws {
    for (given, asked) in [(49_999_999, 49_999_999), (50_000_000, 50_000_000), (50_000_001, 50_000_000)]
      as [(UInt64, UInt64)]
    {
      #expect(try ContractCall(transaction: Self.transaction(gas: given))?.gas == asked)
    }
    #expect(try ContractCall(transaction: Self.transaction(gas: .max))?.gas == 50_000_000)
  }

  @Test func `numbers are written as chains write them`() {
    #expect(HexText.write(UInt256.zero) == "0x0")
    #expect(HexText.write(UInt256(10)) == "0xa")
    #expect(HexText.write(UInt256(256)) == "0x100")
  }
}
