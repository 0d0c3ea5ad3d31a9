import Identifiers
import Transcripts

/// How a ``EvidenceBatch`` hashes. Requests and inner nodes have tags of their own: both are 64 bytes, and one could
/// otherwise stand for the other.
struct MerkleHash: Sendable {
  let leaf: @Sendable (ReportData) -> Digest32
  let inner: @Sendable (_ left: Digest32, _ right: Digest32) -> Digest32
  let batch: @Sendable (_ root: Digest32, _ count: UInt32) -> ReportData

  static let standard = MerkleHash(
    leaf: { TaggedHash.sha256(.evidenceLeaf, [$0.bytes]) },
    inner: { TaggedHash.sha256(.evidenceInnerNode, [$0.bytes, $1.bytes]) },
    batch: { ReportData(.evidenceBatch, [$0.bytes, $1.bigEndianBytes]) })
}
