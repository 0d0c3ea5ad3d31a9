import Curves
import Identifiers
import ProtocolTestKit
import Signatures
import Testing
import Transcripts

@Suite(.enabled(if: Vectors.arePresent)) struct ECDSATests {
  struct Groups: Decodable {
    struct Group: Decodable {
      struct Key: Decodable {
        let uncompressed: String
      }
      let publicKey: Key
      let sha: String
      let tests: [WycheproofTest]
    }
    let testGroups: [Group]
    let numberOfTests: Int
  }

  func compressed(_ uncompressed: [UInt8]) throws -> Secp256k1.Element {
    let isOdd = try #require(uncompressed.last) & 1
    return try Secp256k1.Element(canonicalBytes: [2 + isOdd] + uncompressed[1...32])
  }

  @Test func `every Wycheproof case of Bitcoin's ECDSA is decided as published`() throws {
    let file: Groups = try Vectors.json("wycheproof/ecdsa_secp256k1_sha256_bitcoin_test.json")
    var checked = 0
    for group in file.testGroups {
      try #require(group.sha == "SHA-256")
      let key = try compressed(Hex.decode(group.publicKey.uncompressed))
      for test in group.tests {
        let isValid = ECDSASecp256k1.isValid(
          derSignature: try Hex.decode(test.sig), digest: .sha256(of: try Hex.decode(test.msg)), publicKey: key)
        #expect(try isValid == test.isValid, "case \(test.tcId)")
        checked += 1
      }
    }
    #expect(checked == file.numberOfTests && checked > 400)
  }
}
