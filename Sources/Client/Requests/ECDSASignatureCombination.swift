import Aggregation
import Curves
import Identifiers
import PublicKeys
import SecretSharing
import Wire

/// Divides the sums of exactly one quorum's shares into an ECDSA signature that the ordinary verifier accepts.
struct ECDSASignatureCombination: QuorumOperation {
  let certificate: KeyCertificate
  let key: KeyID
  /// What is signed, computed by this client from its own input.
  let digest: Digest32

  var path: String { "/v1/sign" }

  func quorumSize(available: Int, threshold: Int) -> Int { threshold }

  func combine(_ shares: [NodeID: ShareOutcome], quorum: [NodeID]) -> Combination<FinishedSignature> {
    guard quorum.allSatisfy({ shares[$0] != nil }) else { return .incomplete(Blame()) }
    var blame = Blame()
    var contributions: [PartyID: ECDSAContribution] = [:]
    for node in quorum {
      guard let party = certificate.member(node)?.party else { return .failed(Blame()) }
      guard case .ecdsa(let share) = shares[node] else {
        blame.cheated[node] = "it answered something else than an ECDSA share"
        continue
      }
      guard let contribution = try? ECDSAContribution(encoded: share.noncePoint + share.u + share.w) else {
        blame.cheated[node] = "its answer is malformed"
        continue
      }
      contributions[party] = contribution
    }
    guard blame.isEmpty else { return .failed(blame) }
    return combine(contributions)
  }

  private func combine(_ contributions: [PartyID: ECDSAContribution]) -> Combination<FinishedSignature> {
    guard let parties = try? PartySet(contributions.keys),
      let derived = try? certificate.derivedKey(.secp256k1ECDSA, keyID: key, in: Secp256k1.self),
      let combination = try? ECDSACombination(digest: digest, key: derived, quorum: parties)
    else { return .failed(Blame()) }
    do throws(ECDSACombinationFailure) {
      let signature = try combination.combine(contributions)
      return .finished(
        FinishedSignature(key: key, publicKey: AnyPublicKey(ecdsa: derived), message: digest.bytes, ecdsa: signature),
        cheated: [:])
    } catch {
      return .failed(blame(for: error))
    }
  }

  /// A share cannot be judged alone. Of two signers with different nonce points one lies; where all agree on it and the
  /// signature is wrong, nobody knows who did it.
  private func blame(for failure: ECDSACombinationFailure) -> Blame {
    var blame = Blame()
    guard case .differentNoncePoints(let lists) = failure else { return blame }
    for (place, list) in lists.enumerated() {
      let pairs = lists.dropFirst(place + 1).joined().flatMap { other in list.map { ($0, other) } }
      for (first, second) in pairs {
        guard let one = certificate.member(min(first, second))?.node,
          let other = certificate.member(max(first, second))?.node
        else { continue }
        blame.contradictions.append(.init(first: one, second: other))
      }
    }
    return blame
  }
}
