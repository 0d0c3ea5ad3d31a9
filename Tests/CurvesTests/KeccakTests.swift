import Curves
import Identifiers
import Secrets
import Testing

@Suite struct KeccakTests {
  func shake(_ seed: [UInt8], _ count: Int) -> [UInt8] {
    let output = SHAKE128.expand(SecretBytes(copying: seed), count: count)
    return unsafe output.withUnsafeBytes { unsafe Array($0) }
  }

  @Test(arguments: [
    ("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
    ("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ("testing", "5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02"),
  ])
  func `Keccak-256 has Ethereum's values`(message: String, digest: String) {
    #expect(Hex.encode(Keccak256.hash(Array(message.utf8))) == digest)
  }

  @Test func `lengths around the rate of Keccak-256 all differ`() {
    let digests = (134...138).map { Keccak256.hash([UInt8](repeating: 0x61, count: $0)) }
    #expect(Set(digests).count == digests.count)
  }

  @Test func `SHAKE128 has the values of another implementation`() {
    #expect(Hex.encode(shake([], 16)) == "7f9c2ba4e88f827d616045507605853e")
    let long = shake((0..<200).map { UInt8($0) }, 400)
    #expect(Hex.encode(long.suffix(16)) == "3fa6be71b2cf3888ff169e5a98c7fa85")
    #expect(shake([], 400).starts(with: shake([], 167)))
    #expect(shake([1], 0) == [])
  }
}
