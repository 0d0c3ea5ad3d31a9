public import Identifiers
import Signatures
public import SigningContent

/// A contract that tests make up: words of storage that proofs show, and a function for its code.
public struct SimulatedContract: Sendable {
  public enum Outcome: Sendable {
    case returned([UInt8])
    case reverted
  }

  public var code: [UInt8]
  public var storage: [Digest32: UInt256]
  /// What a call with this data comes to.
  public var run: @Sendable ([UInt8]) -> Outcome

  public init(
    code: [UInt8], storage: [Digest32: UInt256] = [:],
    run: @escaping @Sendable ([UInt8]) -> Outcome = { _ in .reverted }
  ) {
    self.code = code
    self.storage = storage
    self.run = run
  }

  public var codeHash: Digest32 { .keccak256(code) }

  var storageTrie: SimulatedTrie {
    SimulatedTrie(
      Dictionary(
        storage.filter { !$0.value.isZero }.map { ($0.key.bytes, RLPItem.integer($0.value).encoded) },
        uniquingKeysWith: { first, _ in first }))
  }
}

/// The state after one block.
public struct SimulatedState: Sendable {
  public var contracts: [WalletAddress: SimulatedContract]

  public init(_ contracts: [WalletAddress: SimulatedContract] = [:]) { self.contracts = contracts }

  var trie: SimulatedTrie {
    var accounts: [[UInt8]: [UInt8]] = [:]
    // A few strangers, so that paths have branches.
    for number in 0..<UInt8(20) {
      accounts[[UInt8](repeating: number, count: 20)] =
        RLPItem.list([
          .integer(0 as UInt64), .integer(UInt64(number)), .bytes(SimulatedTrie([:]).root.bytes),
          .bytes(Digest32.keccak256([]).bytes),
        ]).encoded
    }
    for (address, contract) in contracts {
      accounts[address.bytes] =
        RLPItem.list([
          .integer(1 as UInt64), .integer(0 as UInt64), .bytes(contract.storageTrie.root.bytes),
          .bytes(contract.codeHash.bytes),
        ]).encoded
    }
    return SimulatedTrie(accounts)
  }
}
