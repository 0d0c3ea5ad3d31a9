import Identifiers
import ProtocolTestKit
import Secrets
import SigningContent
import Testing

@Suite struct RLPTests {
  /// The examples of the format's description.
  static let published: [(RLPItem, String)] = [
    (.bytes(Array("dog".utf8)), "83646f67"),
    (.list([.bytes(Array("cat".utf8)), .bytes(Array("dog".utf8))]), "c88363617483646f67"),
    (.bytes([]), "80"), (.list([]), "c0"), (.bytes([0]), "00"), (.bytes([15]), "0f"), (.bytes([4, 0]), "820400"),
    (.list([.list([]), .list([.list([])]), .list([.list([]), .list([.list([])])])]), "c7c0c1c0c3c0c1c0"),
    (
      .bytes(Array("Lorem ipsum dolor sit amet, consectetur adipisicing elit".utf8)),
      "b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e67"
        + "20656c6974"
    ),
  ]

  @Test(arguments: published)
  func `the published examples are read and written`(item: RLPItem, text: String) throws {
    #expect(Hex.encode(item.encoded) == text)
    #expect(try RLPItem(decoding: Hex.decode(text)) == item)
  }

  @Test(arguments: [
    ("", RLPError.truncated), ("83646f", .truncated), ("b8", .truncated), ("c3c0c0", .truncated),
    ("8000", .trailingBytes), ("83646f6700", .trailingBytes), ("c000", .trailingBytes),
    ("8100", .notShortest), ("817f", .notShortest), ("b80101", .notShortest),
    ("b837" + String(repeating: "61", count: 55), .notShortest),
    ("b90038" + String(repeating: "61", count: 56), .notShortest), ("f801c0", .notShortest),
    ("bfffffffffffffffff", .truncated), ("ffffffffffffffffff", .truncated), ("bbffffffff", .truncated),
    ("c6c5c4c3c2c1c0", .tooDeep),
  ])
  func `T13 every other encoding of an item is refused`(text: String, error: RLPError) throws {
    let bytes = try Hex.decode(text)
    #expect(throws: error) { try RLPItem(decoding: bytes) }
  }

  @Test func `T11 more items than any transaction needs are refused`() throws {
    let many = RLPItem.list([RLPItem](repeating: .bytes([]), count: RLPItem.mostItems))
    #expect(throws: RLPError.tooManyItems) { try RLPItem(decoding: many.encoded) }
    let fewer = RLPItem.list([RLPItem](repeating: .bytes([]), count: RLPItem.mostItems - 1))
    #expect(try RLPItem(decoding: fewer.encoded) == fewer)
  }

  @Test func `what random bytes decode to encodes as those bytes`() throws {
    var random = SeededRandom(seed: 1)
    var decoded = 0
    for _ in 0..<20_000 {
      var bytes = random.bytes(random.next(below: 12))
      if !bytes.isEmpty, random.next(below: 2) == 0 { bytes[0] = 0xc0 + UInt8(bytes.count - 1) }
      guard let item = try? RLPItem(decoding: bytes) else { continue }
      decoded += 1
      #expect(item.encoded == bytes)
    }
    #expect(decoded > 1000)
  }
}
