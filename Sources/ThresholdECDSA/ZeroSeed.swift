import Curves
import Identifiers
import Secrets
import Transcripts

/// The seed of a pair's zero sharing: what one adds to its key share in a session, the other subtracts.
struct ZeroSeed: ~Copyable, Sendable {
  static let contributionByteCount = 32

  private let seed: SecretBytes

  /// From both parties' contributions, the lower party's first; each was committed to before it saw the other.
  init(_ binding: Digest32, lower: borrowing SecretBytes, higher: borrowing SecretBytes) {
    var hash = SecretHash(.zeroSharingSeed)
    hash.append(binding.bytes)
    hash.append(lower)
    hash.append(higher)
    seed = hash.finish()
  }

  /// `PRF(seed, sid)`.
  borrowing func share(_ session: SessionID) -> SecretScalar<Secp256k1> {
    var hash = SecretHash(.zeroSharing)
    hash.append(seed)
    hash.append(session.bytes)
    return .reducing(hash.finish())
  }
}
