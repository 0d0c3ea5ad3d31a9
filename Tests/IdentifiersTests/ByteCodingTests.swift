import Identifiers
import Testing

@Suite struct ByteCodingTests {
  @Test func `what the writer writes the reader reads`() throws {
    var writer = ByteWriter()
    writer.u8(1)
    writer.u16(0x0203)
    writer.u32(0x0405_0607)
    writer.u64(0x0809_0a0b_0c0d_0e0f)
    writer.lp([0xaa, 0xbb])
    writer.raw([0xcc])
    #expect(writer.bytes == [UInt8](1...15) + [0, 0, 0, 2, 0xaa, 0xbb, 0xcc])

    var reader = ByteReader(writer.bytes)
    #expect(try reader.u8() == 1)
    #expect(try reader.u16() == 0x0203)
    #expect(try reader.u32() == 0x0405_0607)
    #expect(try reader.u64() == 0x0809_0a0b_0c0d_0e0f)
    #expect(try reader.lp(limit: 2) == [0xaa, 0xbb])
    #expect(reader.remaining == 1)
    #expect(throws: ByteReaderError.trailingBytes) { try reader.finish() }
    #expect(try reader.raw(1) == [0xcc])
    try reader.finish()
  }

  @Test func `T11 a length prefix beyond the input is refused before anything is copied`() {
    var reader = ByteReader([0xff, 0xff, 0xff, 0xff, 1])
    #expect(throws: ByteReaderError.truncated) { try reader.lp(limit: .max) }
    var long = ByteReader([0, 0, 0, 3, 1, 2, 3])
    #expect(throws: ByteReaderError.tooLong) { try long.lp(limit: 2) }
  }

  @Test func `reading past the end is refused and moves nothing`() throws {
    var reader = ByteReader([1, 2, 3])
    #expect(throws: ByteReaderError.truncated) { try reader.u32() }
    #expect(throws: ByteReaderError.truncated) { try reader.raw(-1) }
    #expect(try reader.u8() == 1)
  }
}
