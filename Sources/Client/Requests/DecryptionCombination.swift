import Aggregation
import Curves
import Identifiers
import IdentityEncryption
import PublicKeys
import SecretSharing
import Secrets

/// Adds any `t` good shares up to the key of one identity and opens a file's data key with it; bad shares are named and
/// left out.
///
/// The sum is tried on the ciphertext first: whatever opens it is right (see ``UnverifiedDecryptionKey``). Only when it
/// does not open are the sum and then the single shares verified.
struct DecryptionCombination: QuorumOperation {
  let certificate: KeyCertificate
  /// The network's encryption key with its verifying shares.
  let encryptionKey: DerivedPublicKey<BLS12381G1>
  let header: FileHeader
  private let decoded = Decoded<BLS12381G2.Element>()

  init(certificate: KeyCertificate, encryptionKey: DerivedPublicKey<BLS12381G1>, header: FileHeader) {
    self.certificate = certificate
    self.encryptionKey = encryptionKey
    self.header = header
  }

  var path: String { "/v1/decrypt" }

  /// One more than needed where there is one, so that a bad or slow share costs no second attempt.
  func quorumSize(available: Int, threshold: Int) -> Int { min(available, threshold + 1) }

  func combine(_ shares: [NodeID: ShareOutcome], quorum: [NodeID]) -> Combination<OpenedDataKey> {
    var blame = Blame()
    var decoded: [DecryptionShare] = []
    for (node, outcome) in shares {
      guard case .decryption(let bytes) = outcome, let member = certificate.member(node),
        let value = self.decoded.value(of: bytes, decode: { try? BLS12381G2.Element(canonicalBytes: $0) })
      else {
        blame.cheated[node] = "it answered something else than a decryption share"
        continue
      }
      decoded.append(DecryptionShare(party: member.party, value: value))
    }
    guard decoded.count >= certificate.threshold.t else { return incomplete(shares, quorum, blame) }
    if let sum = try? UnverifiedDecryptionKey(combining: decoded, for: encryptionKey),
      let dataKey = try? header.openDataKey(with: sum.value)
    {
      return .finished(.opened(dataKey), cheated: blame.cheated)
    }
    do throws(DecryptionFailure) {
      let key = try DecryptionKey(combining: decoded, identity: header.identity, key: encryptionKey)
      name(key.culprits, in: &blame)
      return .finished(open(with: key), cheated: blame.cheated)
    } catch {
      name(error.culprits, in: &blame)
      return incomplete(shares, quorum, blame)
    }
  }

  private func open(with key: DecryptionKey) -> OpenedDataKey {
    do { return .opened(try header.openDataKey(with: key.value)) } catch { return .notEncryptedToIt }
  }

  private func name(_ culprits: [PartyID], in blame: inout Blame) {
    for party in culprits {
      if let node = certificate.member(party)?.node { blame.cheated[node] = "its decryption share is wrong" }
    }
  }

  /// While enough good shares can still come, there is nothing to give up.
  private func incomplete(
    _ shares: [NodeID: ShareOutcome], _ quorum: [NodeID], _ blame: Blame
  ) -> Combination<OpenedDataKey> {
    let possible = quorum.count - blame.cheated.count
    return possible < certificate.threshold.t || shares.count == quorum.count ? .failed(blame) : .incomplete(blame)
  }
}

/// What the key of a file's identity gave; copies share the one secret.
final class OpenedDataKey: Sendable {
  private let dataKey: SecretBytes?

  private init(_ dataKey: consuming SecretBytes?) {
    self.dataKey = dataKey
  }

  static func opened(_ dataKey: consuming SecretBytes) -> OpenedDataKey { OpenedDataKey(dataKey) }

  /// The identity's key is right and the file was not encrypted to it, or was changed.
  static let notEncryptedToIt = OpenedDataKey(nil)

  func copy() -> SecretBytes? {
    switch dataKey {
    case .some(let dataKey): dataKey.clone()
    case .none: nil
    }
  }
}
