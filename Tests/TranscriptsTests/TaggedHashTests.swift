import Identifiers
import ProtocolTestKit
import Secrets
import Testing
import Transcripts

struct TaggedHashTests {
  @Test func `the encoding is the tag and then every field behind its length`() {
    let encoding = TaggedHash.encoding(.key, [[1, 2], [], [3]])
    #expect(encoding == Array("quorate/key/v1".utf8) + [0, 0, 0, 2, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 3])
  }

  @Test func `the hashes are those of the encoding`() throws {
    // printf 'quorate/key/v1\0\0\0\3abc' | sha256sum, sha512sum
    let sha256 = "5a9b8f2de8da67a4963f78646ca131be9c6fe1b65bc796db83a3f64c81bd0410"
    #expect(TaggedHash.sha256(.key, [Array("abc".utf8)]).text == sha256)
    let sha512 = Hex.encode(TaggedHash.sha512(.key, [Array("abc".utf8)]))
    #expect(
      sha512.hasPrefix("3a1edccf056608fe6da73a0285ade17a4b0e4a4297590eef23d81494d56c1e37"))
  }

  @Test func `P13 moving a boundary between fields changes the encoding`() {
    var random = SeededRandom(seed: 1)
    for _ in Seeds.range(200) {
      let bytes = random.bytes(1 + random.next(below: 12))
      let cut = random.next(below: bytes.count + 1)
      let moved = (cut + 1 + random.next(below: bytes.count)) % (bytes.count + 1)
      let fields = [Array(bytes.prefix(cut)), Array(bytes.dropFirst(cut))]
      let others = [Array(bytes.prefix(moved)), Array(bytes.dropFirst(moved))]
      #expect((fields == others) == (TaggedHash.encoding(.key, fields) == TaggedHash.encoding(.key, others)))
      #expect(TaggedHash.encoding(.key, fields) != TaggedHash.encoding(.key, [bytes]))
      #expect(TaggedHash.encoding(.key, fields) != TaggedHash.encoding(.key, fields + [[]]))
      #expect(TaggedHash.encoding(.key, fields) != TaggedHash.encoding(.keyDerivation, fields))
    }
  }

  @Test func `a commitment opens to what was committed, with the same blinding, and to nothing else`() {
    let blinding = [UInt8](repeating: 5, count: 32)
    let commitment = HashCommitment(.dealingCommitment, [[1], [2]], blinding: blinding)
    #expect(commitment.opens(.dealingCommitment, to: [[1], [2]], blinding: blinding))
    #expect(!commitment.opens(.dealingCommitment, to: [[1, 2]], blinding: blinding))
    #expect(!commitment.opens(.dealingCommitment, to: [[1], [3]], blinding: blinding))
    #expect(!commitment.opens(.broadcastEcho, to: [[1], [2]], blinding: blinding))
    #expect(!commitment.opens(.dealingCommitment, to: [[1], [2]], blinding: [UInt8](repeating: 6, count: 32)))
    let short = HashCommitment(.dealingCommitment, [[1]], blinding: [])
    #expect(!short.opens(.dealingCommitment, to: [[1]], blinding: []), "a blinding of another size hides nothing")
  }
}
