public import PublicKeys
public import SecretSharing
public import Signatures

/// What one signer gives the user: its share and the commitment list it signed with.
public struct SigningContribution<S: SchnorrCiphersuite>: Sendable, Hashable {
  public let commitments: CommitmentList<S>
  public let share: SignatureShare<S>

  public init(commitments: CommitmentList<S>, share: SignatureShare<S>) {
    self.commitments = commitments
    self.share = share
  }

  /// What a user does with all signers' contributions: compares their lists, adds their shares up and gives the
  /// signature that the ordinary verifier accepted.
  ///
  /// A share says nothing under another list than its signer's, so shares are only judged once all lists are the same.
  ///
  /// - Parameters:
  ///   - message: what the user asked to sign, never what a node says was signed.
  ///   - key: derived from a verified key certificate.
  /// - Throws: ``AggregationFailure``.
  public static func combine(
    _ contributions: [SigningContribution], message: [UInt8], key: DerivedPublicKey<S.Group>, quorum: PartySet
  ) throws(AggregationFailure) -> [UInt8] where S: CertifiedSchnorrSuite {
    let byParty = try exactlyOne(of: quorum, contributions)
    let elsewhere = byParty.filter { $0.value.commitments.quorum != quorum }.keys.sorted()
    guard elsewhere.isEmpty else { throw .culprits(elsewhere) }
    let disputes = disputes(in: byParty)
    guard disputes.isEmpty, let list = contributions.first?.commitments else { throw .disputes(disputes) }
    let transcript: SigningTranscript<S>
    do {
      transcript = try SigningTranscript(publicKey: key.publicKey, message: message, commitments: list)
    } catch {
      throw .noTranscript(error)
    }
    return try transcript.aggregate(contributions.map(\.share), key: key)
  }

  private static func exactlyOne(
    of quorum: PartySet, _ contributions: [SigningContribution]
  ) throws(AggregationFailure) -> [PartyID: SigningContribution] {
    var byParty: [PartyID: SigningContribution] = [:]
    for contribution in contributions {
      let party = contribution.share.party
      guard quorum.contains(party) else { throw .unexpected(party) }
      guard byParty.updateValue(contribution, forKey: party) == nil else { throw .duplicate(party) }
    }
    let missing = quorum.filter { byParty[$0] == nil }
    guard missing.isEmpty else { throw .missing(missing) }
    return byParty
  }

  /// Every pair of signers of whom one shows other commitments for the second than the second does.
  private static func disputes(in byParty: [PartyID: SigningContribution]) -> [CommitmentDispute] {
    byParty.flatMap { reporter, contribution in
      contribution.commitments.commitments.compactMap { shown in
        shown == byParty[shown.party]?.commitments[shown.party]
          ? nil : CommitmentDispute(reporter: reporter, about: shown.party)
      }
    }.sorted { ($0.reporter, $0.about) < ($1.reporter, $1.about) }
  }
}

/// One of two signers lies: `about` showed them different commitments, or `reporter` changed what it was shown.
public struct CommitmentDispute: Sendable, Hashable {
  public let reporter: PartyID
  public let about: PartyID

  public init(reporter: PartyID, about: PartyID) {
    self.reporter = reporter
    self.about = about
  }
}
