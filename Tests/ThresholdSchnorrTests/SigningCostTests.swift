import Aggregation
import Curves
import ProtocolTestKit
@testable import PublicKeys
import SecretSharing
import Signatures
import Testing
import ThresholdSchnorr

/// Counted, not timed: multiplications of elements by scalars.
@Suite struct SigningCostTests {
  @Test(arguments: [2, 3, 5, 7])
  func `a signer multiplies three times and once more for every other signer`(_ t: Int) throws {
    let key = try sharedKey(t)
    let quorum = PartySet(allOf: key.threshold)
    let order = try SigningOrder<CountedSuite>(message: [1], key: key.publicKey, quorum: quorum)
    var random = SeededRandom(seed: 2)
    let others = try quorum.dropFirst().map { party in
      try SigningNonces<CountedSuite>(for: order, share: key.share(of: party), random: &random).commitments
    }
    let (_, count) = try CountedGroup.count {
      let nonces = try SigningNonces<CountedSuite>(for: order, share: key.share(of: quorum[0]), random: &random)
      let list = try CommitmentList([nonces.commitments] + others, quorum: quorum)
      _ = try nonces.sign(list)
    }
    #expect(count == 3 + (t - 1))
  }

  @Test func `deriving a public key multiplies once`() throws {
    let (_, count) = try CountedGroup.count {
      let generator = CountedGroup.generator
      let threshold = try Threshold(t: 2, n: 2)
      let root = try FeldmanCommitment<CountedGroup>(elements: [generator, generator], threshold)
      _ = try DerivedPublicKey(
        .ristretto255Sign, roots: [root, root], weights: [.one, CountedGroup.Scalar(5)], threshold: threshold)
    }
    #expect(count == 1)
  }

  @Test(arguments: [2, 3, 5, 7])
  func `whoever combines good shares looks at none of them singly`(_ t: Int) throws {
    let key = try sharedKey(t)
    let run = try SigningRun<CountedSuite>([1], by: PartySet(allOf: key.threshold), with: key, seed: 3)
    let (_, count) = try CountedGroup.count {
      _ = try SigningContribution.combine(
        run.contributions, message: [1], key: key.publicKey, quorum: run.transcript.quorum)
    }
    // One for each binding factor; the finished signature's verification is the suite's own.
    #expect(count == t)
  }

  private func sharedKey(_ t: Int) throws -> SharedKey<CountedSuite> {
    var random = SeededRandom(seed: 1)
    let polynomial = (0..<t).map { _ in CountedGroup.Scalar(random.next()) }
    return try SharedKey(polynomials: [polynomial], weights: [.one], threshold: Threshold(t: t, n: t))
  }
}
