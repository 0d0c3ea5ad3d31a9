import Curves
public import SecretSharing
public import Signatures

/// The commitments of exactly one quorum, ascending by numeric identifier, each signer once (RFC 9591 section 4.3).
public struct CommitmentList<S: SchnorrCiphersuite>: Sendable, Hashable {
  public let commitments: [SigningCommitments<S>]
  public let quorum: PartySet

  /// - Throws: ``SigningInputError/unorderedCommitments`` for another order or a repeated signer,
  ///   ``SigningInputError/notTheQuorum`` unless the signers are exactly the quorum.
  public init(_ commitments: [SigningCommitments<S>], quorum: PartySet) throws(SigningInputError) {
    for (earlier, later) in zip(commitments, commitments.dropFirst()) {
      guard earlier.party < later.party else { throw .unorderedCommitments }
    }
    guard commitments.map(\.party) == quorum.parties else { throw .notTheQuorum }
    self.commitments = commitments
    self.quorum = quorum
  }

  public subscript(party: PartyID) -> SigningCommitments<S>? { commitments.first { $0.party == party } }

  /// `encode_group_commitment_list`: identifier scalar ‖ D ‖ E for each signer.
  public var encoded: [UInt8] {
    commitments.flatMap { $0.party.coordinate(in: S.Group.self).canonicalBytes + $0.encoded }
  }
}
