import Curves
import Foundation
import Identifiers
import ProtocolTestKit
import Secrets
import Testing

@Suite struct HashToFieldTests {
  func hash<G: PrimeOrderGroup>(_: G.Type) -> String {
    Hex.encode(G.hashToScalar(Array("message".utf8), domain: Array("domain".utf8)).canonicalBytes)
  }

  @Test func `messages hash to the scalars another implementation computes`() {
    let scalar25519 = "433fd180b22da2467d99a7f7f544933f2cf874f9039b26efcc4cbebd50f8890f"
    #expect(hash(Edwards25519.self) == scalar25519)
    #expect(hash(Ristretto255.self) == scalar25519)
    #expect(hash(Secp256k1.self) == "cc3fef53ed1403b47219f3c25502b96ca0a140a2132cfd00b85deb515020dc36")
    let scalarBLS = "56c4028921af11b3bde426836411992c57cd386b24f32d3f899fe5deddae3bec"
    #expect(hash(BLS12381G1.self) == scalarBLS)
    #expect(hash(BLS12381G2.self) == scalarBLS)
  }

  @Test func `a derived key of another network comes out the same`() throws {
    let tweak = Secp256k1.hashToScalar(
      Array("test".utf8), domain: Array("LIT_HD_KEY_ID_K256_XMD:SHA-256_SSWU_RO_NUL_".utf8))
    #expect(
      Hex.encode(tweak.canonicalBytes) == "bc3bd4daa623f5ee1080758e622fbe35b5193a9ddf185a3252a0e0d02df981dd")
    let root = try Secp256k1.Element(
      canonicalBytes: Hex.decode("03aecabdf2edc1194bed6fe9650f08d109c77d2526236ea3f6c20f88e0675643bc"))
    let derived = Secp256k1.Element.linearCombination([(.one, root), (tweak, root)])
    #expect(
      Hex.encode(derived.uncompressedBytes)
        == "0440b3dc3caa60584ad1297bc843075b30b04139bcc438a04401ed45d78526faac"
        + "7fe86c033f34cac09959e1b7ad6e940028e0ed26277f5da454f9432ba7a02a8d")
  }

  @Test func `SHA-512 expansion gives the values of RFC 9380 K.3`() {
    let domain = Array("QUUX-V01-CS02-with-expander-SHA512-256".utf8)
    let short = [
      "": "6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba",
      "abc": "0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc",
    ]
    for (message, expected) in short {
      #expect(Hex.encode(ExpandMessage.xmdSHA512(Array(message.utf8), domain: domain, count: 32)) == expected)
    }
    let long = ExpandMessage.xmdSHA512(Array("abc".utf8), domain: domain, count: 128)
    #expect(Hex.encode(long.prefix(16)) == "7f1dddd13c08b543f2e2037b14cefb25")
    #expect(Hex.encode(long.suffix(16)) == "dcdeb2002222a363f0c2b1c972b3efe1")
  }

  @Test func `a domain above 255 bytes is hashed first`() {
    let expanded = ExpandMessage.xmdSHA256(
      Array("abc".utf8), domain: [UInt8](repeating: UInt8(ascii: "x"), count: 300), count: 64)
    #expect(
      Hex.encode(expanded)
        == "b4f1affde69abfe4408621b37b4182c150d126eb543fc35cb043b6cc82d0dc57"
        + "5427f3658ba447b2463ee2e057c7dff528f4765e3097f849e81cb3c50c777114")
  }

  struct Expansions: Decodable {
    struct Test: Decodable {
      let msg: String
      let len_in_bytes: String
      let uniform_bytes: String
    }
    let DST: String
    let tests: [Test]
  }

  @Test(.enabled(if: Vectors.arePresent)) func `SHA-256 expansion gives the values of RFC 9380 K.1`() throws {
    let file: Expansions = try Vectors.json("hash-to-curve/expand_message_xmd_SHA256_38.json")
    for test in file.tests {
      let count = try #require(Int(test.len_in_bytes.dropFirst(2), radix: 16))
      let expanded = ExpandMessage.xmdSHA256(Array(test.msg.utf8), domain: Array(file.DST.utf8), count: count)
      #expect(Hex.encode(expanded) == test.uniform_bytes)
    }
    #expect(file.tests.count >= 10)
  }
}
