import Identifiers
import Testing

@Suite struct Base64URLTests {
  /// RFC 4648 section 10, without padding, and the two characters that make it the URL alphabet.
  static let vectors: [(String, [UInt8])] = [
    ("", []), ("Zg", [0x66]), ("Zm8", [0x66, 0x6f]), ("Zm9v", [0x66, 0x6f, 0x6f]), ("Zm9vYg", Array("foob".utf8)),
    ("Zm9vYmE", Array("fooba".utf8)), ("Zm9vYmFy", Array("foobar".utf8)), ("-_8", [0xfb, 0xff]),
  ]

  @Test(arguments: vectors)
  func `the text of the RFC becomes its bytes and back`(text: String, bytes: [UInt8]) throws {
    #expect(try Base64URL.decode(text) == bytes)
    #expect(Base64URL.encode(bytes) == text)
  }

  @Test(arguments: ["Zg==", "Z", "Zh", "Zm9", "+_8", "-/8", "Zg\n", " Zg", "Zm9vY", "Zm9v=", "Ź"])
  func `padding, other alphabets, white space and trailing bits are refused`(text: String) {
    #expect(throws: IdentifierError.notCanonical) { try Base64URL.decode(text) }
  }

  @Test func `no byte string has two texts`() throws {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ count) }
      let text = Base64URL.encode(bytes)
      #expect(try Base64URL.decode(text) == bytes)
      for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" where count > 0 {
        let other = text.dropLast() + String(last)
        if other == text { continue }
        #expect((try? Base64URL.decode(String(other))) != bytes)
      }
    }
  }
}
