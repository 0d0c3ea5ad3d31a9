import Aggregation
import Curves
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Signatures
import Testing
import ThresholdSchnorr

/// Somebody makes one signer answer several lists.
struct NonceReuseTests {
  private typealias S = FROSTRistretto255

  /// A signer as an attacker that controls everybody else sees it.
  private protocol AttackedSigner {
    var commitments: SigningCommitments<FROSTRistretto255> { get throws }
    func sign(_ list: CommitmentList<FROSTRistretto255>) throws -> SigningContribution<FROSTRistretto255>
  }

  private final class OneTimeSigner: AttackedSigner {
    private let signer: Signer<S>

    init(_ order: SigningOrder<S>, _ key: SharedKey<S>) throws {
      var random = SeededRandom(seed: 3)
      signer = Signer(try SigningNonces(for: order, share: key.share(of: PartyID(1)), random: &random))
    }

    var commitments: SigningCommitments<S> { signer.commitments }
    func sign(_ list: CommitmentList<S>) throws -> SigningContribution<S> { try signer.sign(list) }
  }

  /// Has the same nonces again each time, like a process restored from a snapshot or a generator that repeats itself.
  private final class RestoredSigner: AttackedSigner {
    private let order: SigningOrder<S>
    private let key: SharedKey<S>

    init(_ order: SigningOrder<S>, _ key: SharedKey<S>) {
      self.order = order
      self.key = key
    }

    private func restored() throws -> Signer<S> {
      var random = SeededRandom(seed: 3)
      return Signer(try SigningNonces(for: order, share: key.share(of: PartyID(1)), random: &random))
    }

    var commitments: SigningCommitments<S> { get throws { try restored().commitments } }

    func sign(_ list: CommitmentList<S>) throws -> SigningContribution<S> { try restored().sign(list) }
  }

  /// Three responses `zⱼ = d + ρⱼ·e + λ·cⱼ·s` under the same `d`, `e` and `s` are three equations.
  ///
  /// - Returns: the signer's share.
  private func extract(_ victim: some AttackedSigner, _ key: SharedKey<S>) throws -> Ristretto255.Scalar {
    let quorum = PartySet(allOf: key.threshold)
    var equations: [(response: Ristretto255.Scalar, factor: Ristretto255.Scalar, weight: Ristretto255.Scalar)] = []
    for answer in 2...4 as ClosedRange<UInt64> {
      let mine = try SigningCommitments<S>(
        party: quorum[1], hiding: Ristretto255.generator.multiplied(by: Ristretto255.Scalar(answer)),
        binding: Ristretto255.generator)
      let list = try CommitmentList([try victim.commitments, mine], quorum: quorum)
      let transcript = try SigningTranscript<S>(
        publicKey: key.publicKey.publicKey, message: message, commitments: list)
      equations.append(
        (
          try victim.sign(list).share.response, try transcript.bindingFactor(of: quorum[0]),
          try transcript.weight(of: quorum[0])
        ))
    }
    let (one, two, three) = (equations[0], equations[1], equations[2])
    let (z1, z2) = (one.response - two.response, one.response - three.response)
    let (f1, f2) = (one.factor - two.factor, one.factor - three.factor)
    let (w1, w2) = (one.weight - two.weight, one.weight - three.weight)
    return (z1 * f2 - z2 * f1) * (try (w1 * f2 - w2 * f1).inverted())
  }

  private let message = Array("a message of no importance".utf8)

  @Test func `P21 P27 a signer answers one list, so no share can be solved for`() throws {
    let key = try SharedKey<S>(t: 2, n: 2, seed: 1)
    let order = try SigningOrder<S>(message: message, key: key.publicKey, quorum: PartySet(allOf: key.threshold))
    #expect(throws: Signer<S>.Spent.self) { try extract(OneTimeSigner(order, key), key) }
  }

  @Test func `P21 P27 N three answers under the same nonces give the signer's share`() throws {
    let key = try SharedKey<S>(t: 2, n: 2, seed: 1)
    let order = try SigningOrder<S>(message: message, key: key.publicKey, quorum: PartySet(allOf: key.threshold))
    let share = try extract(RestoredSigner(order, key), key)
    #expect(share == key.share(of: try PartyID(1)).value.declassified())
  }
}
