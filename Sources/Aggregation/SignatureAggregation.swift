import Curves
public import PublicKeys
import SecretSharing
public import Signatures

extension SigningTranscript where S: CertifiedSchnorrSuite {
  /// Adds the quorum's shares up to the finished signature (RFC 9591 section 5.3), which the ordinary verifier of the
  /// scheme has accepted when this returns.
  ///
  /// Single shares are looked at only when the sum is wrong; then every wrong one is named.
  public func aggregate(
    _ shares: [SignatureShare<S>], key: DerivedPublicKey<S.Group>
  ) throws(AggregationFailure) -> [UInt8] {
    guard key.publicKey == publicKey, key.purpose == S.purpose else { throw .wrongKey }
    let byParty = try Self.exactly(quorum, shares)
    let sum = byParty.values.reduce(S.Group.Scalar.zero) { $0 + $1.response }
    let signature = S.signatureBytes(groupCommitment: groupCommitment, response: sum)
    guard !S.isValid(signature: signature, message: message, publicKey: publicKey) else { return signature }
    let culprits = byParty.values.filter { !holds($0, key) }.map(\.party).sorted()
    throw culprits.isEmpty ? .inconsistent : .culprits(culprits)
  }

  private func holds(_ share: SignatureShare<S>, _ key: DerivedPublicKey<S.Group>) -> Bool {
    guard let verifyingShare = try? key.verifyingShare(of: share.party),
      let isValid = try? share.isValid(in: self, verifyingShare: verifyingShare)
    else { return false }
    return isValid
  }

  /// One share of every member of the quorum and nobody else's.
  private static func exactly(
    _ quorum: PartySet, _ shares: [SignatureShare<S>]
  ) throws(AggregationFailure) -> [PartyID: SignatureShare<S>] {
    var byParty: [PartyID: SignatureShare<S>] = [:]
    for share in shares {
      guard quorum.parties.contains(share.party) else { throw .unexpected(share.party) }
      guard byParty.updateValue(share, forKey: share.party) == nil else { throw .duplicate(share.party) }
    }
    let missing = quorum.parties.filter { byParty[$0] == nil }
    guard missing.isEmpty else { throw .missing(missing) }
    return byParty
  }
}
