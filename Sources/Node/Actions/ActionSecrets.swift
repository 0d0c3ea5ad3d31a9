internal import Actions
internal import Aggregation
internal import Authorization
internal import Curves
internal import Foundation
internal import Identifiers
internal import IdentityEncryption
internal import KeyGeneration
internal import PublicKeys
internal import SecretSharing
internal import Secrets
internal import ThresholdBLS
internal import Transcripts
internal import Wire

/// Data an action encrypts to a policy of this network, and data it has the quorum open.
///
/// What is encrypted has the form of an encrypted file, so users encrypt for actions and open what actions encrypted.
extension ActionSessions {
  /// Needs no other node; randomised, so each node has another ciphertext.
  func encrypt(_ order: EncryptionOrder, by caller: ActionCaller) async throws(OperationRefusal) -> EncryptedData {
    let policy = try GivenPolicy(order.conditions)
    let certificate = try serving().keys.certificate
    var random = SystemRandom()
    let sealed: [UInt8]
    do {
      var encryptor = try FileEncryptor(
        policy: policy.bytes, network: certificate.network, certificateDigest: certificate.digest,
        publicKey: certificate.encryptionKey().publicKey, from: &random)
      let header = encryptor.header.encoded
      let body = try encryptor.update(order.plaintext)
      sealed = try header + body + encryptor.finish()
    } catch {
      throw OperationRefusal("encryption failed")
    }
    return EncryptedData(
      ciphertext: Data(sealed).base64EncodedString(), dataHash: Digest32.sha256(of: order.plaintext).text)
  }

  func decrypt(_ order: DecryptionOrder, by caller: ActionCaller) async throws(OperationRefusal) -> [UInt8]? {
    guard order.authSig == nil else { throw .othersAuthSig }
    let policy = try GivenPolicy(order.conditions)
    let (header, sealed) = try Self.opened(order.ciphertext)
    let serving = try serving()
    let certificate = serving.keys.certificate
    guard header.network == certificate.network, header.certificateDigest == certificate.digest else {
      throw OperationRefusal("this was encrypted to other keys than this network's")
    }
    guard policy.isMet(by: header.policy) else {
      throw OperationRefusal("this was encrypted under other conditions")
    }
    let authorized = try authorized(
      .decrypt(policy: header.policy, dataKeyHash: header.dataKeyHash), caller, serving)
    guard case .decrypt(let identity) = authorized.work, identity == header.identity else { throw .notPermitted }
    let sharing = ActionExchange(signing: try sharing(authorized, caller, serving))
    guard let share = try? serving.keys.encryptionShare() else { throw OperationRefusal("decryption failed") }
    let own = ActionShare(bytes: DecryptionShare(identity: identity, share: share).encoded)
    let plaintext: [UInt8]
    do throws(FailedExchange) {
      let shares: [PartyID: ActionShare]
      if order.isForLeaderOnly {
        guard let told = try await sharing.tell(run.leader, own) else { return nil }
        shares = told
      } else {
        shares = Dictionary(try await sharing.run(own).map { ($0.party, $0.message) }) { first, _ in first }
      }
      plaintext = try Self.open(sealed, header, with: shares, certificate, authorized)
    } catch {
      throw failures.refusal("decryption", error, of: caller)
    }
    guard Digest32.sha256(of: plaintext).text == order.dataHash.lowercased() else {
      throw OperationRefusal("what was encrypted is not what dataToEncryptHash names")
    }
    return plaintext
  }

  /// What the policy says of the user of this request and of the action that asks.
  func checkConditions(
    _ check: ConditionCheck, by caller: ActionCaller
  ) async throws(OperationRefusal) -> Bool {
    guard check.authSig == nil else { throw .othersAuthSig }
    let policy = try GivenPolicy(check.conditions).policy
    let action = try caller.named
    return policy.allows(run.wallet) || policy.allows(action)
  }

  private static func opened(_ ciphertext: String) throws(OperationRefusal) -> (FileHeader, sealed: [UInt8]) {
    guard let file = Data(base64Encoded: ciphertext) else { throw OperationRefusal("ciphertext is not base64") }
    var reader = FileHeaderReader()
    guard let read = try? reader.read(Array(file)) else {
      throw OperationRefusal("ciphertext is not something encrypted to this network")
    }
    return (read.header, read.rest)
  }

  /// The sum of the shares is tried on the ciphertext first, as a user does; only if it does not open are they judged
  /// one by one.
  private static func open(
    _ sealed: [UInt8], _ header: FileHeader, with shares: [PartyID: ActionShare], _ certificate: KeyCertificate,
    _ authorized: AuthorizedOperation
  ) throws(FailedExchange) -> [UInt8] {
    guard let quorum = QuorumParties(authorized, certificate), let key = try? certificate.encryptionKey() else {
      throw .ours
    }
    var decoded: [DecryptionShare] = []
    for (party, share) in shares {
      guard let share = try? DecryptionShare(party: party, encoded: share.bytes) else {
        throw .cheated([party], quorum)
      }
      decoded.append(share)
    }
    if let sum = try? UnverifiedDecryptionKey(combining: decoded, for: key),
      let plaintext = try? decrypted(sealed, header, with: sum.value)
    {
      return plaintext
    }
    do throws(DecryptionFailure) {
      let verified = try DecryptionKey(combining: decoded, identity: header.identity, key: key)
      if let plaintext = try? decrypted(sealed, header, with: verified.value) { return plaintext }
    } catch {
      throw .cheated(error.culprits, quorum)
    }
    // The key is right: what was encrypted is damaged, and it is nobody's fault here.
    throw FailedExchange(outcome: FailedOutcome(code: .invalidRequest))
  }

  private static func decrypted(
    _ sealed: [UInt8], _ header: FileHeader, with key: BLS12381G2.Element
  ) throws -> [UInt8] {
    var decryptor = try FileDecryptor(header: header, dataKey: header.openDataKey(with: key))
    let start = try decryptor.update(sealed)
    return try start + decryptor.finish()
  }
}

/// Conditions as an action gives them: a policy as an object, or its exact bytes as a text.
private struct GivenPolicy {
  let bytes: [UInt8]
  let policy: DecryptionPolicy

  init(_ json: String) throws(OperationRefusal) {
    var bytes = Array(json.utf8)
    // A text is longer where it is quoted.
    if case .string(let text)? = try? JSONValue(parsing: bytes, limit: 8 * WireLimits.policy) {
      bytes = Array(text.utf8)
    }
    do {
      policy = try DecryptionPolicy(decoding: bytes)
    } catch {
      throw OperationRefusal(
        #"conditions are a policy of this network: {"version":1,"anyOf":[{"wallet":"0x…"},{"action":"Qm…"}]}"#)
    }
    self.bytes = bytes
  }

  /// Whether these bytes, in whatever spelling, are the same policy.
  func isMet(by other: [UInt8]) -> Bool {
    guard let other = try? DecryptionPolicy(decoding: other) else { return false }
    return other.wallets == policy.wallets && other.actions == policy.actions
  }
}

extension OperationRefusal {
  fileprivate static var othersAuthSig: OperationRefusal {
    OperationRefusal("authSig is not provided by this network: whose request runs the action is who asks")
  }
}
