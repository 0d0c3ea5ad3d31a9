import Aggregation
import Curves
import Identifiers
import PublicKeys
import SecretSharing

/// Adds any `t` good shares up to the key of one identity; bad ones are named and left out.
struct DecryptionCombination: QuorumOperation {
  let certificate: KeyCertificate
  /// The network's encryption key with its verifying shares.
  let encryptionKey: DerivedPublicKey<BLS12381G1>
  let identity: [UInt8]

  var path: String { "/v1/decrypt" }

  /// One more than needed where there is one, so that a bad or slow share costs no second attempt.
  func quorumSize(available: Int, threshold: Int) -> Int { min(available, threshold + 1) }

  func combine(_ shares: [NodeID: ShareOutcome], quorum: [NodeID]) -> Combination<DecryptionKey> {
    var blame = Blame()
    var decoded: [DecryptionShare] = []
    for (node, outcome) in shares {
      guard case .decryption(let bytes) = outcome, let member = certificate.member(node),
        let share = try? DecryptionShare(party: member.party, encoded: bytes)
      else {
        blame.cheated[node] = "it answered something else than a decryption share"
        continue
      }
      decoded.append(share)
    }
    guard decoded.count >= certificate.threshold.t else { return incomplete(shares, quorum, blame) }
    do throws(DecryptionFailure) {
      let key = try DecryptionKey(combining: decoded, identity: identity, key: encryptionKey)
      name(key.culprits, in: &blame)
      return .finished(key, cheated: blame.cheated)
    } catch {
      name(error.culprits, in: &blame)
      return incomplete(shares, quorum, blame)
    }
  }

  private func name(_ culprits: [PartyID], in blame: inout Blame) {
    for party in culprits {
      if let node = certificate.member(party)?.node { blame.cheated[node] = "its decryption share is wrong" }
    }
  }

  /// While enough good shares can still come, there is nothing to give up.
  private func incomplete(
    _ shares: [NodeID: ShareOutcome], _ quorum: [NodeID], _ blame: Blame
  ) -> Combination<DecryptionKey> {
    let possible = quorum.count - blame.cheated.count
    return possible < certificate.threshold.t || shares.count == quorum.count ? .failed(blame) : .incomplete(blame)
  }
}
