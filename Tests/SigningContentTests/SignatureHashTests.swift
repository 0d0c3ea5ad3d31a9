import Curves
import Identifiers
import Testing

@testable import SigningContent

@Suite struct SignatureHashTests {
  /// BIP-143, "Native P2WPKH".
  @Test func `BIP-143's example has its published hash`() throws {
    let transaction = try BitcoinTransaction(
      decoding: Hex.decode(
        "0100000002fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f0000000000eeffffffef51e1b804cc89d182"
          + "d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff02202cb206000000001976a9148280b37df378db99"
          + "f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa815988ac11000000"),
      allowsWitness: false)
    let spent = [
      try BitcoinOutput(
        amount: 625_000_000,
        script: Hex.decode("2103c9f4836b9a4f77fc0d81f7bcb01b7f1b35916864b9476c241ce9fc198bd25432ac")),
      try BitcoinOutput(amount: 600_000_000, script: Hex.decode("00141d0f172a0ecb48aee1be1f2687d2963ae33f71a1")),
    ]
    let key = try Secp256k1.Element(
      canonicalBytes: Hex.decode("025476c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee6357"))
    #expect(BitcoinKey.witnessPublicKeyHash(key).script == spent[1].script)
    let hash = SignatureHash(transaction, spending: spent)
    let digest = hash.witnessPublicKeyHash(input: 1, keyHash: Array(spent[1].script.dropFirst(2)))
    #expect(digest?.text == "c37af31116d1b27caf68aae9e3ac82f1477929014d5b917657d0eb49478cb670")
    #expect(hash.witnessPublicKeyHash(input: 2, keyHash: []) == nil)
  }

  /// BIP-341's wallet vectors: the key path spends over the whole transaction.
  enum BIP341 {
    static let transaction =
      "02000000097de20cbff686da83a54981d2b9bab3586f4ca7e48f57f5b55963115f3b334e9c010000000000000000d7b7cab57b1393ace2d0"
      + "64f4d4a2cb8af6def61273e127517d44759b6dafdd990000000000fffffffff8e1f583384333689228c5d28eac13366be082dc57441760d9"
      + "57275419a418420000000000fffffffff0689180aa63b30cb162a73c6d2a38b7eeda2a83ece74310fda0843ad604853b0100000000feffff"
      + "ffaa5202bdf6d8ccd2ee0f0202afbbb7461d9264a25e5bfd3c5a52ee1239e0ba6c0000000000feffffff956149bdc66faa968eb2be2d2faa"
      + "29718acbfe3941215893a2a3446d32acd050000000000000000000e664b9773b88c09c32cb70a2a3e4da0ced63b7ba3b22f848531bbb1d5d"
      + "5f4c94010000000000000000e9aa6b8e6c9de67619e6a3924ae25696bb7b694bb677a632a74ef7eadfd4eabf0000000000ffffffffa778eb"
      + "6a263dc090464cd125c466b5a99667720b1c110468831d058aa1b82af10100000000ffffffff0200ca9a3b000000001976a91406afd46bcd"
      + "fd22ef94ac122aa11f241244a37ecc88ac807840cb0000000020ac9a87f5594be208f8532db38cff670c450ed2fea8fcdefcc9a663f78bab"
      + "962b0065cd1d"
    static let spent: [(UInt64, String)] = [
      (420_000_000, "512053a1f6e454df1aa2776a2814a721372d6258050de330b3c6d10ee8f4e0dda343"),
      (462_000_000, "5120147c9c57132f6e7ecddba9800bb0c4449251c92a1e60371ee77557b6620f3ea3"),
      (294_000_000, "76a914751e76e8199196d454941c45d1b3a323f1433bd688ac"),
      (504_000_000, "5120e4d810fd50586274face62b8a807eb9719cef49c04177cc6b76a9a4251d5450e"),
      (630_000_000, "512091b64d5324723a985170e4dc5a0f84c041804f2cd12660fa5dec09fc21783605"),
      (378_000_000, "00147dd65592d0ab2fe0d0257d571abf032cd9db93dc"),
      (672_000_000, "512075169f4001aa68f15bbed28b218df1d0a62cbbcf1188c6665110c293c907b831"),
      (546_000_000, "5120712447206d7a5238acc7ff53fbe94a3b64539ad291c7cdbc490b7577e4b17df5"),
      (588_000_000, "512077e30a5522dd9f894c3f8b8bd4c4b2cf82ca7da8a3ea6a239655c39c050ab220"),
    ]
    /// Input, hash type, digest and the witness the vectors give.
    static let signed: [(Int, UInt8, String, String)] = [
      (
        3, 1, "bf013ea93474aa67815b1b6cc441d23b64fa310911d991e713cd34c7f5d46669",
        "ff45f742a876139946a149ab4d9185574b98dc919d2eb6754f8abaa59d18b025637a3aa043b91817739554f4ed2026cf8022dbd83e351c"
          + "e1fabc272841d2510a"
      ),
      (
        4, 0, "4f900a0bae3f1446fd48490c2958b5a023228f01661cda3496a11da502a7f7ef",
        "b4010dd48a617db09926f729e79c33ae0b4e94b79f04a1ae93ede6315eb3669de185a17d2b0ac9ee09fd4c64b678a0b61a0a86fa888a27"
          + "3c8511be83bfd6810f"
      ),
    ]

    /// The transaction as PSBT that asks one input for a hash type.
    static func psbt(input: Int, type: UInt8) throws -> PSBTSketch {
      let transaction = try Hex.decode(transaction)
      var sketch = PSBTSketch(global: [(0, transaction)])
      for (amount, script) in spent {
        sketch.inputs.append([(1, try BitcoinOutput(amount: amount, script: Hex.decode(script)).encoded)])
      }
      sketch.inputs[input].append((3, [type, 0, 0, 0]))
      sketch.outputs = [[], []]
      return sketch
    }
  }

  @Test(arguments: BIP341.signed)
  func `BIP-341's wallet vectors have their published hashes and signatures`(
    input: Int, type: UInt8, digest: String, signature: String
  ) throws {
    let psbt = try PartiallySignedTransaction(decoding: BIP341.psbt(input: input, type: type).encoded)
    let script = try Hex.decode(BIP341.spent[input].1)
    let key = BitcoinKey.taproot(try Secp256k1.Element(xOnly: script.dropFirst(2)))
    let digests = try psbt.digests(for: key)
    #expect(digests.map(\.input) == [input])
    #expect(digests.map(\.digest.text) == [digest])
    let finished = try psbt.finishing(key, with: [Hex.decode(signature)])
    #expect(finished.inputMaps[input].pairs.contains { $0.key.type == 8 })
    #expect(throws: PSBTError.notFinal) { try finished.extracted() }
    #expect(throws: PSBTError.signature) { try psbt.finishing(key, with: [[UInt8](repeating: 1, count: 64)]) }
    #expect(throws: PSBTError.signature) { try psbt.finishing(key, with: []) }
  }

  @Test(arguments: [2, 3, 0x81, 0x82, 0x83, 4, 0x80] as [UInt8])
  func `A4 an input that asks for a hash over less than everything is refused`(type: UInt8) throws {
    let psbt = try PartiallySignedTransaction(decoding: BIP341.psbt(input: 4, type: type).encoded)
    let key = BitcoinKey.taproot(try Secp256k1.Element(xOnly: Hex.decode(BIP341.spent[4].1).dropFirst(2)))
    #expect(throws: PSBTError.signatureHashType) { try psbt.digests(for: key) }
  }
}
