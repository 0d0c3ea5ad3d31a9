import EthereumChain
package import Identifiers
import Signatures

/// The Merkle tree of both contracts: arity four, three levels at least, and a group of four empty places is empty.
///
/// A leaf is never the hash of four words, so no inner node passes for one.
package enum ContractTree {
  package static let arity = 4
  package static let pageHeight = 3
  /// How many leaves lie under one node of ``pageHeight``.
  package static let pageSize = 64

  /// - Parameter leaves: by place, without gaps.
  package static func root(of leaves: [Digest32]) -> Digest32 {
    guard !leaves.isEmpty else { return .zero }
    var level = leaves
    for _ in 0..<pageHeight { level = parents(of: level) }
    return root(ofPages: level)
  }

  /// - Parameter pages: the nodes of ``pageHeight``.
  package static func root(ofPages pages: [Digest32]) -> Digest32 {
    var level = pages
    while level.count > 1 { level = parents(of: level) }
    return level.first ?? .zero
  }

  private static func parents(of level: [Digest32]) -> [Digest32] {
    stride(from: 0, to: level.count, by: arity).map { start in
      let children = level[start..<min(start + arity, level.count)]
      guard children.contains(where: { $0 != .zero }) else { return .zero }
      let missing = arity - children.count
      return .keccak256(children.flatMap(\.bytes) + [UInt8](repeating: 0, count: 32 * missing))
    }
  }
}
