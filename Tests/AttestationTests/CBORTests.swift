@testable import Attestation
import Testing

@Suite struct CBORTests {
  @Test(arguments: [
    (CBOR.unsigned(0), "00"), (.unsigned(23), "17"), (.unsigned(24), "1818"), (.unsigned(255), "18ff"),
    (.unsigned(256), "190100"), (.unsigned(65_535), "19ffff"), (.unsigned(65_536), "1a00010000"),
    (.unsigned(4_294_967_295), "1affffffff"), (.unsigned(4_294_967_296), "1b0000000100000000"),
    (.unsigned(.max), "1bffffffffffffffff"), (.bytes([]), "40"), (.bytes([1, 2, 3, 4]), "4401020304"),
    (.text(""), "60"), (.text("ü"), "62c3bc"), (.array([]), "80"),
    (.array([.unsigned(1), .array([.unsigned(2), .unsigned(3)])]), "8201820203"), (.map([:]), "a0"),
    (
      .map([.unsigned(10): .text("a"), .unsigned(100): .text("b"), .text("z"): .unsigned(1)]),
      "a30a61611864616261" + "7a01"
    ),
  ])
  func `examples of RFC 8949 are written and read in their one deterministic form`(value: CBOR, hex: String) throws {
    let bytes = try #require(octets(hex))
    #expect(value.encoded == bytes)
    #expect(try CBORReader.decode(bytes) == value)
  }

  @Test(arguments: [
    ("", CBORError.truncated), ("18", .truncated), ("4401", .truncated), ("82", .truncated), ("a1", .truncated),
    ("a101", .truncated), ("5affffffff", .truncated), ("9bffffffffffffffff", .truncated),
    ("bbffffffffffffffff", .truncated), ("0000", .trailingBytes), ("1800", .notShortest), ("1817", .notShortest),
    ("190017", .notShortest), ("1900ff", .notShortest), ("1a0000ffff", .notShortest),
    ("1b00000000ffffffff", .notShortest), ("5801ff", .notShortest), ("a202000100", .unsortedKeys),
    ("a201000100", .unsortedKeys), ("a2616100616100", .unsortedKeys), ("61ff", .invalidText), ("62c328", .invalidText),
    ("20", .unsupported), ("c000", .unsupported), ("f4", .unsupported), ("f6", .unsupported), ("f93c00", .unsupported),
    ("5f4101ff", .unsupported), ("7f6161ff", .unsupported), ("9f00ff", .unsupported), ("bf0000ff", .unsupported),
    ("1c", .unsupported), ("1f", .unsupported), ("a1410000", .unsupported), ("a18000", .unsupported),
    ("8181818100", .tooComplex),
  ])
  func `every other encoding is refused`(hex: String, error: CBORError) throws {
    let bytes = try #require(octets(hex))
    #expect(throws: error) { try CBORReader.decode(bytes) }
  }

  @Test(arguments: [
    ("9f01ff", CBOR.array([.unsigned(1)])), ("9fff", .array([])), ("bfff", .map([:])), ("f6", .null),
    ("bf01f602f6ff", .map([.unsigned(1): .null, .unsigned(2): .null])),
    ("a202000100", .map([.unsigned(2): .unsigned(0), .unsigned(1): .unsigned(0)])),
    ("819f80ff", .array([.array([.array([])])])),
  ])
  func `documents of others may use indefinite lengths, null and any order`(hex: String, value: CBOR) throws {
    #expect(try CBORReader.decode(#require(octets(hex)), form: .plain) == value)
  }

  @Test(arguments: [
    ("9f", CBORError.truncated), ("bf", .truncated), ("bf01", .truncated), ("bf01ff", .unsupported),
    ("9f01ffff", .trailingBytes), ("ff", .unsupported), ("a1ff", .unsupported), ("81ff", .unsupported),
    ("bf01f601f6ff", .duplicateKey), ("a201f601f6", .duplicateKey), ("5f4101ff", .unsupported), ("7fff", .unsupported),
    ("1f", .unsupported), ("bff6f6ff", .unsupported), ("f4", .unsupported), ("f7", .unsupported),
    ("1800", .notShortest),
    ("9f9f9f9f9fffffffffff", .tooComplex),
  ])
  func `documents of others that are malformed, doubled or too deep are refused`(hex: String, error: CBORError) throws {
    let bytes = try #require(octets(hex))
    #expect(throws: error) { try CBORReader.decode(bytes, form: .plain) }
  }

  @Test func `more items than a certificate ever has are refused`() {
    let many = CBOR.array([CBOR](repeating: .unsigned(0), count: CBORReader.maximumItems)).encoded
    #expect(throws: CBORError.tooComplex) { try CBORReader.decode(many) }
  }

  @Test func `no truncation of a valid item is valid`() throws {
    let whole = Fixtures.binding().encoded
    for length in 0..<whole.count {
      #expect(throws: CBORError.self) { try CBORReader.decode(Array(whole.prefix(length))) }
    }
  }
}

private func octets(_ hex: String) -> [UInt8]? {
  var bytes: [UInt8] = []
  var rest = hex[...]
  while !rest.isEmpty {
    guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
    bytes.append(byte)
    rest = rest.dropFirst(2)
  }
  return bytes
}
