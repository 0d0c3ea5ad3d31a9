import Identifiers
import Testing

@Suite struct HexTests {
  @Test(arguments: [([], ""), ([0], "00"), ([0, 255, 16, 1], "00ff1001")] as [([UInt8], String)])
  func `bytes become lower-case digits and back`(bytes: [UInt8], text: String) throws {
    #expect(Hex.encode(bytes) == text)
    #expect(try Hex.decode(text) == bytes)
  }

  @Test(arguments: ["0", "0g", "AB", "0x00", " 00", "00 ", "00\n", "٠٠", "é1"])
  func `anything but pairs of lower-case digits is refused`(text: String) {
    #expect(throws: IdentifierError.notCanonical) { try Hex.decode(text) }
  }
}
