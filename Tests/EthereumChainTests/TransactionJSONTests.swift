import EthereumChain
import Identifiers
import ProtocolTestKit
import Signatures
import SigningContent
import Testing
import Wire

/// Transactions as endpoints give them.
@Suite struct TransactionJSONTests {
  private static let chainID: UInt64 = 31_337

  private static func signed(_ fees: EthereumTransaction.Fees, to: WalletAddress? = nil) throws
    -> SignedEthereumTransaction
  {
    var random = SeededRandom(seed: 7)
    let accessList =
      if case .legacy = fees { [EthereumTransaction.Access]() } else {
        [EthereumTransaction.Access(address: .zero, slots: [.zero])]
      }
    let transaction = try EthereumTransaction(
      chainID: chainID, nonce: 3, fees: fees, gasLimit: 90_000, to: to, value: .zero, data: [1, 2, 3],
      accessList: accessList)
    return try transaction.signed(by: EthereumSigningKey(from: &random))
  }

  private static let kinds: [EthereumTransaction.Fees] = [
    .legacy(gasPrice: UInt256(9)), .accessList(gasPrice: UInt256(9)),
    .capped(priority: UInt256(1), maximum: UInt256(9)),
  ]

  /// As an endpoint writes it, with these members in place of the right ones.
  private static func json(
    _ signed: SignedEthereumTransaction, _ changes: [String: JSONValue?] = [:]
  ) throws -> JSONValue {
    let content = signed.transaction
    let item = try RLPItem(
      decoding: signed.serialized.first.map { $0 < 3 ? Array(signed.serialized.dropFirst()) : signed.serialized } ?? [])
    guard case .list(let fields) = item else { throw RLPError.truncated }
    let signature = fields.suffix(3).map { item -> String in
      guard case .bytes(let bytes) = item else { return "" }
      return HexText.write(UInt256(bigEndianBytes: bytes) ?? .zero)
    }
    var members: [String: JSONValue] = [
      "nonce": .string(HexText.write(content.nonce)), "gas": .string(HexText.write(content.gasLimit)),
      "to": content.to.map { .string($0.text) } ?? .null, "value": .string(HexText.write(content.value)),
      "input": .string(HexText.write(content.data)), "v": .string(signature[0]), "r": .string(signature[1]),
      "s": .string(signature[2]), "from": .string(WalletAddress.zero.text), "blockNumber": .string("0x1"),
    ]
    switch content.fees {
    case .legacy(let price):
      members["type"] = .string("0x0")
      members["gasPrice"] = .string(HexText.write(price))
    case .accessList(let price):
      members["type"] = .string("0x1")
      members["gasPrice"] = .string(HexText.write(price))
    case .capped(let priority, let maximum):
      members["type"] = .string("0x2")
      members["maxPriorityFeePerGas"] = .string(HexText.write(priority))
      members["maxFeePerGas"] = .string(HexText.write(maximum))
    }
    if members["type"] != .string("0x0") {
      members["chainId"] = .string(HexText.write(content.chainID))
      members["accessList"] = .array(
        content.accessList.map { access in
          .object([
            JSONMember("address", .string(access.address.text)),
            JSONMember("storageKeys", .array(access.slots.map { .string(HexText.write($0.bytes)) })),
          ])
        })
    }
    for (name, value) in changes { members[name] = value }
    return .object(members.map { JSONMember($0.key, $0.value) })
  }

  @Test(arguments: kinds)
  func `A transaction is the one its hash names, and its sender is who signed it`(
    _ fees: EthereumTransaction.Fees
  ) throws {
    for to in [nil, WalletAddress.zero] {
      let signed = try Self.signed(fees, to: to)
      #expect(try SignedEthereumTransaction(Self.json(signed), hash: signed.hash) == signed)
    }
  }

  @Test(arguments: kinds)
  func `O10 A transaction of which anything was changed is not believed`(_ fees: EthereumTransaction.Fees) throws {
    let signed = try Self.signed(fees)
    let changes: [[String: JSONValue?]] = [
      ["input": .string("0x010204")], ["nonce": .string("0x4")], ["to": .string(WalletAddress.zero.text)],
      ["value": .string("0x1")], ["gas": .string("0x1")],
    ]
    for change in changes {
      #expect(throws: TransactionJSONError.hashMismatch) {
        try SignedEthereumTransaction(Self.json(signed, change), hash: signed.hash)
      }
    }
    #expect(throws: TransactionJSONError.hashMismatch) {
      try SignedEthereumTransaction(Self.json(signed), hash: .zero)
    }
  }

  @Test func `A transaction in another form, without a chain or with a signature that is none is refused`() throws {
    let signed = try Self.signed(Self.kinds[0])
    #expect(throws: TransactionJSONError.transaction(.unprotected)) {
      try SignedEthereumTransaction(Self.json(signed, ["v": .string("0x1b")]), hash: signed.hash)
    }
    #expect(throws: TransactionJSONError.transaction(.signature)) {
      try SignedEthereumTransaction(Self.json(signed, ["r": .string("0x0")]), hash: signed.hash)
    }
    for (name, value) in [("type", JSONValue.string("0x3")), ("input", .null), ("s", .string("1")), ("v", nil)] {
      #expect {
        try SignedEthereumTransaction(Self.json(signed, [name: value]), hash: signed.hash)
      } throws: {
        guard case .malformed? = $0 as? TransactionJSONError else { return false }
        return true
      }
    }
  }
}
