public import Identifiers

/// That one request is among those a report answers.
///
/// There is exactly one proof for a request and its place in a batch, of at most ten hashes.
public struct InclusionProof: Sendable, Hashable {
  /// 4 bytes index, 4 bytes count, ten hashes.
  public static let maximumSize = 8 + 10 * 32

  public let index: UInt32
  public let count: UInt32
  /// From the request upwards.
  public let siblings: [Digest32]

  init(index: UInt32, count: UInt32, siblings: [Digest32]) {
    self.index = index
    self.count = count
    self.siblings = siblings
  }

  /// What a report has to carry for this proof to say that `request` is answered by it. Whether there is such a report
  /// is asked of an ``AttestationPolicy``.
  public func reportData(over request: ReportData) -> ReportData { reportData(over: request, hash: .standard) }

  func reportData(over request: ReportData, hash: MerkleHash) -> ReportData {
    var rest = siblings[...]
    var node = hash.leaf(request)
    Self.climb(index, count) { isRight in
      guard let sibling = rest.popFirst() else { return }
      node = isRight ? hash.inner(sibling, node) : hash.inner(node, sibling)
    }
    return hash.batch(node, count)
  }

  /// Calls `step` for every level on which there is a sibling; `isRight` where the node lies to the right of it.
  private static func climb(_ index: UInt32, _ count: UInt32, step: (_ isRight: Bool) -> Void) {
    var (place, width) = (index, count)
    while width > 1 {
      if place & 1 == 1 { step(true) } else if place + 1 < width { step(false) }
      place >>= 1
      width = (width + 1) / 2
    }
  }
}

extension InclusionProof {
  /// `u32 index ‖ u32 count ‖ siblings`, big-endian.
  public var encoded: [UInt8] { index.bigEndianBytes + count.bigEndianBytes + siblings.flatMap(\.bytes) }

  /// - Throws: ``EvidenceBatchError/malformed`` unless there are as many siblings as the place in the batch asks for.
  public init(decoding bytes: [UInt8]) throws(EvidenceBatchError) {
    var reader = ByteReader(bytes)
    guard let index = try? reader.u32(), let count = try? reader.u32(), index < count,
      count <= EvidenceBatch.maximumCount
    else { throw .malformed }
    var needed = 0
    Self.climb(index, count) { _ in needed += 1 }
    var siblings: [Digest32] = []
    for _ in 0..<needed {
      guard let bytes = try? reader.raw(32), let digest = try? Digest32(bytes: bytes) else { throw .malformed }
      siblings.append(digest)
    }
    guard reader.remaining == 0 else { throw .malformed }
    self.init(index: index, count: count, siblings: siblings)
  }
}
