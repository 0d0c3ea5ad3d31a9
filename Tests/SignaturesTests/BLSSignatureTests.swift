import Curves
import Identifiers
import ProtocolTestKit
import Secrets
import Signatures
import Testing

@Suite struct BLSSignatureTests {
  struct Groups: Decodable {
    struct Group: Decodable {
      struct Key: Decodable { let pk: String }
      let ciphersuite: String
      let publicKey: Key
      let tests: [WycheproofTest]
    }
    let testGroups: [Group]
    let numberOfTests: Int
  }

  func isValid(_ test: WycheproofTest, _ group: Groups.Group) throws -> Bool {
    guard let key = try? BLS12381G1.Element(canonicalBytes: Hex.decode(group.publicKey.pk)),
      let signature = try? BLS12381G2.Element(canonicalBytes: Hex.decode(test.sig))
    else { return false }
    return BLSSignature.isValid(
      publicKey: key, message: try Hex.decode(test.msg), signature: signature, domain: Array(group.ciphersuite.utf8))
  }

  @Test(.enabled(if: Vectors.arePresent))
  func `P32 every Wycheproof case of BLS signatures is decided as published`() throws {
    let file: Groups = try Vectors.json("wycheproof/bls_sig_g2_basic_verify_test.json")
    var checked = 0
    for group in file.testGroups {
      #expect(Array(group.ciphersuite.utf8) == BLSSignature.basicDomain)
      for test in group.tests {
        #expect(try isValid(test, group) == test.isValid, "case \(test.tcId)")
        checked += 1
      }
    }
    #expect(checked == file.numberOfTests && checked > 80)
  }

  @Test func `a signature is valid for its key, message and domain only`() {
    let secret = BLS12381G1.Scalar(5)
    let key = BLS12381G1.generator.multiplied(by: secret)
    let signature = BLS12381.hashToG2([1], domain: BLSSignature.basicDomain).multiplied(by: secret)
    func isValid(_ key: BLS12381G1.Element, _ message: [UInt8], _ signature: BLS12381G2.Element) -> Bool {
      BLSSignature.isValid(publicKey: key, message: message, signature: signature, domain: BLSSignature.basicDomain)
    }
    #expect(isValid(key, [1], signature))
    #expect(!isValid(key, [2], signature))
    #expect(!isValid(-key, [1], signature))
    #expect(!isValid(key, [1], -signature))
    #expect(!isValid(.identity, [1], .identity))
    #expect(!BLSSignature.isValid(publicKey: key, message: [1], signature: signature, domain: [1]))
  }
}
