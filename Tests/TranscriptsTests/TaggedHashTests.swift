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

  /// Looks for two different lists of fields that come out as the same bytes, by moving every boundary of one.
  private func shiftBoundaries(_ encode: ([[UInt8]]) -> [UInt8]) -> Bool {
    let bytes = Array("networkepochmember".utf8)
    let cuts = 0...bytes.count
    let encodings = cuts.map { encode([Array(bytes.prefix($0)), Array(bytes.dropFirst($0))]) }
    return Set(encodings).count < cuts.count
  }

  @Test func `P13 N fields without lengths, or with separators that may occur in them, are ambiguous`() {
    #expect(!shiftBoundaries { TaggedHash.encoding(.key, $0) })
    #expect(shiftBoundaries { Array($0.joined()) })
    // A separator moves the attack to fields that contain it.
    let separated = { (fields: [[UInt8]]) in Array(fields.joined(separator: Array("$".utf8))) }
    #expect(separated([Array("a$b".utf8), Array("c".utf8)]) == separated([Array("a".utf8), Array("b$c".utf8)]))
  }

  /// Passes what was made for one meaning off as made for another.
  private func confuseMeanings(_ hash: (Domain, [[UInt8]]) -> Digest32) -> Int {
    let fields: [[UInt8]] = [[1, 2, 3], [4]]
    return Domain.allCases.count - Set(Domain.allCases.map { hash($0, fields) }).count
  }

  @Test func `P14 N without tags a hash of any meaning is one of every meaning`() {
    #expect(confuseMeanings(TaggedHash.sha256) == 0)
    #expect(confuseMeanings { _, fields in .sha256(of: fields.joined()) } == Domain.allCases.count - 1)
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
