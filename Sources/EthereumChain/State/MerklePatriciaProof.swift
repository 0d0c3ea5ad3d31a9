public import Identifiers
import Signatures
import SigningContent

/// A path through a Merkle-Patricia trie whose keys are hashed (yellow paper, appendix D; EIP-1186): what the trie with
/// this root holds at a key, or that it holds nothing there.
public struct MerklePatriciaProof: Sendable, Hashable {
  /// RLP of the nodes from the root downwards.
  public let nodes: [[UInt8]]

  /// Hashed keys have 64 nibbles, and every node but the last takes one at least.
  static let nodeLimit = 65
  /// A full branch has 17 items of 33 bytes; values are shorter than 128 bytes.
  static let nodeByteLimit = 1 << 10
  /// The root of the trie that holds nothing: Keccak-256 of the empty string's RLP.
  static let emptyRoot = Digest32.keccak256([0x80])

  public init(nodes: [[UInt8]]) throws(ProofError) {
    guard nodes.count <= Self.nodeLimit, nodes.allSatisfy({ $0.count <= Self.nodeByteLimit }) else { throw .tooLarge }
    self.nodes = nodes
  }

  /// The value at a key, RLP as it lies in the trie; nil when the proof shows that there is none.
  ///
  /// - Parameter key: before it is hashed.
  public func value(at key: [UInt8], under root: Digest32) throws(ProofError) -> [UInt8]? {
    // Endpoints write the path through an empty trie as no node or as the one empty node.
    if root == Self.emptyRoot, nodes.isEmpty || nodes == [[0x80]] { return nil }
    var walk = Walk(nodes: nodes[...], path: Self.nibbles(Digest32.keccak256(key).bytes)[...])
    let value = try walk.run(from: root)
    // Nodes that prove nothing have no business here.
    guard walk.nodes.isEmpty else { throw .unusedNodes }
    return value
  }

  fileprivate static func nibbles(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    bytes.flatMap { [$0 >> 4, $0 & 15] }
  }
}

/// Why nodes prove nothing about a key.
public enum ProofError: Error, Sendable, Hashable {
  case tooLarge
  case rlp(RLPErrorKind)
  /// The next node of the path is missing, or it is another one than its parent names.
  case wrongNode
  /// RLP, but no node of a trie.
  case notANode
  case unusedNodes
  /// The value is not an account, or not a word of storage.
  case wrongValue

  /// Which reading of RLP failed.
  public enum RLPErrorKind: Sendable, Hashable { case node, value }
}

private struct Walk {
  var nodes: ArraySlice<[UInt8]>
  var path: ArraySlice<UInt8>

  /// Ends, because every step takes a nibble of the path.
  mutating func run(from root: Digest32) throws(ProofError) -> [UInt8]? {
    var node = try named(root.bytes)
    while true {
      guard case .list(let items) = node else { throw .notANode }
      let next: RLPItem
      switch items.count {
      case 17:
        // All keys are of one length, so no branch holds a value of its own.
        guard let nibble = path.popFirst(), items[16] == .bytes([]) else { throw .notANode }
        next = items[Int(nibble)]
        if next == .bytes([]) { return nil }
      case 2:
        guard case .bytes(let prefixed) = items[0] else { throw .notANode }
        let (isLeaf, part) = try Self.compactPath(prefixed)
        if isLeaf {
          guard case .bytes(let value) = items[1], !value.isEmpty, part.count == path.count else { throw .notANode }
          return path.elementsEqual(part) ? value : nil
        }
        guard !part.isEmpty, part.count < path.count else { throw .notANode }
        guard path.starts(with: part) else { return nil }
        path = path.dropFirst(part.count)
        next = items[1]
      default: throw .notANode
      }
      node = try resolved(next)
    }
  }

  /// A node of 32 bytes and more is named by its hash, a shorter one stands in its parent.
  private mutating func resolved(_ reference: RLPItem) throws(ProofError) -> RLPItem {
    switch reference {
    case .bytes(let hash):
      guard hash.count == 32 else { throw .notANode }
      return try named(hash)
    case .list:
      guard reference.encoded.count < 32 else { throw .notANode }
      return reference
    }
  }

  private mutating func named(_ hash: [UInt8]) throws(ProofError) -> RLPItem {
    guard let bytes = nodes.popFirst(), Digest32.keccak256(bytes).bytes == hash else { throw .wrongNode }
    do { return try RLPItem(decoding: bytes) } catch { throw .rlp(.node) }
  }

  /// Hex-prefix encoding (yellow paper, appendix C).
  private static func compactPath(_ bytes: [UInt8]) throws(ProofError) -> (isLeaf: Bool, nibbles: [UInt8]) {
    let nibbles = MerklePatriciaProof.nibbles(bytes)
    guard let flags = nibbles.first, flags < 4 else { throw .notANode }
    if flags & 1 == 1 { return (flags & 2 != 0, Array(nibbles.dropFirst())) }
    guard nibbles[1] == 0 else { throw .notANode }
    return (flags & 2 != 0, Array(nibbles.dropFirst(2)))
  }
}
