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
    let answers: [PartyID: SigningAnswer<S>]
    let parties: PartySet
    do throws(BlameError) {
      (answers, parties) = try decode(outcomes, quorum)
    } catch {
      return .failed(error.blame)
    }
    let contradictions = contradictions(answers)
    guard contradictions.isEmpty, let first = answers.values.first else {
      return .failed(Blame(contradictions: contradictions))
    }
    do {
      let derived = try certificate.derivedKey(for: S.self, keyID: key)
      let list = try CommitmentList(
        parties.parties.map { party in
          guard let commitment = first.commitments[party] else { throw SigningInputError.notTheQuorum }
          return commitment
        }, quorum: parties)
      let transcript = try SigningTranscript<S>(publicKey: derived.publicKey, message: message, commitments: list)
      let signature = try transcript.aggregate(answers.values.map(\.share), key: derived)
      let publicKey = AnyPublicKey(derived, of: S.self)
      return .finished(
        FinishedSignature(key: key, publicKey: publicKey, message: message, signature: signature), cheated: [:])
    } catch let failure as AggregationFailure {
      var blame = Blame()
      for party in failure.culprits {
        if let node = certificate.member(party)?.node { blame.cheated[node] = "its signature share is wrong" }
      }
      return .failed(blame)
    } catch {
      // The group commitment is the identity: some signer chose its nonces knowing the others'; nobody can say which.
      return .failed(Blame())
    }
  }

  private func decode<S: CertifiedSchnorrSuite>(
    _ outcomes: [NodeID: ShareOutcome], _ quorum: [NodeID]
  ) throws(BlameError) -> ([PartyID: SigningAnswer<S>], PartySet) {
    let members = quorum.compactMap { certificate.member($0) }
    guard members.count == quorum.count, let parties = try? PartySet(members.map(\.party)) else {
      throw BlameError(blame: Blame())
    }
    var blame = Blame()
    var answers: [PartyID: SigningAnswer<S>] = [:]
    for member in members {
      guard case .signature(let outcome) = outcomes[member.node] else {
        blame.cheated[member.node] = "it answered something else than a signature share"
        continue
      }
      // An honest signer checks all of this before it signs, so whatever is malformed here is its own doing.
      guard let answer = SigningAnswer<S>(outcome, from: member.party, quorum: parties) else {
        blame.cheated[member.node] = "its answer is malformed"
        continue
      }
      answers[member.party] = answer
    }
    guard blame.isEmpty else { throw BlameError(blame: blame) }
    return (answers, parties)
  }

  /// Where what a signer says it committed to differs from what another one says it received from it.
  private func contradictions<S: CertifiedSchnorrSuite>(
    _ answers: [PartyID: SigningAnswer<S>]
  ) -> [Blame.Contradiction] {
    var found: Set<Blame.Contradiction> = []
    for (author, own) in answers {
      for (reader, theirs) in answers where theirs.commitments[author] != own.commitments[author] {
        guard let first = certificate.member(min(author, reader))?.node,
          let second = certificate.member(max(author, reader))?.node
        else { continue }
        found.insert(Blame.Contradiction(first: first, second: second))
      }
    }
    return found.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }
}

/// What one signer sent, decoded.
private struct SigningAnswer<S: CertifiedSchnorrSuite>: Sendable {
  let commitments: [PartyID: SigningCommitments<S>]
  let share: SignatureShare<S>

  init?(_ outcome: SignatureShareOutcome, from party: PartyID, quorum: PartySet) {
    guard outcome.commitments.map(\.party) == quorum.parties.map(\.value),
      let share = try? SignatureShare<S>(party: party, encoded: outcome.share)
    else { return nil }
    var commitments: [PartyID: SigningCommitments<S>] = [:]
    for (signer, entry) in zip(quorum.parties, outcome.commitments) {
      guard entry.hiding.count == S.Group.elementByteCount,
        let decoded = try? SigningCommitments<S>(party: signer, encoded: entry.hiding + entry.binding)
      else { return nil }
      commitments[signer] = decoded
    }
    self.commitments = commitments
    self.share = share
  }
}

private struct BlameError: Error {
  let blame: Blame
}
