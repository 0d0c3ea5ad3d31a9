import EthereumChain
package import EthereumRPC
package import Identifiers
import Membership

/// What `Keys` knows of one key, whether or not it has a record now.
package struct KeyStanding: Sendable {
  /// Nil for a key that nobody made.
  package let owner: WalletAddress?
  /// Whether it has a record.
  package let isActive: Bool
  package let isTransferable: Bool
  package let isRevocable: Bool

  fileprivate static let view = ContractFunction(
    "key(bytes32)", [.bytes32],
    returns: [.tuple([.address, .bool, .bool, .bool, .bytes(limit: KeysContract.recordLimit)])])

  fileprivate init(_ answer: [UInt8]) throws(ABIError) {
    var results = try Self.view.decode(answer)
    var fields = try results.tuple()
    let owner = try fields.address()
    self.owner = owner.bytes.allSatisfy { $0 == 0 } ? nil : owner
    isActive = try fields.bool()
    isTransferable = try fields.bool()
    isRevocable = try fields.bool()
    _ = try fields.bytes()
    try fields.finish()
  }
}

extension ChainRegistry {
  package func standing(of key: KeyID) async throws(ChainTrouble) -> KeyStanding {
    try await agreedView(\.keys, try? KeyStanding.view.callData([.digest(key.digest)])) { (answer) throws(ABIError) in
      try KeyStanding(answer)
    }
  }
}
