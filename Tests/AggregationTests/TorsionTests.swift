import Aggregation
import Curves
import Identifiers
import SecretSharing
import Signatures
import Testing

/// The eight points of small order on edwards25519, and the generator plus the one of order two.
private let torsion = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  "9599999999999999999999999999999999999999999999999999999999999999",
]

@Suite struct TorsionTests {
  @Test(arguments: torsion)
  func `P31 points with torsion are refused in every position of a signing`(_ hex: String) throws {
    let point = try Hex.decode(hex)
    let good = Edwards25519.generator.canonicalBytes
    let party = try PartyID(1)
    for encoded in [point + good, good + point, point + point] {
      #expect(throws: SigningInputError.malformedCommitment(party)) {
        try SigningCommitments<FROSTEd25519>(party: party, encoded: encoded)
      }
    }
    let zero = [UInt8](repeating: 0, count: 32)
    #expect(!Ed25519.isValid(signature: point + zero, message: [], publicKey: good))
    #expect(!Ed25519.isValid(signature: point + zero, message: [], publicKey: point))
    #expect(!Ed25519.isValid(signature: good + zero, message: [], publicKey: point))
  }
}
