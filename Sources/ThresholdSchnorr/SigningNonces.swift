public import Aggregation
import Curves
public import SecretSharing
public import Secrets
public import Signatures

/// One signer between its two steps: the nonces it committed to, its share, and the one order both are for.
///
/// Two responses under the same nonces reveal the share, so signing consumes this value, nothing copies or stores it, and
/// it dies with the process. This does not compile:
///
///     let first = try nonces.sign(list)
///     let second = try nonces.sign(otherList)  // error: 'nonces' consumed more than once
public struct SigningNonces<S: SchnorrCiphersuite>: ~Copyable, Sendable {
  /// What the other signers get (RFC 9591 section 5.1).
  public let commitments: SigningCommitments<S>
  private let order: SigningOrder<S>
  private let share: SecretShare<S.Group>
  private let hiding: SecretScalar<S.Group>
  private let binding: SecretScalar<S.Group>

  /// Makes and commits to both nonces.
  ///
  /// - Parameter random: hedged in production, so that a failed or repeated generator still gives unrelated nonces.
  /// - Throws: ``SigningRefusal`` when the share is not for this order.
  public init(
    for order: SigningOrder<S>, share: consuming SecretShare<S.Group>, random: inout some RandomSource
  ) throws(SigningRefusal) {
    let party = share.party
    guard order.quorum.contains(party) else { throw .notInQuorum }
    guard !share.value.isEqual(to: SecretScalar(.zero)) else { throw .zeroShare }
    let hiding = Self.nonce(share.value, &random)
    let binding = Self.nonce(share.value, &random)
    do {
      commitments = try SigningCommitments(
        party: party, hiding: hiding.timesGenerator(), binding: binding.timesGenerator())
    } catch {
      throw .input(error)
    }
    self.order = order
    self.share = share
    self.hiding = hiding
    self.binding = binding
  }

  /// `nonce_generate` of RFC 9591 section 4.1: `H3(32 random bytes ‖ share)`.
  private static func nonce(
    _ share: borrowing SecretScalar<S.Group>, _ random: inout some RandomSource
  ) -> SecretScalar<S.Group> {
    let randomness = SecretBytes(count: 32, from: &random)
    let encodedShare = share.canonicalBytes()
    var input = SecretBytes(zeroed: randomness.count + encodedShare.count)
    input.replaceBytes(at: 0, with: randomness)
    input.replaceBytes(at: randomness.count, with: encodedShare)
    return S.nonce(input)
  }

  /// The signer's response (RFC 9591 section 5.2), under the message, key and quorum of the order and no others.
  ///
  /// Every commitment in the list was decoded canonically and is not the identity; the types say so.
  public consuming func sign(_ list: CommitmentList<S>) throws(SigningRefusal) -> SigningContribution<S> {
    guard list.quorum == order.quorum else { throw .otherQuorum }
    guard list[commitments.party] == commitments else { throw .ownCommitmentsAltered }
    do {
      let factors = try BindingFactors<S>(publicKey: order.publicKey, message: order.message, commitments: list)
      let nonce = hiding.adding(binding.multiplied(by: try factors[commitments.party]))
      let transcript = try SigningTranscript(
        factors, signer: commitments.party, own: nonce.timesGenerator())
      let weight = try transcript.weight(of: commitments.party)
      let signedNonce = transcript.negatesNonces ? nonce.negated() : nonce.clone()
      let keyPart = share.value.multiplied(by: transcript.negatesShares ? -weight : weight)
      let response = signedNonce.adding(keyPart).declassified()
      return SigningContribution(
        commitments: list, share: SignatureShare(party: commitments.party, response: response))
    } catch {
      throw .input(error)
    }
  }
}
