import EthereumChain
import Identifiers
import Testing
import Wire

struct BlockHeaderTests {
  @Test(arguments: ChainVectors.forks)
  func `A header of every fork hashes to what independent code says`(_ fork: String) throws {
    let vector = try ChainVectors.header(fork)
    let header = try BlockHeader(vector)
    #expect(HexText.write(header.hash.bytes) == vector["hash"].text)
    #expect(HexText.write(header.stateRoot.bytes) == vector["stateRoot"].text)
    #expect(HexText.write(header.number) == vector["number"].text)
  }

  /// The fields that are hashed; everything else an endpoint adds.
  private static let added = ["hash", "size", "transactions", "totalDifficulty"]

  @Test(arguments: ChainVectors.forks)
  func `A changed or missing field is refused, whichever it is`(_ fork: String) throws {
    let vector = try ChainVectors.header(fork)
    for name in vector.names where !Self.added.contains(name) {
      var digits = Array(vector[name].text.utf8)
      if digits.count == 2 { digits += Array("00".utf8) }
      digits[digits.count - 1] = digits[digits.count - 1] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
      let changed = vector.setting(name, to: .string(String(decoding: digits, as: UTF8.self)))
      #expect(throws: BlockHeaderError.hashMismatch, "\(name)") { try BlockHeader(changed) }
      #expect(throws: BlockHeaderError.self, "\(name)") { try BlockHeader(vector.setting(name, to: nil)) }
    }
  }

  @Test func `What endpoints add beside the header changes nothing, and null is a field that is not there`() throws {
    let vector = try ChainVectors.header("london")
    let header = try BlockHeader(vector)
    #expect(try BlockHeader(vector.setting("l1BlockNumber", to: .string("0x1"))) == header)
    #expect(try BlockHeader(vector.setting("withdrawalsRoot", to: .null)) == header)
  }

  @Test func `A field of a fork this version does not know makes the hash another one`() throws {
    let vector = try ChainVectors.header("prague")
    // A later fork's header: the stated hash covers one field more than is known here.
    let later = vector.setting("hash", to: .string("0x" + String(repeating: "ab", count: 32)))
      .setting("futureRoot", to: .string("0x" + String(repeating: "cd", count: 32)))
    #expect(throws: BlockHeaderError.hashMismatch) { try BlockHeader(later) }
  }

  @Test(arguments: [
    ("number", "0x01"), ("number", "1"), ("number", "0x1" + String(repeating: "0", count: 64)),
    ("number", "0x10000000000000000"), ("stateRoot", "0x00"), ("logsBloom", "0x"), ("nonce", "0x0"),
    ("extraData", "0x0"), ("miner", "0xzz"), ("timestamp", "0x"),
  ])
  func `Malformed values are refused before anything is hashed`(_ name: String, _ text: String) throws {
    let vector = try ChainVectors.header("prague").setting(name, to: .string(text))
    #expect(throws: BlockHeaderError.malformed(.invalid(name))) { try BlockHeader(vector) }
  }

  @Test func `A gap between the fields of forks is no header`() throws {
    let vector = try ChainVectors.header("prague")
    #expect(throws: BlockHeaderError.malformed(.missing("baseFeePerGas"))) {
      try BlockHeader(vector.setting("withdrawalsRoot", to: nil))
    }
    #expect(throws: BlockHeaderError.malformed(.missing("parentBeaconBlockRoot"))) {
      try BlockHeader(vector.setting("excessBlobGas", to: nil))
    }
  }
}
