public import Curves
import Identifiers
public import Secrets
import Transcripts

/// A Schnorr proof that a dealer knows the secret behind the constant term of its commitment.
///
/// `R = k·G`, `c = H(statement, R)`, `s = k + c·a₀`; holds when `s·G = R + c·A₀`. The challenge hashes the whole
/// ``Statement``, so a proof says nothing about any other session, dealer, purpose, root or polynomial.
public struct ProofOfKnowledge<G: PrimeOrderGroup>: Sendable, Hashable {
  /// What is proved, and where.
  public struct Statement: Sendable {
    public let context: ProofContext
    public let commitment: FeldmanCommitment<G>

    public init(_ context: ProofContext, _ commitment: FeldmanCommitment<G>) {
      self.context = context
      self.commitment = commitment
    }

    func challenge(_ nonce: G.Element) -> G.Scalar {
      var fields: [[UInt8]] = [
        Array(G.name.utf8), context.session.bytes, UInt64(context.dealer.value).bigEndianBytes,
        Array(context.purpose.utf8), UInt64(clamping: context.root).bigEndianBytes,
        UInt64(commitment.elements.count).bigEndianBytes,
      ]
      fields += commitment.encodedElements
      fields.append(nonce.canonicalBytes)
      return G.hashToScalar(
        TaggedHash.encoding(.proofOfKnowledge, fields), domain: Domain.proofOfKnowledge.bytes)
    }
  }

  public static var byteCount: Int { G.elementByteCount + G.scalarByteCount }

  private let nonce: G.Element
  private let response: G.Scalar

  /// Proves knowledge of the polynomial's constant term.
  public init(
    _ statement: Statement, polynomial: borrowing SecretPolynomial<G>, from random: inout some RandomSource
  ) {
    let secret = polynomial.constantTerm
    let k = SecretScalar<G>.random(from: &random)
    nonce = k.timesGenerator()
    response = k.adding(secret.scalar.multiplied(by: statement.challenge(nonce))).declassified()
  }

  public func isValid(for statement: Statement) -> Bool {
    let expected = nonce + statement.commitment.constantTerm.multiplied(by: statement.challenge(nonce))
    return G.generator.multiplied(by: response) == expected
  }

  /// `R ‖ s`, ``byteCount`` bytes.
  public var encoded: [UInt8] { nonce.canonicalBytes + response.canonicalBytes }

  /// - Throws: ``SharingError/malformed`` unless both parts are canonical and `R` is not the identity.
  public init(encoded: [UInt8]) throws(SharingError) {
    guard encoded.count == Self.byteCount else { throw .malformed }
    do {
      nonce = try G.Element(canonicalBytes: encoded.prefix(G.elementByteCount))
      response = try G.Scalar(canonicalBytes: encoded.suffix(G.scalarByteCount))
    } catch {
      throw .malformed
    }
  }
}
