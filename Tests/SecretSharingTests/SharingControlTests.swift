import Curves
import Identifiers
import ProtocolTestKit
import Secrets
import Testing

@testable import SecretSharing

/// The attack of each test fails against the checks of this module and succeeds where one of them is left out.
struct SharingControlTests {
  private typealias G = Ristretto255

  /// A dealer adds one coefficient, and so asks for one share more than everybody believes.
  ///
  /// - Returns: whether `t` shares of the sum still give its key; nil when the dealing was refused.
  private func raiseThreshold(_ accept: (FeldmanCommitment<G>, Threshold) throws -> FeldmanCommitment<G>?) throws
    -> Bool?
  {
    var random = SeededRandom(seed: 71)
    let threshold = try Threshold(t: 2, n: 4)
    let longer = try Threshold(t: 3, n: 4)
    let honest = SecretPolynomial<G>(threshold, from: &random)
    let raised = SecretPolynomial<G>(longer, from: &random)
    guard let commitment = try accept(raised.commitment(), threshold) else { return nil }
    // Every share passes Feldman's check against the longer commitment.
    var points: [PartyID: G.Element] = [:]
    for party in PartySet(allOf: threshold).prefix(threshold.t) {
      let share = raised.share(of: party)
      let isConsistent = share.isConsistent(with: commitment)
      #expect(isConsistent)
      points[party] = honest.share(of: party).value.adding(share.value).timesGenerator()
    }
    let key = try honest.commitment().constantTerm + commitment.constantTerm
    return try Lagrange.interpolate(points, in: G.self) == key
  }

  @Test func `P2 N without a fixed length one dealer raises the threshold for all`() throws {
    let real = try raiseThreshold { commitment, threshold in
      try? FeldmanCommitment<G>(encodedElements: commitment.encodedElements, threshold)
    }
    #expect(real == nil)
    #expect(try raiseThreshold { commitment, _ in commitment } == false)
  }

  // MARK: Proofs

  /// A rule for the challenge of a proof: what of the statement it covers.
  private typealias Challenge = (ProofOfKnowledge<G>.Statement, _ nonce: G.Element) -> G.Scalar

  private func whole(_ statement: ProofOfKnowledge<G>.Statement, _ nonce: G.Element) -> G.Scalar {
    statement.challenge(nonce)
  }

  private func withoutContext(_ statement: ProofOfKnowledge<G>.Statement, _ nonce: G.Element) -> G.Scalar {
    G.hashToScalar(statement.commitment.constantTerm.canonicalBytes + nonce.canonicalBytes, domain: [1])
  }

  private func withoutCommitment(_ statement: ProofOfKnowledge<G>.Statement, _ nonce: G.Element) -> G.Scalar {
    G.hashToScalar(statement.context.session.bytes + nonce.canonicalBytes, domain: [1])
  }

  private func holds(
    _ proof: (nonce: G.Element, response: G.Scalar), _ statement: ProofOfKnowledge<G>.Statement, _ rule: Challenge
  ) -> Bool {
    G.generator.multiplied(by: proof.response)
      == proof.nonce + statement.commitment.constantTerm.multiplied(by: rule(statement, proof.nonce))
  }

  private func statement(_ elements: [G.Element], dealer: UInt16, session: UInt8 = 1) throws
    -> ProofOfKnowledge<G>.Statement
  {
    ProofOfKnowledge<G>.Statement(
      ProofContext(
        session: try SessionID(bytes: [UInt8](repeating: session, count: 32)), dealer: try PartyID(dealer),
        purpose: "p", root: 0),
      try FeldmanCommitment(elements: elements, Threshold(t: elements.count, n: 4)))
  }

  /// Member 2 shows member 1's commitment and proof as its own, or a proof of an earlier session.
  private func copyProof(_ rule: Challenge) throws -> [Bool] {
    let secret = G.Scalar(77)
    let elements = [secret, G.Scalar(78)].map { G.generator.multiplied(by: $0) }
    let original = try statement(elements, dealer: 1)
    let k = G.Scalar(1234)
    let nonce = G.generator.multiplied(by: k)
    let proof = (nonce: nonce, response: k + rule(original, nonce) * secret)
    let isValid = holds(proof, original, rule)
    #expect(isValid)
    return [
      holds(proof, try statement(elements, dealer: 2), rule),
      holds(proof, try statement(elements, dealer: 1, session: 2), rule),
    ]
  }

  @Test func `P6 N a proof whose challenge has no context is everybody's, in every session`() throws {
    #expect(try copyProof(whole) == [false, false])
    #expect(try copyProof(withoutContext) == [true, true])
  }

  /// Takes nonce and response first, asks for the challenge under any commitment, and solves for the commitment.
  private func forgeProof(_ rule: Challenge) throws -> Bool {
    let (k, response) = (G.Scalar(1234), G.Scalar(5678))
    let nonce = G.generator.multiplied(by: k)
    let asked = try statement([G.generator, G.generator], dealer: 1)
    let forged = (G.generator.multiplied(by: response) - nonce).multiplied(
      by: try rule(asked, nonce).inverted())
    return holds((nonce, response), try statement([forged, G.generator], dealer: 1), rule)
  }

  @Test func `P15 N a challenge that leaves out the commitment proves knowledge of what nobody knows`() throws {
    #expect(try !forgeProof(whole))
    #expect(try forgeProof(withoutCommitment))
  }

  // MARK: Coordinates and scalars

  /// Asks a dealer for the share at 0, where the secret lies.
  private func shareAtZero(_ dealer: (UInt16) -> G.Scalar?) -> G.Scalar? { dealer(0) }

  @Test func `P34 N a dealer that serves coordinate 0 gives its secret away`() {
    let (secret, slope) = (G.Scalar(4242), G.Scalar(17))
    let refused = shareAtZero { coordinate in
      guard let party = try? PartyID(coordinate) else { return nil }
      return secret + slope * party.coordinate(in: G.self)
    }
    #expect(refused == nil)
    #expect(shareAtZero { secret + slope * G.Scalar(UInt64($0)) } == secret)
  }

  @Test func `P34 N a decoder that reduces takes two encodings for one scalar`() throws {
    // 5 and 5 + order, little-endian.
    var unreduced: [UInt8] = [
      0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ]
    unreduced[0] += 5
    let reducing = try G.scalar(reducingWide: unreduced + [UInt8](repeating: 0, count: 32))
    #expect(reducing == G.Scalar(5))
    #expect(throws: CurveError.self) { try G.Scalar(canonicalBytes: unreduced) }
  }

  @Test(arguments: 2...7)
  func `P35 N with one coefficient too few t − 1 shares are the key`(n: Int) throws {
    for t in 2...n {
      for (coefficients, isEnough) in [(t, false), (t - 1, true)] where coefficients > 0 && t > 2 {
        var random = SeededRandom(seed: UInt64(10 * n + t))
        let polynomial = SecretPolynomial<G>(try Threshold(t: coefficients, n: n), from: &random)
        let key = try polynomial.commitment().constantTerm
        var points: [PartyID: G.Element] = [:]
        for party in PartySet(allOf: try Threshold(t: t, n: n)).prefix(t - 1) {
          points[party] = polynomial.share(of: party).value.timesGenerator()
        }
        #expect(try (Lagrange.interpolate(points, in: G.self) == key) == isEnough, "\(t) of \(n)")
      }
    }
  }
}
