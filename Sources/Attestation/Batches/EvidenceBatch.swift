import Identifiers

/// Requests for evidence that one report answers together: a Merkle tree over their report data, in the shape of
/// RFC 9162 section 2.1 (a node without a partner moves up as it is).
///
/// The report carries `SHA-512("quorate/evidence-batch/v1" ‖ lp(root) ‖ lp(u32 count))`. Each request keeps its whole
/// meaning, its nonce among it, and learns of the others nothing but hashes of values nobody guesses.
public struct EvidenceBatch: Sendable {
  public static let maximumCount = 1024

  private let hash: MerkleHash
  /// The hashes of the requests first, the root alone last.
  private let levels: [[Digest32]]

  /// - Throws: ``EvidenceBatchError/count`` unless there are 1 … 1024 requests.
  public init(_ requests: [ReportData]) throws(EvidenceBatchError) {
    try self.init(requests, hash: .standard)
  }

  init(_ requests: [ReportData], hash: MerkleHash) throws(EvidenceBatchError) {
    guard (1...Self.maximumCount).contains(requests.count) else { throw .count }
    var level = requests.map(hash.leaf)
    var levels = [level]
    while level.count > 1 {
      level = stride(from: 0, to: level.count, by: 2).map { place in
        place + 1 < level.count ? hash.inner(level[place], level[place + 1]) : level[place]
      }
      levels.append(level)
    }
    self.hash = hash
    self.levels = levels
  }

  public var count: Int { levels.first?.count ?? 0 }

  /// What the one report has to carry.
  public var reportData: ReportData { hash.batch(levels.last?.first ?? .zero, UInt32(count)) }

  /// - Returns: nil where there is no such request.
  public func proof(at index: Int) -> InclusionProof? {
    guard (0..<count).contains(index) else { return nil }
    var place = index
    var siblings: [Digest32] = []
    for level in levels.dropLast() {
      let sibling = place ^ 1
      if sibling < level.count { siblings.append(level[sibling]) }
      place >>= 1
    }
    return InclusionProof(index: UInt32(index), count: UInt32(count), siblings: siblings)
  }
}

public enum EvidenceBatchError: Error, Sendable, Hashable {
  /// No request, or too many.
  case count
  /// Not the bytes of a proof.
  case malformed
}
