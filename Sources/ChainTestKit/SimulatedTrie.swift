public import Identifiers
import Signatures
import SigningContent

/// A Merkle-Patricia trie of hashed keys, built whole: for chains that tests make up.
public struct SimulatedTrie: Sendable {
  private let entries: [(path: [UInt8], value: [UInt8])]

  /// - Parameter values: by key, before it is hashed; RLP as it lies in the trie.
  public init(_ values: [[UInt8]: [UInt8]]) {
    entries =
      values.map { (Self.path($0.key), $0.value) }.sorted { $0.path.lexicographicallyPrecedes($1.path) }
  }

  private static func path(_ key: [UInt8]) -> [UInt8] {
    Digest32.keccak256(key).bytes.flatMap { [$0 >> 4, $0 & 15] }
  }

  public var root: Digest32 {
    guard let node = Self.node(entries[...], depth: 0) else { return .keccak256([0x80]) }
    return .keccak256(node.encoded)
  }

  /// RLP of the nodes on the way to a key, whether it is there or not.
  public func proof(of key: [UInt8]) -> [[UInt8]] {
    let path = Self.path(key)
    var rest = entries[...]
    var depth = 0
    var nodes: [[UInt8]] = []
    while let node = Self.node(rest, depth: depth), case .list(let items) = node {
      nodes.append(node.encoded)
      guard rest.count > 1 else { break }
      let shared = items.count == 2 ? Self.sharedLength(rest, from: depth) : 0
      guard rest.first.map({ $0.path[depth..<(depth + shared)].elementsEqual(path[depth..<(depth + shared)]) }) == true
      else { break }
      depth += shared
      if shared > 0 { continue }
      rest = rest.filter { $0.path[depth] == path[depth] }[...]
      depth += 1
    }
    return nodes
  }

  private static func sharedLength(_ entries: ArraySlice<(path: [UInt8], value: [UInt8])>, from depth: Int) -> Int {
    guard let first = entries.first, let last = entries.last else { return 0 }
    return zip(first.path[depth...], last.path[depth...]).prefix { $0 == $1 }.count
  }

  private static func node(_ entries: ArraySlice<(path: [UInt8], value: [UInt8])>, depth: Int) -> RLPItem? {
    guard let first = entries.first else { return nil }
    if entries.count == 1 {
      return .list([.bytes(compact(first.path[depth...], isLeaf: true)), .bytes(first.value)])
    }
    let shared = sharedLength(entries, from: depth)
    if shared > 0, let child = node(entries, depth: depth + shared) {
      return .list([.bytes(compact(first.path[depth..<(depth + shared)], isLeaf: false)), reference(child)])
    }
    let children = (0..<16).map { (nibble: UInt8) -> RLPItem in
      node(entries.filter { $0.path[depth] == nibble }[...], depth: depth + 1).map(reference) ?? .bytes([])
    }
    return .list(children + [.bytes([])])
  }

  private static func reference(_ node: RLPItem) -> RLPItem {
    let bytes = node.encoded
    return bytes.count < 32 ? node : .bytes(Digest32.keccak256(bytes).bytes)
  }

  private static func compact(_ nibbles: ArraySlice<UInt8>, isLeaf: Bool) -> [UInt8] {
    let flag: UInt8 = isLeaf ? 2 : 0
    let all = nibbles.count.isMultiple(of: 2) ? [flag, 0] + nibbles : [flag + 1] + nibbles
    return stride(from: 0, to: all.count, by: 2).map { all[$0] << 4 | all[$0 + 1] }
  }
}
