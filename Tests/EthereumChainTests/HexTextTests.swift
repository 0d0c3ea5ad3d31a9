import EthereumChain
import SigningContent
import Testing

struct HexTextTests {
  @Test(arguments: [
    "", "0", "0x", "0x00", "0x01", "x1", "0xg", "0x-1", "0x1 ", "0x" + String(repeating: "f", count: 65),
  ])
  func `Texts that are no number`(_ text: String) {
    #expect(HexText.number(text) == nil)
  }

  @Test(arguments: [("0x0", 0), ("0x1", 1), ("0xfF", 255), ("0xffffffffffffffff", UInt64.max)] as [(String, UInt64)])
  func `Numbers are read in either case and written in lower case`(_ text: String, _ number: UInt64) {
    #expect(HexText.number(text) == UInt256(number))
    #expect(HexText.write(number) == text.lowercased())
    #expect(HexText.write(UInt256(number)) == text.lowercased())
  }

  @Test func `A number of 256 bits is not one of 64`() {
    let text = "0x" + String(repeating: "f", count: 64)
    #expect(HexText.number(text) == .max)
    #expect(HexText.number(text)?.uint64 == nil)
    #expect(HexText.write(UInt256.max) == text)
  }

  @Test func `Bytes have whole digits and a bound`() {
    #expect(HexText.bytes("0x", limit: 0) == [])
    #expect(HexText.bytes("0xAb", limit: 1) == [0xab])
    #expect(HexText.bytes("0xabcd", limit: 1) == nil)
    #expect(HexText.bytes("0xa", limit: 1) == nil)
    #expect(HexText.bytes("ab", limit: 1) == nil)
  }
}
