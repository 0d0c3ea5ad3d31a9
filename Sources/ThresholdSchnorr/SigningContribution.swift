public import Aggregation
public import Signatures

/// What one signer gives the user: its share and the commitment list it signed with.
///
/// The user compares the lists of all signers before combining: a share says nothing under another list.
public struct SigningContribution<S: SchnorrCiphersuite>: Sendable, Hashable {
  public let commitments: CommitmentList<S>
  public let share: SignatureShare<S>

  public init(commitments: CommitmentList<S>, share: SignatureShare<S>) {
    self.commitments = commitments
    self.share = share
  }
}
