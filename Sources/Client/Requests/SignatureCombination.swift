import Aggregation
import Curves
import Identifiers
import PublicKeys
import SecretSharing
import Wire

/// Adds the shares of exactly one quorum up to a signature that the scheme's ordinary verifier accepts.
struct SignatureCombination: QuorumOperation {
  let certificate: KeyCertificate
  let key: KeyID
  let purpose: KeyPurpose
  /// The bytes the scheme signs, computed by this client from its own input.
  let message: [UInt8]
  /// Nonce commitments by their encodings: every signer shows those of all.
  private let decoded = Decoded<any Sendable>()

  init(certificate: KeyCertificate, key: KeyID, purpose: KeyPurpose, message: [UInt8]) {
    self.certificate = certificate
    self.key = key
    self.purpose = purpose
    self.message = message
  }

  var path: String { "/v1/sign" }

  func quorumSize(available: Int, threshold: Int) -> Int { threshold }

  func combine(_ shares: [NodeID: ShareOutcome], quorum: [NodeID]) -> Combination<FinishedSignature> {
    guard quorum.allSatisfy({ shares[$0] != nil }) else { return .incomplete(Blame()) }
    guard let suite = purpose.schnorrSuite else { return .failed(Blame()) }
    return combine(shares, quorum, suite)
  }

  private func combine<S: CertifiedSchnorrSuite>(
    _ outcomes: [NodeID: ShareOutcome], _ quorum: [NodeID], _ suite: S.Type
  ) -> Combination<FinishedSignature> {
    let contributions: [SigningContribution<S>]
    let parties: PartySet
    do throws(BlameError) {
      (contributions, parties) = try decode(outcomes, quorum)
    } catch {
      return .failed(error.blame)
    }
    guard let derived = try? certificate.derivedKey(for: S.self, keyID: key) else { return .failed(Blame()) }
    do throws(AggregationFailure) {
      let signature = try SigningContribution.combine(contributions, message: message, key: derived, quorum: parties)
      let publicKey = AnyPublicKey(derived, of: S.self)
      return .finished(
        FinishedSignature(key: key, publicKey: publicKey, message: message, signature: signature), cheated: [:])
    } catch {
      return .failed(blame(for: error))
    }
  }

  private func decode<S: CertifiedSchnorrSuite>(
    _ outcomes: [NodeID: ShareOutcome], _ quorum: [NodeID]
  ) throws(BlameError) -> ([SigningContribution<S>], PartySet) {
    let members = quorum.compactMap { certificate.member($0) }
    guard members.count == quorum.count, let parties = try? PartySet(members.map(\.party)) else {
      throw BlameError(blame: Blame())
    }
    var blame = Blame()
    var contributions: [SigningContribution<S>] = []
    for member in members {
      guard case .signature(let outcome) = outcomes[member.node] else {
        blame.cheated[member.node] = "it answered something else than a signature share"
        continue
      }
      // An honest signer checks all of this before it signs, so whatever is malformed here is its own doing.
      guard let contribution = contribution(S.self, outcome, from: member.party, quorum: parties) else {
        blame.cheated[member.node] = "its answer is malformed"
        continue
      }
      contributions.append(contribution)
    }
    guard blame.isEmpty else { throw BlameError(blame: blame) }
    return (contributions, parties)
  }

  /// What one signer sent, decoded.
  private func contribution<S: CertifiedSchnorrSuite>(
    _ suite: S.Type, _ outcome: SignatureShareOutcome, from party: PartyID, quorum: PartySet
  ) -> SigningContribution<S>? {
    guard outcome.commitments.map(\.party) == quorum.parties.map(\.value),
      let share = try? SignatureShare<S>(party: party, encoded: outcome.share)
    else { return nil }
    var commitments: [SigningCommitments<S>] = []
    for (signer, entry) in zip(quorum.parties, outcome.commitments) {
      guard let hiding = element(entry.hiding, of: S.Group.self),
        let binding = element(entry.binding, of: S.Group.self),
        let decoded = try? SigningCommitments<S>(party: signer, hiding: hiding, binding: binding)
      else { return nil }
      commitments.append(decoded)
    }
    guard let list = try? CommitmentList(commitments, quorum: quorum) else { return nil }
    return SigningContribution(commitments: list, share: share)
  }

  private func element<G: PrimeOrderGroup>(_ bytes: [UInt8], of group: G.Type) -> G.Element? {
    decoded.value(of: bytes) { try? G.Element(canonicalBytes: $0) } as? G.Element
  }

  /// Nobody is named when the group commitment is the identity: some signer chose its nonces knowing the others', and
  /// nobody can say which.
  private func blame(for failure: AggregationFailure) -> Blame {
    var blame = Blame()
    for party in failure.culprits {
      if let node = certificate.member(party)?.node { blame.cheated[node] = "its signature share is wrong" }
    }
    if case .disputes(let disputes) = failure {
      blame.contradictions = contradictions(disputes)
    }
    return blame
  }

  /// Where what a signer says it committed to differs from what another one says it received from it.
  private func contradictions(_ disputes: [CommitmentDispute]) -> [Blame.Contradiction] {
    var found: Set<Blame.Contradiction> = []
    for dispute in disputes {
      guard let first = certificate.member(min(dispute.about, dispute.reporter))?.node,
        let second = certificate.member(max(dispute.about, dispute.reporter))?.node
      else { continue }
      found.insert(Blame.Contradiction(first: first, second: second))
    }
    return found.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }
}

private struct BlameError: Error {
  let blame: Blame
}
