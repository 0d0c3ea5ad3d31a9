import Curves
import Identifiers
import ProtocolTestKit
@testable import PublicKeys
import SecretSharing
import Secrets
@testable import ThresholdECDSA

/// A derived key whose polynomials the test knows, as key generation and derivation give it.
struct DealtKey: Sendable {
  let publicKey: DerivedPublicKey<Secp256k1>
  private let polynomials: [[Secp256k1.Scalar]]
  private let weights: [Secp256k1.Scalar]

  init(t: Int, n: Int, seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let threshold = try Threshold(t: t, n: n)
    let polynomials = try (0..<KeyPurpose.secp256k1ECDSA.rootCount).map { _ in
      try (0..<t).map { _ in try Secp256k1.scalar(reducingWide: random.bytes(64)) }
    }
    weights = try KeyDerivation.weights(KeyID(bytes: random.bytes(32)), .secp256k1ECDSA, in: Secp256k1.self)
    let roots = try polynomials.map { coefficients in
      try FeldmanCommitment<Secp256k1>(
        elements: coefficients.map { Secp256k1.generator.multiplied(by: $0) }, threshold)
    }
    publicKey = try DerivedPublicKey(.secp256k1ECDSA, roots: roots, weights: weights, threshold: threshold)
    self.polynomials = polynomials
  }

  var threshold: Threshold { publicKey.threshold }

  func share(of party: PartyID) -> SecretShare<Secp256k1> {
    let x = party.coordinate(in: Secp256k1.self)
    let value = zip(polynomials, weights).reduce(Secp256k1.Scalar.zero) { sum, term in
      let (coefficients, weight) = term
      return sum + weight * coefficients.reversed().reduce(.zero) { $0 * x + $1 }
    }
    return SecretShare(party: party, value: SecretScalar(value))
  }

  /// The first `t` parties of a shuffled membership.
  func quorum(seed: UInt64) throws -> PartySet {
    var random = SeededRandom(seed: seed)
    return try PartySet(PartySet(allOf: threshold).shuffled(using: &random).prefix(threshold.t))
  }
}

/// Both ends of a pair's set-up from a dealer that knows everything, for tests of what follows.
enum DealtSetup {
  struct Ends: Sendable {
    let lower: PairSetup
    let higher: PairSetup
    /// Each end's Δ, 16 bytes.
    let lowerDelta: [UInt8]
    let higherDelta: [UInt8]
  }

  static func deal(
    _ lower: PartyID, _ higher: PartyID, from random: inout SeededRandom, _ parameters: OTParameters = .standard
  ) throws -> Ends {
    let id = try Digest32(bytes: random.bytes(32))
    let (lowerDelta, higherDelta) = (random.bytes(16), random.bytes(16))
    let there = Halves(delta: lowerDelta, parameters, from: &random)
    let back = Halves(delta: higherDelta, parameters, from: &random)
    let seed = random.bytes(32)
    func zeroSeed() -> ZeroSeed {
      ZeroSeed(id, lower: SecretBytes(copying: seed), higher: SecretBytes(copying: seed))
    }
    return Ends(
      lower: PairSetup(
        id: id, me: lower, peer: higher,
        secrets: PairSecrets(sender: there.sender(), receiver: back.receiver(), zeroSeed: zeroSeed())),
      higher: PairSetup(
        id: id, me: higher, peer: lower,
        secrets: PairSecrets(sender: back.sender(), receiver: there.receiver(), zeroSeed: zeroSeed())),
      lowerDelta: lowerDelta, higherDelta: higherDelta)
  }

  /// Between every two of these parties, by holder and peer.
  static func all(_ parties: PartySet, seed: UInt64) throws -> [PartyID: [PartyID: PairSetup]] {
    var random = SeededRandom(seed: seed)
    var setups: [PartyID: [PartyID: PairSetup]] = [:]
    for (place, lower) in parties.enumerated() {
      for higher in parties.dropFirst(place + 1) {
        let ends = try deal(lower, higher, from: &random)
        setups[lower, default: [:]][higher] = ends.lower
        setups[higher, default: [:]][lower] = ends.higher
      }
    }
    return setups
  }

  /// Matching halves of one direction.
  struct Halves {
    let delta: [UInt8]
    let leaves: [[UInt8]]
    let parameters: OTParameters

    init(delta: [UInt8], _ parameters: OTParameters, from random: inout SeededRandom) {
      self.delta = delta
      self.parameters = parameters
      leaves = (0..<parameters.blockCount * parameters.leafCount).map { _ in random.bytes(32) }
    }

    func receiver() -> OTReceiverHalf {
      var keys = SecretKeys(count: leaves.count)
      for (index, leaf) in leaves.enumerated() { keys.set(index, to: SecretBytes(copying: leaf)) }
      return OTReceiverHalf(leaves: keys, parameters)
    }

    func sender() -> OTSenderHalf {
      var keys = SecretKeys(count: leaves.count)
      let (k, size) = (parameters.fieldBits, parameters.leafCount)
      for block in 0..<parameters.blockCount {
        let punctured = (0..<k).reduce(0) { sum, bit in
          let place = block * k + bit
          return sum | Int(delta[place / 8] >> UInt8(place % 8) & 1) << bit
        }
        for leaf in 0..<size where leaf != punctured {
          keys.set(block * size + (leaf ^ punctured), to: SecretBytes(copying: leaves[block * size + leaf]))
        }
      }
      return OTSenderHalf(delta: SecretBytes(copying: delta), leaves: keys, parameters)
    }
  }
}
