@testable import Attestation
import Crypto
import Identifiers
import ProtocolTestKit
import Testing
import Transcripts

private func request(_ number: Int) -> ReportData { ReportData(.live, [UInt64(number).bigEndianBytes]) }
private func requests(_ count: Int) -> [ReportData] { (0..<count).map(request) }

extension MerkleHash {
  /// The weakened doubles: one tag for requests and nodes, and a root without the number of requests.
  fileprivate static let untagged = MerkleHash(
    leaf: { Digest32.sha256(of: $0.bytes) }, inner: { Digest32.sha256(of: $0.bytes + $1.bytes) },
    batch: standard.batch)
  fileprivate static let uncounted = MerkleHash(
    leaf: standard.leaf, inner: standard.inner, batch: { root, _ in ReportData(.evidenceBatch, [root.bytes]) })
  /// A server that takes all requests of an interval for one.
  fileprivate static let forgetful = MerkleHash(
    leaf: { _ in .zero }, inner: standard.inner, batch: standard.batch)
}

@Suite struct EvidenceBatchTests {
  @Test func `every request of a batch of any size has a proof of at most ten hashes`() throws {
    for count in Array(1...33) + [511, 512, 513, 1023, EvidenceBatch.maximumCount] {
      let batch = try EvidenceBatch(requests(count))
      #expect(batch.count == count)
      let tried = count > 33 ? [0, 1, count / 2, count - 2, count - 1] : Array(0..<count)
      for place in tried {
        let proof = try #require(batch.proof(at: place))
        #expect(proof.reportData(over: request(place)) == batch.reportData)
        #expect(proof.siblings.count <= 10 && proof.encoded.count <= InclusionProof.maximumSize)
        #expect(try InclusionProof(decoding: proof.encoded) == proof)
      }
      #expect(batch.proof(at: count) == nil && batch.proof(at: -1) == nil)
    }
  }

  @Test func `no request and too many are refused`() {
    #expect(throws: EvidenceBatchError.count) { try EvidenceBatch([]) }
    #expect(throws: EvidenceBatchError.count) { try EvidenceBatch(requests(EvidenceBatch.maximumCount + 1)) }
  }

  /// Changing this breaks clients of running networks.
  @Test func `the hashes are those of the documented encoding`() throws {
    func tagged(_ tag: String, _ fields: [UInt8]...) -> [UInt8] {
      Array(tag.utf8) + fields.flatMap { UInt32($0.count).bigEndianBytes + $0 }
    }
    func hash(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
    let leaves = (0..<3).map { hash(tagged("quorate/evidence-leaf/v1", request($0).bytes)) }
    let left = hash(tagged("quorate/evidence-inner-node/v1", leaves[0], leaves[1]))
    let root = hash(tagged("quorate/evidence-inner-node/v1", left, leaves[2]))
    let whole = SHA512.hash(data: tagged("quorate/evidence-batch/v1", root, [0, 0, 0, 3]))
    let batch = try EvidenceBatch(requests(3))
    #expect(batch.reportData.bytes == Array(whole))
    #expect(batch.proof(at: 2)?.siblings.map(\.bytes) == [left])
    #expect(batch.proof(at: 0)?.encoded == [0, 0, 0, 0, 0, 0, 0, 3] + leaves[1] + leaves[2])
  }

  @Test func `T3 a proof answers no other request, at no other place and in no other batch`() throws {
    let batch = try EvidenceBatch(requests(13))
    for place in 0..<13 {
      let proof = try #require(batch.proof(at: place))
      for other in 0..<20 where other != place {
        #expect(proof.reportData(over: request(other)) != batch.reportData)
      }
      var bytes = proof.encoded
      for index in bytes.indices {
        bytes[index] ^= 1
        // Another place in the batch may ask for another number of hashes.
        if let changed = try? InclusionProof(decoding: bytes) {
          #expect(changed.reportData(over: request(place)) != batch.reportData, "\(place) \(index)")
        }
        bytes[index] ^= 1
      }
    }
    let twelve = try EvidenceBatch(requests(12))
    #expect(twelve.reportData != batch.reportData)
    let doubled = try EvidenceBatch(requests(3) + [request(2)])
    #expect(try EvidenceBatch(requests(3)).reportData != doubled.reportData)
    #expect(try EvidenceBatch([request(0)]).reportData != request(0))
  }

  @Test func `T3 N where requests are not hashed a proof answers every request`() throws {
    let batch = try EvidenceBatch(requests(13), hash: .forgetful)
    let proof = try #require(batch.proof(at: 3))
    #expect(proof.reportData(over: request(4), hash: .forgetful) == batch.reportData)
  }

  @Test func `P14 an inner node is no request`() throws {
    let batch = try EvidenceBatch(requests(4))
    let proof = try #require(batch.proof(at: 3))
    // The node over requests 2 and 3 in the place of a request of a batch of two.
    let leaves = [2, 3].map { MerkleHash.standard.leaf(request($0)) }.map(\.bytes)
    let node = try ReportData(bytes: leaves.flatMap(\.self))
    let forged = InclusionProof(index: 1, count: 2, siblings: [try #require(proof.siblings.last)])
    #expect(forged.reportData(over: node) != batch.reportData)
    let sameCount = InclusionProof(index: 1, count: 4, siblings: [try #require(proof.siblings.last)])
    #expect(sameCount.reportData(over: node) != batch.reportData)
    #expect(throws: EvidenceBatchError.malformed) { try InclusionProof(decoding: sameCount.encoded) }
  }

  @Test func `P14 N with one tag for both an inner node is a request`() throws {
    let weak = MerkleHash(
      leaf: MerkleHash.untagged.leaf, inner: MerkleHash.untagged.inner, batch: MerkleHash.uncounted.batch)
    let batch = try EvidenceBatch(requests(4), hash: weak)
    let proof = try #require(batch.proof(at: 3))
    let node = try ReportData(bytes: [2, 3].flatMap { weak.leaf(request($0)).bytes })
    let forged = InclusionProof(index: 1, count: 2, siblings: [try #require(proof.siblings.last)])
    #expect(forged.reportData(over: node, hash: weak) == batch.reportData)
  }

  @Test func `P13 a request has one place in one batch`() throws {
    let batch = try EvidenceBatch(requests(3))
    let proof = try #require(batch.proof(at: 2))
    let moved = InclusionProof(index: 1, count: 2, siblings: proof.siblings)
    #expect(moved.reportData(over: request(2)) != batch.reportData)
  }

  @Test func `P13 N without the number of requests it has another place in another batch`() throws {
    let batch = try EvidenceBatch(requests(3), hash: .uncounted)
    let proof = try #require(batch.proof(at: 2))
    let moved = InclusionProof(index: 1, count: 2, siblings: proof.siblings)
    #expect(try InclusionProof(decoding: moved.encoded) == moved)
    #expect(moved.reportData(over: request(2), hash: .uncounted) == batch.reportData)
  }

  @Test func `P36 bytes that are no proof are refused`() throws {
    let proof = try #require(try EvidenceBatch(requests(5)).proof(at: 1)).encoded
    func hashes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: 32 * count) }
    let wrong: [[UInt8]] = [
      [], Array(proof.dropLast()), proof + [0], proof + hashes(1), Array(proof.dropLast(32)),
      [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 4, 1] + hashes(11),
      [0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF] + hashes(32),
    ]
    for bytes in wrong {
      #expect(throws: EvidenceBatchError.malformed) { try InclusionProof(decoding: bytes) }
    }
    #expect(try InclusionProof(decoding: [0, 0, 0, 0, 0, 0, 0, 1]).siblings == [])
    var random = SeededRandom(seed: 36)
    for _ in 0..<2000 {
      let bytes = random.mutated(proof)
      if let read = try? InclusionProof(decoding: bytes) { #expect(read.encoded == bytes) }
    }
  }
}
