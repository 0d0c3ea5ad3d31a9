import Identifiers
import SigningContent
import Testing

@Suite struct UInt256Tests {
  @Test func `sums and products are exact or absent`() throws {
    let big = try #require(UInt256(bigEndianBytes: [UInt8](repeating: 0xff, count: 31)))
    #expect(UInt256.max.adding(UInt256(1)) == nil)
    #expect(UInt256.max.adding(.zero) == .max)
    #expect(big.multiplied(by: 256)?.adding(UInt256(255)) == .max)
    #expect(big.multiplied(by: 257) == nil)
  }

  @Test(arguments: [
    ("0", 18, "0"), ("1", 18, "0.000000000000000001"), ("1500000000000000000", 18, "1.5"),
    ("1000000000000000000", 18, "1"), ("123456789", 8, "1.23456789"), ("100000000", 8, "1"), ("10", 0, "10"),
    (
      "115792089237316195423570985008687907853269984665640564039457584007913129639935", 0,
      "115792089237316195423570985008687907853269984665640564039457584007913129639935"
    ),
  ])
  func `amounts are shown exactly in their unit`(text: String, decimals: Int, shown: String) throws {
    let value = try #require(UInt256(decimal: text))
    #expect(value.decimal == text)
    #expect(value.decimal(inUnitsOf: decimals) == shown)
  }

  @Test(arguments: [
    "", "00", "01", "-1", "+1", "1.0", " 1", "1e3", "0x1", "１",
    "115792089237316195423570985008687907853269984665640564039457584007913129639936",
    "1157920892373161954235709850086879078532699846656405640394575840079131296399350",
  ])
  func `T13 text that is not one decimal form is refused`(text: String) {
    #expect(UInt256(decimal: text) == nil)
  }

  @Test func `bytes are read and written big-endian`() throws {
    let bytes = (1...32).map { UInt8($0) }
    #expect(UInt256(bigEndianBytes: bytes)?.bigEndianBytes == bytes)
    #expect(UInt256(0x0102).minimalBytes == [1, 2])
    #expect(UInt256.zero.minimalBytes == [])
    #expect(UInt256(bigEndianBytes: [UInt8](repeating: 0, count: 33)) == nil)
    #expect(try #require(UInt256(bigEndianBytes: [1] + [UInt8](repeating: 0, count: 16))) > UInt256(.max))
  }
}
