package import EthereumChain
package import Identifiers
import SigningContent

/// One view of `Keys` that covers all the others.
package struct KeysOverview: Sendable, Hashable {
  let network: Digest32
  let number: UInt64
  let staking: WalletAddress
  let count: UInt64
  let root: Digest32
  /// In wei.
  let deposit: UInt256

  package init(_ answer: [UInt8]) throws(ABIError) {
    var fields = try KeysContract.overview.decode(answer)
    network = try fields.digest()
    number = try fields.uint64()
    // The one that counts is what the storage holds.
    _ = try fields.digest()
    staking = try fields.address()
    count = try fields.uint64()
    root = try fields.digest()
    deposit = try fields.uint256()
    try fields.finish()
  }

  /// What the contract keeps in its first slot while it holds this.
  package var stateDigest: Digest32 {
    WordHash.hash([
      WordHash.tag("quorate/keys-state/v1"), .digest(network), .number(number), .address(staking), .number(count),
      .digest(root), .amount(deposit),
    ])
  }

  var pageCount: Int { (Int(count) + ContractTree.pageSize - 1) / ContractTree.pageSize }

  /// How many entries a page has.
  func entryCount(ofPage page: Int) -> Int { min(ContractTree.pageSize, Int(count) - page * ContractTree.pageSize) }

  /// - Parameter answers: of consecutive calls, the first of which begins with page 0.
  func pageDigests(in answers: [[UInt8]]) -> [Digest32]? {
    var digests: [Digest32] = []
    for answer in answers {
      guard var fields = try? KeysContract.pageDigests.decode(answer), let page = try? fields.array() else {
        return nil
      }
      for value in page {
        guard case .fixedBytes(let bytes) = value, let digest = try? Digest32(bytes: bytes) else { return nil }
        digests.append(digest)
      }
    }
    guard digests.count == pageCount, ContractTree.root(ofPages: digests) == root else { return nil }
    return digests
  }
}
