import Aggregation
import Curves
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Signatures
import Testing
import ThresholdSchnorr

/// One of two signers opens many sessions at once and answers last in each (Drijvers et al., 2018; solved in polynomial
/// time by Benhamouda et al., 2020).
@Suite struct ConcurrentSessionsTests {
  private let forgery = Array("never asked for".utf8)

  @Test func `P27 concurrent sessions forge nothing`() throws {
    let key = try SharedKey<FROSTRistretto255>(t: 2, n: 2, seed: 1)
    let signature = try attack(key)
    #expect(!FROSTRistretto255.isValid(signature: signature, message: forgery, publicKey: key.publicKey.publicKey))
  }

  @Test func `P27 N the same attack forges when binding factors bind nothing`() throws {
    let key = try SharedKey<ConstantBinding>(t: 2, n: 2, seed: 1)
    let signature = try attack(key)
    #expect(ConstantBinding.isValid(signature: signature, message: forgery, publicKey: key.publicKey.publicKey))
  }

  /// A session the honest signer 1 has committed to, with the attacker's two possible answers.
  private struct OpenSession<S: CertifiedSchnorrSuite> {
    let signer: Signer<S>
    let lists: [CommitmentList<S>]
    let challenges: [S.Group.Scalar]
    /// The honest signer's part of the group commitment, were the first list chosen.
    let commitment: S.Group.Element
  }

  private func attack<S: CertifiedSchnorrSuite>(_ key: SharedKey<S>) throws -> [UInt8] where S.Group == Ristretto255 {
    // 253 bits write every scalar.
    let sessions = try (0..<253).map { try open(key, number: $0) }

    // Weights a_j = 2^j / (c_j¹ − c_j⁰) make Σ a_j·c_j equal to Σ a_j·c_j⁰ plus the number whose bits choose the answers.
    var power = Ristretto255.Scalar.one
    var weights: [Ristretto255.Scalar] = []
    for session in sessions {
      weights.append(power * (try (session.challenges[1] - session.challenges[0]).inverted()))
      power = power + power
    }
    let base = zip(weights, sessions).reduce(Ristretto255.Scalar.zero) { $0 + $1.0 * $1.1.challenges[0] }
    let groupCommitment = Ristretto255.Element.linearCombination(
      zip(weights, sessions).map { ($0, $1.commitment) })
    let challenge = S.challenge(
      groupCommitment: groupCommitment, publicKey: key.publicKey.publicKey, message: forgery)
    let choices = (challenge - base).canonicalBytes

    // Σ a_j·z_j is the honest signer's response to a challenge it never saw; the attacker adds its own.
    var response = Ristretto255.Scalar.zero
    for (place, (session, weight)) in zip(sessions, weights).enumerated() {
      let choice = Int(choices[place / 8] >> UInt8(place % 8)) & 1
      response = response + weight * (try session.signer.sign(session.lists[choice]).share.response)
    }
    let attacker = try PartyID(2)
    let coefficient = try Lagrange.coefficient(attacker, in: PartySet(allOf: key.threshold), group: Ristretto255.self)
    response = response + challenge * coefficient * key.share(of: attacker).value.declassified()
    return S.signatureBytes(groupCommitment: groupCommitment, response: response)
  }

  private func open<S: CertifiedSchnorrSuite>(
    _ key: SharedKey<S>, number: UInt64
  ) throws -> OpenSession<S> where S.Group == Ristretto255 {
    let message = Array("approved message \(number)".utf8)
    let quorum = PartySet(allOf: key.threshold)
    let order = try SigningOrder<S>(message: message, key: key.publicKey, quorum: quorum)
    var random = SeededRandom(seed: 1000 + number)
    let honest = quorum[0]
    let signer = Signer(try SigningNonces<S>(for: order, share: key.share(of: honest), random: &random))

    let transcripts = try [UInt64(2), 3].map { answer in
      let mine = try SigningCommitments<S>(
        party: quorum[1], hiding: Ristretto255.generator.multiplied(by: Ristretto255.Scalar(answer)),
        binding: Ristretto255.generator)
      // The attacker's nonces cancel against themselves: it knows them and leaves them out of the forgery.
      return try SigningTranscript<S>(
        publicKey: key.publicKey.publicKey, message: message,
        commitments: CommitmentList([signer.commitments, mine], quorum: quorum))
    }
    let factor = try transcripts[0].bindingFactor(of: honest)
    return OpenSession(
      signer: signer, lists: transcripts.map(\.commitments), challenges: transcripts.map(\.challenge),
      commitment: signer.commitments.hiding + signer.commitments.binding.multiplied(by: factor))
  }
}
