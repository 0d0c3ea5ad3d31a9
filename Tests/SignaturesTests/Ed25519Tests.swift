import Identifiers
import ProtocolTestKit
import Secrets
import Signatures
import Testing

@Suite struct Ed25519Tests {
  /// RFC 8032 section 7.1.
  static let published = [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        + "d25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        + "387b2eaeb4302aeeb00d291612bb0c00"
    ),
  ]

  @Test(arguments: published)
  func `keys and signatures are those of RFC 8032`(
    seed: String, publicKey: String, message: String, signature: String
  ) throws {
    let key = try Ed25519SigningKey(seed: SecretBytes(copying: Hex.decode(seed)))
    let message = try Hex.decode(message)
    #expect(Hex.encode(key.publicKey) == publicKey)
    #expect(Hex.encode(key.sign(message)) == signature)
    #expect(Ed25519.isValid(signature: key.sign(message), message: message, publicKey: key.publicKey))
    #expect(!Ed25519.isValid(signature: key.sign(message), message: message + [0], publicKey: key.publicKey))
  }

  @Test func `a key comes back from its seed`() throws {
    var random = SeededRandom(seed: 3)
    let key = Ed25519SigningKey(from: &random)
    #expect(try Ed25519SigningKey(seed: key.seed()).publicKey == key.publicKey)
    #expect(throws: SignatureError.wrongLength(expected: 32, actual: 31)) {
      try Ed25519SigningKey(seed: SecretBytes(zeroed: 31))
    }
  }

  @Test func `wrong lengths are no signatures`() {
    var random = SeededRandom(seed: 3)
    let key = Ed25519SigningKey(from: &random)
    let signature = key.sign([1])
    #expect(!Ed25519.isValid(signature: [], message: [1], publicKey: key.publicKey))
    #expect(!Ed25519.isValid(signature: signature + [0], message: [1], publicKey: key.publicKey))
    #expect(!Ed25519.isValid(signature: signature.dropLast(), message: [1], publicKey: key.publicKey))
    #expect(!Ed25519.isValid(signature: signature, message: [1], publicKey: key.publicKey + [0]))
    #expect(!Ed25519.isValid(signature: signature, message: [1], publicKey: []))
  }

  struct EdgeCase: Decodable {
    let key: String
    let sig: String
    let msg: String
    let flags: [String]?
  }

  /// Each vector satisfies some verifier; its flags say in what it is unusual.
  @Test(.enabled(if: Vectors.arePresent))
  func `P31 of the signatures verifiers disagree about, only those strict ones agree on pass`() throws {
    let vectors: [EdgeCase] = try Vectors.json("ed25519/ed25519vectors.json")
    let harmless: Set = ["low_order_component_R", "low_order_component_A"]
    let refused: Set = [
      "low_order_A", "low_order_R", "low_order_residue", "non_canonical_A", "non_canonical_R", "reencoded_k",
    ]
    var accepted = 0
    for vector in vectors {
      let flags = Set(vector.flags ?? [])
      try #require(flags.isSubset(of: harmless.union(refused)))
      let isValid = Ed25519.isValid(
        signature: try Hex.decode(vector.sig), message: Array(vector.msg.utf8), publicKey: try Hex.decode(vector.key))
      #expect(isValid == flags.isDisjoint(with: refused), "\(flags)")
      accepted += isValid ? 1 : 0
    }
    #expect(vectors.count == 914)
    #expect(accepted == 43)
  }

  struct Groups: Decodable {
    struct Group: Decodable {
      struct Key: Decodable { let pk: String }
      let publicKey: Key
      let tests: [WycheproofTest]
    }
    let testGroups: [Group]
    let numberOfTests: Int
  }

  @Test(.enabled(if: Vectors.arePresent)) func `every Wycheproof case of Ed25519 is decided as published`() throws {
    let file: Groups = try Vectors.json("wycheproof/ed25519_test.json")
    var checked = 0
    for group in file.testGroups {
      let key = try Hex.decode(group.publicKey.pk)
      for test in group.tests {
        let isValid = Ed25519.isValid(
          signature: try Hex.decode(test.sig), message: try Hex.decode(test.msg), publicKey: key)
        #expect(try isValid == test.isValid, "case \(test.tcId)")
        checked += 1
      }
    }
    #expect(checked == file.numberOfTests && checked > 100)
  }
}
