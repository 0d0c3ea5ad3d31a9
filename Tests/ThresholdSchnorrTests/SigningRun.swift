import Aggregation
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Signatures
import ThresholdSchnorr

/// What a whole quorum made of one order, one honest run after another's commitments.
struct SigningRun<S: CertifiedSchnorrSuite>: Sendable {
  let transcript: SigningTranscript<S>
  let contributions: [SigningContribution<S>]

  var shares: [SignatureShare<S>] { contributions.map(\.share) }

  /// All signers of the quorum commit, get the list and sign.
  init(_ message: [UInt8], by quorum: PartySet, with key: SharedKey<S>, seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let order = try SigningOrder<S>(message: message, key: key.publicKey, quorum: quorum)
    let signers = try quorum.map { party in
      Signer(try SigningNonces<S>(for: order, share: key.share(of: party), random: &random))
    }
    let list = try CommitmentList<S>(signers.map(\.commitments), quorum: quorum)
    transcript = try SigningTranscript(publicKey: key.publicKey.publicKey, message: message, commitments: list)
    contributions = try signers.map { try $0.sign(list) }
  }
}

/// Holds nonces where an array can hold them; they are gone after the first use all the same.
final class Signer<S: SchnorrCiphersuite> {
  let commitments: SigningCommitments<S>
  private var nonces: SigningNonces<S>?

  init(_ nonces: consuming SigningNonces<S>) {
    commitments = nonces.commitments
    self.nonces = consume nonces
  }

  func sign(_ list: CommitmentList<S>) throws -> SigningContribution<S> {
    guard let nonces = nonces.take() else { throw Spent() }
    return try nonces.sign(list)
  }

  struct Spent: Error {}
}
