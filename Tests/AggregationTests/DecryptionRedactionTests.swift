import Aggregation
import Testing

@Suite struct DecryptionRedactionTests {
  @Test func `O9 no text form of a decryption key or share says what it is`() throws {
    let shared = try SharedDecryptionKey(t: 2, n: 2, seed: 6)
    let shares = try shared.shares(1...2, for: [1])
    let key = try DecryptionKey(combining: shares, identity: [1], key: shared.publicKey)
    var dumped = ""
    dump(key, to: &dumped)
    dump(shares[0], to: &dumped)
    #expect("\(key)" == "DecryptionKey")
    #expect("\(shares[0])" == "DecryptionShare(of: 1)")
    #expect(String(reflecting: key) == "DecryptionKey")
    #expect(!dumped.contains("blst"))
  }
}
