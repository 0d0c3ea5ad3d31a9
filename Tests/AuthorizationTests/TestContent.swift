import Identifiers
import SigningContent

/// Content that keys of the tests sign, written the way users' wallets write it.
enum TestContent {
  static func address(_ byte: UInt8) throws -> WalletAddress {
    try WalletAddress(bytes: [UInt8](repeating: byte, count: 20))
  }

  static func transaction(
    chainID: UInt64 = 1, to: WalletAddress? = try? address(0x11), value: UInt64 = 10, gas: UInt64 = 100,
    data: [UInt8] = []
  ) throws -> EthereumTransaction {
    try EthereumTransaction(
      chainID: chainID, nonce: 0, fees: .capped(priority: UInt256(1), maximum: UInt256(2)), gasLimit: gas, to: to,
      value: UInt256(value), data: data)
  }

  static func document(chainID: UInt64? = 1, contract: String? = String(repeating: "11", count: 20)) -> [UInt8] {
    var types = [#"{"name":"name","type":"string"}"#]
    var domain = [#""name":"Shop""#]
    if let chainID {
      types.append(#"{"name":"chainId","type":"uint256"}"#)
      domain.append(#""chainId":\#(chainID)"#)
    }
    if let contract {
      types.append(#"{"name":"verifyingContract","type":"address"}"#)
      domain.append(#""verifyingContract":"0x\#(contract)""#)
    }
    return Array(
      #"""
      {"types":{"EIP712Domain":[\#(types.joined(separator: ","))],"Offer":[{"name":"price","type":"uint256"}]},
      "primaryType":"Offer","domain":{\#(domain.joined(separator: ","))},"message":{"price":5}}
      """#.utf8)
  }

  /// Version 0, with a copy of each spent output and no proof of it.
  static func psbt(spending coins: [(UInt64, [UInt8])], to outputs: [(UInt64, [UInt8])]) throws -> [UInt8] {
    func bytes(_ value: UInt64, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 0xff) } }
    func sized(_ bytes: [UInt8]) -> [UInt8] {
      bytes.count < 0xfd ? [UInt8(bytes.count)] + bytes : [0xfd, UInt8(bytes.count & 0xff), UInt8(bytes.count >> 8)] + bytes
    }
    func output(_ output: (UInt64, [UInt8])) -> [UInt8] { bytes(output.0, 8) + sized(output.1) }
    let inputs = coins.indices.flatMap { [UInt8](repeating: UInt8($0 + 1), count: 32) + bytes(0, 4) + [0] + bytes(0xffff_fffd, 4) }
    let transaction =
      bytes(2, 4) + [UInt8(coins.count)] + inputs + [UInt8(outputs.count)] + outputs.flatMap(output) + bytes(0, 4)
    let maps = coins.flatMap { [1, 1] + sized(output($0)) + [0] }
    return Array("psbt".utf8) + [0xff, 1, 0] + sized(transaction) + [0] + maps
      + [UInt8](repeating: 0, count: outputs.count)
  }
}
