import Curves
import Identifiers
import ProtocolTestKit
import SecretSharing
import Secrets
import Testing

struct ProofOfKnowledgeTests {
  private struct Setting<G: PrimeOrderGroup> {
    let threshold: Threshold
    let commitment: FeldmanCommitment<G>
    let context: ProofContext
    let proof: ProofOfKnowledge<G>

    init(seed: UInt64) throws {
      var random = SeededRandom(seed: seed)
      threshold = try Threshold(t: 3, n: 4)
      let polynomial = SecretPolynomial<G>(threshold, from: &random)
      commitment = try polynomial.commitment()
      context = ProofContext(
        session: try SessionID(bytes: [UInt8](repeating: 1, count: 32)), dealer: try PartyID(2),
        purpose: "ed25519-sign", root: 1)
      proof = ProofOfKnowledge(.init(context, commitment), polynomial: polynomial, from: &random)
    }
  }

  private func check<G: PrimeOrderGroup>(_ group: G.Type) throws {
    let setting = try Setting<G>(seed: 1)
    let good = setting.context
    #expect(setting.proof.isValid(for: .init(good, setting.commitment)))
    #expect(try ProofOfKnowledge<G>(encoded: setting.proof.encoded) == setting.proof)

    let otherContexts = [
      ProofContext(session: .zero, dealer: good.dealer, purpose: good.purpose, root: good.root),
      ProofContext(session: good.session, dealer: try PartyID(3), purpose: good.purpose, root: good.root),
      ProofContext(session: good.session, dealer: good.dealer, purpose: "ed25519", root: good.root),
      ProofContext(session: good.session, dealer: good.dealer, purpose: good.purpose, root: 0),
    ]
    for context in otherContexts { #expect(!setting.proof.isValid(for: .init(context, setting.commitment))) }

    // The statement is the whole commitment, not only the key whose secret is proved.
    for place in setting.commitment.elements.indices {
      var elements = setting.commitment.elements
      elements[place] = elements[place] + G.generator
      let changed = try FeldmanCommitment<G>(elements: elements, setting.threshold)
      #expect(!setting.proof.isValid(for: .init(good, changed)), "element \(place)")
    }
    let shorter = try FeldmanCommitment<G>(
      elements: Array(setting.commitment.elements.dropLast()), try Threshold(t: 2, n: 4))
    #expect(!setting.proof.isValid(for: .init(good, shorter)))
  }

  @Test(arguments: SharingTests.groups.indices)
  func `P6 P15 a proof holds in its place and in no other`(group: Int) throws {
    try check(SharingTests.groups[group])
  }

  private func mutate<G: PrimeOrderGroup>(_ group: G.Type) throws {
    let setting = try Setting<G>(seed: 2)
    let encoded = setting.proof.encoded
    for place in encoded.indices {
      var changed = encoded
      changed[place] ^= 1 << UInt8(place % 8)
      guard let proof = try? ProofOfKnowledge<G>(encoded: changed) else { continue }
      #expect(!proof.isValid(for: .init(setting.context, setting.commitment)), "byte \(place)")
    }
    #expect(throws: SharingError.malformed) { _ = try ProofOfKnowledge<G>(encoded: Array(encoded.dropLast())) }
    #expect(throws: SharingError.malformed) { _ = try ProofOfKnowledge<G>(encoded: encoded + [0]) }
    let identity = G.Element.identity.canonicalBytes
    #expect(throws: SharingError.malformed) {
      _ = try ProofOfKnowledge<G>(encoded: identity + encoded.suffix(G.scalarByteCount))
    }
    let overflow = [UInt8](repeating: 0xff, count: G.scalarByteCount)
    #expect(throws: SharingError.malformed) {
      _ = try ProofOfKnowledge<G>(encoded: encoded.prefix(G.elementByteCount) + overflow)
    }
  }

  @Test(arguments: SharingTests.groups.indices)
  func `P15 P34 a proof with any byte changed, or not canonical, does not hold`(group: Int) throws {
    try mutate(SharingTests.groups[group])
  }

  @Test func `P5 N without the proof the last dealer could choose the key`() throws {
    // The weakened protocol: add up commitments without proofs. The last mover subtracts everybody else's and owns the
    // key; it knows the secret of the sum and of nothing it committed to, so it cannot prove.
    typealias G = Ristretto255
    var random = SeededRandom(seed: 3)
    let threshold = try Threshold(t: 3, n: 4)
    let honest = try (1...3).map { _ in try SecretPolynomial<G>(threshold, from: &random).commitment() }
    let wanted = SecretPolynomial<G>(threshold, from: &random)
    let target = try wanted.commitment()
    let sumOfOthers = try FeldmanCommitment.sum(honest)
    let rogue = try FeldmanCommitment<G>(
      elements: zip(target.elements, sumOfOthers.elements).map { $0 - $1 }, threshold)
    #expect(try FeldmanCommitment.sum(honest + [rogue]).constantTerm == target.constantTerm)

    let context = ProofContext(session: .zero, dealer: try PartyID(4), purpose: "p", root: 0)
    let forged = ProofOfKnowledge(.init(context, rogue), polynomial: wanted, from: &random)
    #expect(!forged.isValid(for: .init(context, rogue)))
  }
}
