import Curves
import Identifiers
import Testing

@testable import SigningContent

@Suite struct BitcoinAddressTests {
  /// BIP-350, "Test vectors for v0-v16 native segregated witness addresses".
  @Test(arguments: [
    ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "0014751e76e8199196d454941c45d1b3a323f1433bd6"),
    (
      "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
      "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262"
    ),
    (
      "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
      "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6"
    ),
    ("BC1SW50QGDZ25J", "6002751e"), ("bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "5210751e76e8199196d454941c45d1b3a323"),
    (
      "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy",
      "0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433"
    ),
    (
      "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c",
      "5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433"
    ),
    (
      "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
      "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    ),
  ])
  func `published addresses are read and written`(text: String, script: String) throws {
    let address = try #require(SegwitAddress(text: text))
    #expect(Hex.encode(address.script) == script)
    #expect(address.text == text.lowercased())
    #expect(SegwitAddress(script: address.script, network: address.network) == address)
  }

  @Test(arguments: [
    "tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
    "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf",
    "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
    "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47",
    "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
    "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", "bc1pw5dgrnzv",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
    "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j", "bc1gmk9yu", "", "1", "bc1",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "bc1\u{212a}w508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
  ])
  func `T13 published wrong addresses are refused`(text: String) {
    #expect(SegwitAddress(text: text) == nil)
  }

  /// BIP-173's example of P2WPKH, and the generator as taproot output key as in BIP-350's list.
  @Test func `a key has its address on every network`() throws {
    let key = BitcoinKey.witnessPublicKeyHash(Secp256k1.generator)
    #expect(key.address(on: .mainnet) == "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")
    #expect(key.address(on: .testnet) == "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx")
    let taproot = BitcoinKey.taproot(Secp256k1.generator)
    #expect(taproot.address(on: .mainnet) == "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0")
    #expect(BitcoinKey.taproot(-Secp256k1.generator).script == taproot.script)
    #expect(taproot.address(on: .regtest).hasPrefix("bcrt1p"))
  }

  @Test(arguments: [
    "76a914751e76e8199196d454941c45d1b3a323f1433bd688ac", "", "00", "0014", "6a", "5102751e00", "4f02751e",
  ])
  func `a script of another form has no such address`(script: String) throws {
    #expect(SegwitAddress(script: try Hex.decode(script), network: .mainnet) == nil)
  }

  /// The examples of the paper that defines the hash.
  @Test(arguments: [
    ("", "9c1185a5c5e9fc54612808977ee8f548b2258d31"), ("a", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe"),
    ("abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"), ("message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36"),
    ("abcdefghijklmnopqrstuvwxyz", "f71c27109c692c1b56bbdceb5b9d2865b3708dbc"),
    ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "12a053384a9c0c88e405a06c27dcf49ada62eb2b"),
    (
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "b0e20b6e3116640286ed3a87a5713079b21f5189"
    ),
    (String(repeating: "1234567890", count: 8), "9b752e45573d4b39f4dbd3323cab82bf63326bfb"),
  ])
  func `RIPEMD-160 gives the published values`(text: String, digest: String) {
    #expect(Hex.encode(RIPEMD160.hash(Array(text.utf8))) == digest)
  }
}
