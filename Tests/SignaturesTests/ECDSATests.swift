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

  /// These cases allow both signatures of each pair, this network one: a high s is refused, and its mirror image counts.
  @Test func `every Wycheproof case of ECDSA is decided as published, but for the s that is taken`() throws {
    let file: Groups = try Vectors.json("wycheproof/ecdsa_secp256k1_sha256_test.json")
    var (checked, mirrored) = (0, 0)
    for group in file.testGroups {
      try #require(group.sha == "SHA-256")
      let key = try compressed(Hex.decode(group.publicKey.uncompressed))
      for test in group.tests {
        let (signature, digest) = (try Hex.decode(test.sig), Digest32.sha256(of: try Hex.decode(test.msg)))
        let isValid = ECDSASecp256k1.isValid(derSignature: signature, digest: digest, publicKey: key)
        checked += 1
        guard try test.isValid, !isValid else {
          #expect(try isValid == test.isValid, "case \(test.tcId)")
          continue
        }
        let parts = try #require(Self.parts(ofDER: signature), "case \(test.tcId)")
        let s = try Secp256k1.Scalar(canonicalBytes: parts.s)
        #expect(ECDSASecp256k1.isValid(signature: parts.r + (-s).canonicalBytes, digest: digest, publicKey: key))
        #expect(!ECDSASecp256k1.isValid(signature: parts.r + parts.s, digest: digest, publicKey: key))
        mirrored += 1
      }
    }
    #expect(checked == file.numberOfTests && checked > 400)
    #expect((1..<100).contains(mirrored))
  }

  /// r and s, 32 bytes each, of a signature with short lengths.
  private static func parts(ofDER der: [UInt8]) -> (r: [UInt8], s: [UInt8])? {
    guard der.count > 8, der[0] == 0x30 else { return nil }
    var rest = der.dropFirst(2)
    var numbers: [[UInt8]] = []
    for _ in 0..<2 {
      guard rest.count >= 2, rest.removeFirst() == 2 else { return nil }
      let number = rest.dropFirst().prefix(Int(rest.removeFirst()))
      rest = rest.dropFirst(number.count)
      let digits = number.drop { $0 == 0 }
      guard digits.count <= 32 else { return nil }
      numbers.append([UInt8](repeating: 0, count: 32 - digits.count) + digits)
    }
    return (numbers[0], numbers[1])
  }
}
