import Aggregation
import Curves
import ProtocolTestKit
@testable import PublicKeys
import SecretSharing
import Secrets

/// An encryption key whose polynomial the test knows.
struct SharedDecryptionKey: Sendable {
  let publicKey: DerivedPublicKey<BLS12381G1>
  private let coefficients: [BLSScalar]

  init(t: Int, n: Int, seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let coefficients = try (0..<t).map { _ in try BLS12381G1.scalar(reducingWide: random.bytes(64)) }
    let threshold = try Threshold(t: t, n: n)
    let commitment = try FeldmanCommitment<BLS12381G1>(
      elements: coefficients.map { BLS12381G1.generator.multiplied(by: $0) }, threshold)
    publicKey = try DerivedPublicKey(.bls12381IBE, roots: [commitment], weights: [.one], threshold: threshold)
    self.coefficients = coefficients
  }

  func share(of party: UInt16, for identity: [UInt8]) throws -> DecryptionShare {
    let x = BLSScalar(UInt64(party))
    let value = coefficients.reversed().reduce(BLSScalar.zero) { $0 * x + $1 }
    let point = DecryptionShare.point(of: identity)
    return DecryptionShare(party: try PartyID(party), value: point.multiplied(by: value))
  }

  func shares(_ parties: some Sequence<UInt16>, for identity: [UInt8]) throws -> [DecryptionShare] {
    try parties.map { try share(of: $0, for: identity) }
  }

  /// What any `t` shares must give.
  func key(for identity: [UInt8]) -> BLS12381G2.Element {
    DecryptionShare.point(of: identity).multiplied(by: coefficients[0])
  }
}
