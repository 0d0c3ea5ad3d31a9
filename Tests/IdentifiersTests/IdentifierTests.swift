import Identifiers
import Testing

@Suite struct IdentifierTests {
  @Test func `every kind has its length and text form`() throws {
    let bytes = [UInt8](0..<32)
    let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    #expect(try NetworkID(bytes: bytes).text == hex)
    #expect(try KeyID(text: hex).bytes == bytes)
    #expect(try RequestID(bytes: bytes) == RequestID(Digest32(bytes: bytes)))
    #expect(try Instance(bytes: bytes).text == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
    #expect(try Instance(text: Instance(bytes: bytes).text).bytes == bytes)
    let wallet = try WalletAddress(bytes: bytes.prefix(20))
    #expect(wallet.text == "0x000102030405060708090a0b0c0d0e0f10111213")
    #expect(NodeID(staker: wallet).text == wallet.text)
    #expect(NodeID(staker: wallet).staker == wallet)
    #expect("\(wallet)" == wallet.text)
  }

  @Test func `other lengths are refused`() {
    #expect(throws: IdentifierError.wrongLength(expected: 32)) { try NetworkID(bytes: [UInt8](0..<31)) }
    #expect(throws: IdentifierError.wrongLength(expected: 20)) { try NodeID(bytes: [UInt8](0..<32)) }
    #expect(throws: IdentifierError.wrongLength(expected: 20)) { try NodeID(text: "0x00") }
  }

  @Test(arguments: [
    "000102030405060708090a0b0c0d0e0f10111213", "0X000102030405060708090a0b0c0d0e0f10111213",
    "0x000102030405060708090A0b0c0d0e0f10111213", " 0x000102030405060708090a0b0c0d0e0f10111213",
  ])
  func `an address in another spelling is refused`(text: String) {
    #expect(throws: IdentifierError.notCanonical) { try WalletAddress(text: text) }
  }

  @Test func `order is that of the bytes`() throws {
    let low = try NodeID(bytes: [UInt8](repeating: 1, count: 20))
    let high = try NodeID(bytes: [1, 2] + [UInt8](repeating: 0, count: 18))
    #expect(low < high)
    #expect(!(high < low))
    #expect(low.text < high.text)
  }
}
