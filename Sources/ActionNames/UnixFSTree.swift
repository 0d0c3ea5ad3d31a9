/// The tree IPFS makes of a file, as far as its root's name needs it (UnixFS 1, dag-pb, balanced layout).
enum UnixFSTree {
  static let chunkSize = 262_144
  static let width = 174

  /// What a node's parent writes of it.
  private struct Link {
    var digest: [UInt8]
    /// The encoded size of the node and of everything below it.
    var cumulativeSize: UInt64
    var fileSize: UInt64
  }

  static func rootDigest(of file: [UInt8]) -> [UInt8] {
    var level: [Link] = []
    var start = 0
    repeat {
      let end = min(start + chunkSize, file.count)
      level.append(leaf(file[start..<end]))
      start = end
    } while start < file.count
    while level.count > 1 {
      var parents: [Link] = []
      var first = 0
      while first < level.count {
        let last = min(first + width, level.count)
        parents.append(parent(of: level[first..<last]))
        first = last
      }
      level = parents
    }
    return level.first?.digest ?? []
  }

  private static func leaf(_ chunk: ArraySlice<UInt8>) -> Link {
    var file = Field.varint(1, 2)
    if !chunk.isEmpty { file += Field.bytes(2, Array(chunk)) }
    file += Field.varint(3, UInt64(chunk.count))
    let node = Field.bytes(1, file)
    return Link(
      digest: ActionID.sha256(node), cumulativeSize: UInt64(node.count), fileSize: UInt64(chunk.count))
  }

  private static func parent(of children: ArraySlice<Link>) -> Link {
    var node: [UInt8] = []
    var sizes: [UInt8] = []
    var total: UInt64 = 0
    var below: UInt64 = 0
    for child in children {
      let hash = Field.bytes(1, [0x12, 0x20] + child.digest)
      // The order of dag-pb: links stand before the data, though their field number is the higher one.
      node += Field.bytes(2, hash + Field.bytes(2, []) + Field.varint(3, child.cumulativeSize))
      sizes += Field.varint(4, child.fileSize)
      total += child.fileSize
      below += child.cumulativeSize
    }
    node += Field.bytes(1, Field.varint(1, 2) + Field.varint(3, total) + sizes)
    return Link(
      digest: ActionID.sha256(node), cumulativeSize: UInt64(node.count) + below, fileSize: total)
  }

  /// Fields of a protobuf message.
  private enum Field {
    static func varint(_ number: UInt64, _ value: UInt64) -> [UInt8] {
      encode(number << 3) + encode(value)
    }

    static func bytes(_ number: UInt64, _ value: [UInt8]) -> [UInt8] {
      encode(number << 3 | 2) + encode(UInt64(value.count)) + value
    }

    private static func encode(_ value: UInt64) -> [UInt8] {
      var rest = value
      var bytes: [UInt8] = []
      while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      return bytes + [UInt8(rest)]
    }
  }
}
