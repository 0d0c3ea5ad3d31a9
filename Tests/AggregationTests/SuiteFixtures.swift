import Aggregation
import Curves
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets
import Signatures

let signingPurposes = KeyPurpose.allCases.filter { $0.schnorrSuite != nil }

func suite(of purpose: KeyPurpose) throws -> any CertifiedSchnorrSuite.Type {
  struct NotASigningPurpose: Error {}
  guard let suite = purpose.schnorrSuite else { throw NotASigningPurpose() }
  return suite
}

/// Some element with an unremarkable logarithm.
func element<G: PrimeOrderGroup>(seed: UInt64, of group: G.Type) throws -> G.Element {
  var random = SeededRandom(seed: seed)
  return G.generator.multiplied(by: try G.scalar(reducingWide: random.bytes(64)))
}

func commitments<S: SchnorrCiphersuite>(
  of party: UInt16, seed: UInt64, _ suite: S.Type
) throws -> SigningCommitments<S> {
  try SigningCommitments(
    party: PartyID(party), hiding: element(seed: 2 * seed, of: S.Group.self),
    binding: element(seed: 2 * seed + 1, of: S.Group.self))
}
