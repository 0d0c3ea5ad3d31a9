import Crypto
import Identifiers
import ProtocolTestKit
import Testing
import Wire

/// Wycheproof's X25519: the agreement replies are sealed with, and the public keys nobody may ask to seal to.
@Suite(.enabled(if: Vectors.arePresent)) struct ReplyKeyVectorTests {
  struct Groups: Decodable {
    struct Group: Decodable {
      let curve: String
      let tests: [Agreement]
    }
    let testGroups: [Group]
    let numberOfTests: Int
  }

  struct Agreement: Decodable {
    let tcId: Int
    let flags: [String]
    let `public`: String
    let `private`: String
    let shared: String
    let result: String
  }

  @Test func `every Wycheproof agreement is as published, and no reply key makes one that anybody knows`() throws {
    let file: Groups = try Vectors.json("wycheproof/x25519_test.json")
    var (agreed, refused) = (0, 0)
    for group in file.testGroups {
      try #require(group.curve == "curve25519")
      for test in group.tests {
        // "Acceptable" are keys that some implementations refuse; of those, only a known secret matters here.
        try #require(["valid", "acceptable"].contains(test.result))
        let publicKey = try Hex.decode(test.public)
        if test.flags.contains("ZeroSharedSecret") {
          #expect(throws: FormatError.self, "case \(test.tcId)") { try ReplyPublicKey(bytes: publicKey) }
          refused += 1
          continue
        }
        #expect(try ReplyPublicKey(bytes: publicKey).bytes == publicKey, "case \(test.tcId)")
        let own = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: Hex.decode(test.private))
        let shared = try own.sharedSecretFromKeyAgreement(
          with: Curve25519.KeyAgreement.PublicKey(rawRepresentation: publicKey))
        let secret = unsafe shared.withUnsafeBytes { unsafe Hex.encode(Array($0)) }
        #expect(secret == test.shared, "case \(test.tcId)")
        agreed += 1
      }
    }
    #expect(agreed + refused == file.numberOfTests && agreed > 400 && refused > 20)
  }
}
