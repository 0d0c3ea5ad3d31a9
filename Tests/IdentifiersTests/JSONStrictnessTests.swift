import Identifiers
import Testing

@Suite struct JSONStrictnessTests {
  static let refused: [(String, JSONError)] = [
    ("", .syntax), (" ", .syntax), ("{", .syntax), ("[1,]", .syntax), ("{\"a\":1,}", .syntax), ("{a:1}", .syntax),
    ("{\"a\" 1}", .syntax), ("'a'", .syntax), ("tru", .syntax), ("nulll", .trailingBytes), ("True", .syntax),
    ("NaN", .syntax), ("Infinity", .syntax), ("-Infinity", .syntax), ("[1 2]", .syntax), ("// c\n1", .syntax),
    ("{}{}", .trailingBytes), ("1 1", .trailingBytes), ("{} ,", .trailingBytes), ("\u{feff}{}", .syntax),
    ("\u{a0}1", .syntax),
    ("{\"a\":1,\"a\":1}", .duplicateName), ("{\"a\":1,\"\\u0061\":2}", .duplicateName),
    ("[{\"b\":{\"a\":1,\"a\":2}}]", .duplicateName),
    ("01", .syntax), ("-0", .syntax), ("-01", .syntax), ("+1", .syntax), ("-", .syntax), (".5", .syntax),
    ("1.0", .numberOutOfRange), ("1e3", .numberOutOfRange), ("1E3", .numberOutOfRange),
    ("9007199254740992", .numberOutOfRange), ("-9007199254740992", .numberOutOfRange),
    ("99999999999999999999999999", .numberOutOfRange), ("18446744073709551617", .numberOutOfRange),
    ("\"\\ud800\"", .loneSurrogate), ("\"\\udc00\"", .loneSurrogate), ("\"\\ud800x\"", .loneSurrogate),
    ("\"\\ud800\\ud800\"", .loneSurrogate), ("\"\\udc00\\ud800\"", .loneSurrogate),
    ("\"\\ud800\\u0041\"", .loneSurrogate),
    ("\"a\nb\"", .syntax), ("\"\u{1}\"", .syntax), ("\"\\x41\"", .syntax), ("\"\\u12\"", .syntax),
    ("\"\\u12g4\"", .syntax), ("\"", .syntax), ("\"\\", .syntax), ("\"\\u", .syntax),
    (String(repeating: "[", count: 17) + String(repeating: "]", count: 17), .tooDeep),
    (String(repeating: "[", count: 100_000), .tooDeep),
    (String(repeating: "{\"a\":", count: 17) + "1" + String(repeating: "}", count: 17), .tooDeep),
  ]

  @Test(arguments: refused)
  func `T13 malformed JSON is refused`(text: String, error: JSONError) {
    #expect(throws: error) { try JSONValue(parsing: Array(text.utf8), limit: 1 << 20) }
  }

  @Test(
    arguments: [
      [0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22],
      [0x22, 0xe2, 0x82], [0xff, 0xfe, 0x31, 0x00],
    ] as [[UInt8]])
  func `T13 bytes that are not UTF-8 are refused`(bytes: [UInt8]) {
    #expect(throws: JSONError.invalidUTF8) { try JSONValue(parsing: bytes, limit: 100) }
  }

  @Test func `T11 more bytes than the limit are refused unread`() throws {
    #expect(throws: JSONError.tooLarge) { try JSONValue(parsing: [UInt8](repeating: 0x5b, count: 11), limit: 10) }
    #expect(try JSONValue(parsing: Array("\"12345678\"".utf8), limit: 10) == .string("12345678"))
  }

  static let accepted: [(String, JSONValue)] = [
    ("null", .null), (" true ", .bool(true)), ("\t\r\nfalse", .bool(false)), ("0", .integer(0)), ("-1", .integer(-1)),
    ("9007199254740991", .integer(9_007_199_254_740_991)), ("-9007199254740991", .integer(-9_007_199_254_740_991)),
    ("[]", .array([])), ("[ 1 , [ ] ]", .array([.integer(1), .array([])])), ("{}", .object([])),
    ("{\"b\":1,\"a\":{}}", .object([JSONMember("b", .integer(1)), JSONMember("a", .object([]))])),
    (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{c}\n\r\t")), (#""\u00e9\uD83D\uDE00""#, .string("é😀")),
    ("\"é😀\u{7f}\"", .string("é😀\u{7f}")), (#""\u0000""#, .string("\0")),
    (
      "{\"\u{e9}\":1,\"e\u{301}\":2}",
      .object([JSONMember("\u{e9}", .integer(1)), JSONMember("e\u{301}", .integer(2))])
    ),
  ]

  @Test(arguments: accepted)
  func `well-formed JSON is read`(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: Array(text.utf8), limit: 1 << 10) == value)
  }

  @Test func `sixteen levels are read`() throws {
    let text = String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
    _ = try JSONValue(parsing: Array(text.utf8), limit: 100)
  }

  @Test(arguments: accepted.map(\.1))
  func `what is written reads as the same value`(value: JSONValue) throws {
    #expect(try JSONValue(parsing: value.serialized, limit: 1 << 10) == value)
  }

  @Test func `canonical form sorts by UTF-16 and escapes as RFC 8785 says`() throws {
    let value = JSONValue.object([
      JSONMember("\u{20ac}", .integer(1)), JSONMember("\r", .integer(2)), JSONMember("\u{fb33}", .integer(3)),
      JSONMember("1", .integer(4)), JSONMember("😀", .integer(5)), JSONMember("\u{80}", .integer(6)),
      JSONMember("\u{f6}", .string("\u{1}\u{1f}/<\u{7f}\"\\")),
    ])
    #expect(
      String(decoding: value.canonicalized, as: UTF8.self)
        == "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":\"\\u0001\\u001f/<\u{7f}\\\"\\\\\","
        + "\"\u{20ac}\":1,\"😀\":5,\"\u{fb33}\":3}"
    )
  }

  @Test func `T13 no bytes make the parser trap`() {
    let alphabet = Array("{}[]\",:\\u0d8-1e.tfn \n".utf8) + [0xed, 0xa0, 0x80, 0xff]
    var state: UInt64 = 1
    for _ in 0..<20_000 {
      var bytes: [UInt8] = []
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      if let value = try? JSONValue(parsing: bytes, limit: 100) {
        #expect((try? JSONValue(parsing: value.serialized, limit: 1_000)) == value)
      }
    }
  }
}
