import Curves
import Identifiers
import PublicKeys
import Rounds
import SecretSharing
import Secrets

/// One root of one attempt, whatever its group: what this party deals and what it has received so far.
protocol SharedRoot: AnyObject {
  /// This party's commitment and proof, as in ``DealingOpening``.
  var offer: [UInt8] { get }
  /// Takes another dealer's commitment if it is well formed and its proof holds.
  func admit(_ offer: [UInt8], from dealer: PartyID) throws(OfferFlaw)
  /// What this party deals to the given one, in canonical bytes.
  func share(of party: PartyID) -> SecretBytes
  /// Feldman's check of what a dealer gave to a party.
  func isConsistent(_ share: borrowing SecretBytes, of party: PartyID, from dealer: PartyID) -> Bool
  /// This party's share of the sum of all polynomials, and the sum of all commitments.
  func sum(_ received: [ReceivedShares], in slot: RootSlot) throws(SharingError) -> RootOutcome
}

enum OfferFlaw: String, Error {
  case commitment = "dealing"
  case proof = "proof of knowledge"
}

/// This party's share of one root key, and the commitment everybody's share is checked against.
struct RootOutcome: ~Copyable {
  let share: SecretBytes
  let commitment: [[UInt8]]
}

/// All of one dealer's shares for this party, checked.
final class ReceivedShares {
  let bytes: SecretBytes

  init(_ bytes: consuming SecretBytes) { self.bytes = bytes }
}

final class GroupRoot<G: PrimeOrderGroup>: SharedRoot {
  let offer: [UInt8]
  private let context: SessionContext
  private let slot: RootSlot
  private let polynomial: SecretPolynomial<G>
  private var commitments: [PartyID: FeldmanCommitment<G>]

  init(_ slot: RootSlot, _ context: SessionContext, from random: inout some RandomSource) throws(SharingError) {
    let polynomial = SecretPolynomial<G>(context.threshold, from: &random)
    let commitment = try polynomial.commitment()
    let statement = ProofOfKnowledge<G>.Statement(Self.place(slot, context.me, context), commitment)
    let proof = ProofOfKnowledge<G>(statement, polynomial: polynomial, from: &random)
    offer = commitment.encodedElements.joined() + proof.encoded
    self.slot = slot
    self.context = context
    self.polynomial = polynomial
    commitments = [context.me: commitment]
  }

  func admit(_ offer: [UInt8], from dealer: PartyID) throws(OfferFlaw) {
    guard let (commitment, proof) = parse(offer) else { throw .commitment }
    guard proof.isValid(for: .init(Self.place(slot, dealer, context), commitment)) else { throw .proof }
    commitments[dealer] = commitment
  }

  func share(of party: PartyID) -> SecretBytes { polynomial.share(of: party).value.canonicalBytes() }

  func isConsistent(_ share: borrowing SecretBytes, of party: PartyID, from dealer: PartyID) -> Bool {
    guard let commitment = commitments[dealer] else { return false }
    do {
      return try SecretShare(party: party, canonicalBytes: share).isConsistent(with: commitment)
    } catch {
      return false
    }
  }

  func sum(_ received: [ReceivedShares], in slot: RootSlot) throws(SharingError) -> RootOutcome {
    let commitment = try FeldmanCommitment.sum(context.parties.compactMap { commitments[$0] })
    var sum = polynomial.share(of: context.me).value.clone()
    for shares in received {
      guard let bytes = shares.bytes.copy(of: slot.shareRange) else { throw .malformed }
      sum = sum.adding(try SecretShare<G>(party: context.me, canonicalBytes: bytes).value)
    }
    let share = SecretShare(party: context.me, value: sum)
    guard share.isConsistent(with: commitment) else { throw .degenerateCommitment }
    return RootOutcome(share: share.value.canonicalBytes(), commitment: commitment.encodedElements)
  }

  private func parse(_ offer: [UInt8]) -> (FeldmanCommitment<G>, ProofOfKnowledge<G>)? {
    do {
      var reader = ByteReader(offer)
      let elements = try (0..<context.threshold.t).map { _ in try reader.raw(G.elementByteCount) }
      let proof = try ProofOfKnowledge<G>(encoded: reader.raw(ProofOfKnowledge<G>.byteCount))
      try reader.finish()
      return (try FeldmanCommitment(encodedElements: elements, context.threshold), proof)
    } catch {
      return nil
    }
  }

  private static func place(_ slot: RootSlot, _ dealer: PartyID, _ context: SessionContext) -> ProofContext {
    ProofContext(
      session: context.session, dealer: dealer, purpose: slot.purpose.rawValue, root: slot.root)
  }
}
