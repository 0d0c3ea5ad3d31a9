import ActionNames
import Identifiers
import Membership
import PublicKeys
import SigningContent
import Wire

/// Answers the questions steps 3 and 5 ask about an order: whose signature it is, and who may do what.
///
/// Each question is work a stranger could measure. They are asked through this, so that a test can count that every
/// refusal for want of permission asked the same ones.
protocol Examiner: Sendable {
  /// Recovers the signer of `text` and compares it with the wallet the message names.
  func isSigned(_ message: SIWEMessage, _ signature: [UInt8], text: String) -> Bool
  func record(of key: KeyID, in snapshot: MembershipSnapshot) -> KeyRecord?
  func grants(_ reCap: ReCap, _ wanted: Grant) -> Bool
  /// The same without what stands for everything.
  func names(_ reCap: ReCap, _ wanted: Grant) -> Bool
  func lists(_ record: KeyRecord, _ wallet: WalletAddress) -> Bool
  func lists(_ record: KeyRecord, _ action: ActionID) -> Bool
  func allows(_ record: KeyRecord, _ kind: SigningKind) -> Bool
  func read(_ content: ContentToSign) throws(ContentError) -> ReadableContent
  /// The key itself, for content that is judged or hashed by it.
  func contentKey(of record: KeyRecord, under rules: QuorumRules) -> ContentKey?
  func permits(_ record: KeyRecord, _ content: ReadableContent, by key: ContentKey?) -> Bool
  func message(of content: ReadableContent, for purpose: KeyPurpose, by key: ContentKey?) -> [UInt8]?
  func policy(_ bytes: [UInt8]) -> DecryptionPolicy?
  func allows(_ policy: DecryptionPolicy, _ wallet: WalletAddress) -> Bool
  func allows(_ policy: DecryptionPolicy, _ action: ActionID) -> Bool
}

struct PlainExaminer: Examiner {
  func isSigned(_ message: SIWEMessage, _ signature: [UInt8], text: String) -> Bool {
    message.isSigned(signature, text: text)
  }

  func record(of key: KeyID, in snapshot: MembershipSnapshot) -> KeyRecord? { snapshot.keyRecord(key) }
  func grants(_ reCap: ReCap, _ wanted: Grant) -> Bool { reCap.covers(wanted) }
  func names(_ reCap: ReCap, _ wanted: Grant) -> Bool { reCap.names(wanted) }
  func lists(_ record: KeyRecord, _ wallet: WalletAddress) -> Bool { record.wallets.contains(wallet) }
  func lists(_ record: KeyRecord, _ action: ActionID) -> Bool { record.actions.contains(action) }
  func allows(_ record: KeyRecord, _ kind: SigningKind) -> Bool { record.kinds.contains(kind) }
  func read(_ content: ContentToSign) throws(ContentError) -> ReadableContent { try content.read() }

  func contentKey(of record: KeyRecord, under rules: QuorumRules) -> ContentKey? {
    rules.contentKey(record.key, record.purpose)
  }

  /// Without constraints every content of a listed kind; with them none that they do not read.
  func permits(_ record: KeyRecord, _ content: ReadableContent, by key: ContentKey?) -> Bool {
    guard let constraints = record.constraints else { return true }
    guard case .readable(let content, _) = content, let key else { return false }
    return constraints.permits(content, by: key) == nil
  }

  func message(of content: ReadableContent, for purpose: KeyPurpose, by key: ContentKey?) -> [UInt8]? {
    content.message(for: purpose, key: key)
  }

  func policy(_ bytes: [UInt8]) -> DecryptionPolicy? { try? DecryptionPolicy(decoding: bytes) }
  func allows(_ policy: DecryptionPolicy, _ wallet: WalletAddress) -> Bool { policy.allows(wallet) }
  func allows(_ policy: DecryptionPolicy, _ action: ActionID) -> Bool { policy.allows(action) }
}
