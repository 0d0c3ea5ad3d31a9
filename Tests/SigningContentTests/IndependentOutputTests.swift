import Curves
import Identifiers
import ProtocolTestKit
import Secrets
import Signatures
import Testing

@testable import SigningContent

/// Leaves what was hashed, signed and written for `scripts/check-independently` to judge with other libraries.
@Suite struct IndependentOutputTests {
  @Test func `transactions, typed data, addresses and Bitcoin transactions are left for others to judge`() throws {
    var random = SeededRandom(seed: 77)
    var records: [[String: any Sendable]] = []
    for round in 0..<12 {
      let wallet = try EthereumSigningKey(from: &random)
      records.append(try Self.ethereum(round, wallet, &random))
      records.append(try Self.typedData(round, &random))
      for network in BitcoinNetwork.allCases { records.append(Self.addresses(wallet.publicKey, network)) }
      records.append(try Self.bitcoin(round, wallet))
    }
    records.append([
      "check": "content/eip712", "document": TypedDataTests.mailDocument, "digest": try Self.mailDigest(),
    ])
    try IndependentOutput.leave(records, as: "content")
  }

  private static func mailDigest() throws -> String {
    try TypedDataTests.decode(TypedDataTests.mailDocument).signingDigest.text
  }

  private static func ethereum(
    _ round: Int, _ wallet: EthereumSigningKey, _ random: inout SeededRandom
  ) throws -> [String: any Sendable] {
    let price = UInt256(random.next() >> 20)
    let fees: EthereumTransaction.Fees =
      switch round % 3 {
      case 0: .legacy(gasPrice: price)
      case 1: .accessList(gasPrice: price)
      default: .capped(priority: UInt256(random.next() >> 40), maximum: UInt256(1 << 50))
      }
    let to = round == 11 ? nil : try WalletAddress(bytes: random.bytes(20))
    let transaction = try EthereumTransaction(
      chainID: random.next() >> UInt64(20 + 3 * round) | 1, nonce: random.next() >> UInt64(5 * round + 1), fees: fees,
      gasLimit: random.next() >> 20, to: to, value: #require(UInt256(bigEndianBytes: random.bytes(2 * round))),
      data: random.bytes(11 * round), accessList: round % 3 == 0 ? [] : EthereumTransactionTests.accessList())
    let signature = try wallet.sign(transaction.signingDigest)
    let signed = try transaction.signed(by: Array(signature.prefix(64)), recoveryID: signature[64] - 27)
    return [
      "check": "content/ethereum-transaction", "unsigned": Hex.encode(transaction.unsignedEncoding),
      "digest": transaction.signingDigest.text, "serialized": Hex.encode(signed.serialized), "hash": signed.hash.text,
      "sender": wallet.address.checksumText, "chainId": String(transaction.chainID), "value": transaction.value.decimal,
      "to": transaction.to?.checksumText ?? "",
    ]
  }

  private static func typedData(_ round: Int, _ random: inout SeededRandom) throws -> [String: any Sendable] {
    let item = """
      {"id":"\(random.next())","delta":-\(random.next(below: 1 << 30)),"tag":"0x\(Hex.encode(random.bytes(4)))",
      "blob":"0x\(Hex.encode(random.bytes(round * 7)))","who":"0x\(Hex.encode(random.bytes(20)))","ok":\(round % 2 == 0)}
      """
    let items = Array(repeating: item, count: round % 4).joined(separator: ",")
    let document = """
      {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"chainId","type":"uint256"},
      {"name":"salt","type":"bytes32"}],
      "Item":[{"name":"id","type":"uint64"},{"name":"delta","type":"int40"},{"name":"tag","type":"bytes4"},
      {"name":"blob","type":"bytes"},{"name":"who","type":"address"},{"name":"ok","type":"bool"}],
      "Basket":[{"name":"items","type":"Item[]"},{"name":"grid","type":"uint16[2][]"},{"name":"first","type":"Item"}],
      "Order":[{"name":"basket","type":"Basket"},{"name":"note","type":"string"},{"name":"names","type":"string[2]"}]},
      "primaryType":"Order","domain":{"name":"Näme \(round)","chainId":\(random.next(below: 1 << 40)),
      "salt":"0x\(Hex.encode(random.bytes(32)))"},
      "message":{"basket":{"items":[\(items)],"grid":[[1,\(round)],[3,65535]],"first":\(item)},
      "note":"\\u00e9\\ud83d\\ude00 \(round)","names":["a",""]}}
      """
    let data = try TypedData(decoding: Array(document.utf8))
    return ["check": "content/eip712", "document": document, "digest": data.signingDigest.text]
  }

  private static func addresses(_ key: Secp256k1.Element, _ network: BitcoinNetwork) -> [String: any Sendable] {
    [
      "check": "content/address", "key": Hex.encode(key.canonicalBytes), "network": network.rawValue,
      "p2wpkh": BitcoinKey.witnessPublicKeyHash(key).address(on: network),
      "p2tr": BitcoinKey.taproot(key).address(on: network),
    ]
  }

  /// P2WPKH in both versions; for taproot the digests, which the signing protocols' own tests sign.
  private static func bitcoin(_ round: Int, _ wallet: EthereumSigningKey) throws -> [String: any Sendable] {
    let isTaproot = round % 3 == 2
    let coins = try TestCoins(isTaproot ? .taproot(wallet.publicKey) : .witnessPublicKeyHash(wallet.publicKey))
    let outputs: [(UInt64, [UInt8])] = [
      (700_000 + UInt64(round), TestCoins.target), (2_000_000, coins.key.script),
    ]
    let sketch =
      round.isMultiple(of: 2)
      ? try coins.version0(spending: [0, 1], to: outputs) : coins.version2(spending: [0, 1], to: outputs)
    let psbt = try PartiallySignedTransaction(decoding: sketch.encoded)
    let digests = try psbt.digests(for: coins.key)
    var record: [String: any Sendable] = [
      "check": "content/psbt", "scheme": isTaproot ? "taproot" : "p2wpkh", "psbt": Hex.encode(sketch.encoded),
      "key": Hex.encode(wallet.publicKey.canonicalBytes), "fee": String(psbt.fee),
      "digests": digests.map(\.digest.text),
    ]
    if !isTaproot {
      let signatures = try digests.map { Array(try wallet.sign($0.digest).prefix(64)) }
      let signed = try psbt.finishing(coins.key, with: signatures).extracted()
      record["transaction"] = Hex.encode(signed.serialized)
      record["id"] = signed.id
    }
    return record
  }
}
