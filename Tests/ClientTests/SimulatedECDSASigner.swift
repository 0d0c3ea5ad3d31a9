import Client
import Crypto
import Curves
import Identifiers
import Membership
import PublicKeys
import SecretSharing
import Signatures
import Testing
import Wire

/// ECDSA with a key and nonces everybody can compute: the simulation needs no rounds.
extension SimulatedNode {
  func signECDSA(
    _ request: SignedRequest, _ key: KeyID, _ digest: [UInt8], _ behaviour: Behaviour
  ) throws -> ECDSAShareOutcome {
    let quorum = request.payload.quorum.nodes
    let parties = try PartySet(
      quorum.map { node in try #require(network.members.first { $0.node == node }).party })
    let weights = try KeyDerivation.weights(key, .secp256k1ECDSA, in: Secp256k1.self)
    let x = try parties.reduce(Secp256k1.Scalar.zero) { sum, party in
      let share = try KnownRoots.share(
        .secp256k1ECDSA, weights: weights, of: party, network.threshold, in: Secp256k1.self)
      return sum + (try Lagrange.coefficient(party, in: parties, group: Secp256k1.self)) * share
    }
    let k = try Secp256k1.scalar(reducingWide: Array(SHA512.hash(data: request.id.bytes)))
    var point = Secp256k1.generator.multiplied(by: k)
    let numerator = try Secp256k1.Scalar(reducing: digest) + Secp256k1.Scalar(reducing: point.xOnlyBytes) * x

    // Everybody adds one, and the first what is missing.
    let rest = Secp256k1.Scalar(UInt64(quorum.count - 1))
    let isFirst = quorum.first == node
    var w = isFirst ? numerator - rest : .one
    switch behaviour {
    case .wrongShare: w = w + .one
    case .misquotes: point = point + Secp256k1.generator
    default: break
    }
    return ECDSAShareOutcome(
      noncePoint: point.canonicalBytes, u: (isFirst ? k - rest : .one).canonicalBytes, w: w.canonicalBytes)
  }
}
