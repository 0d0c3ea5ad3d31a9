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
}
