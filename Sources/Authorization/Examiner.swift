import Identifiers
import Membership
import PublicKeys
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
  func lists(_ record: KeyRecord, _ wallet: WalletAddress) -> Bool
  func allows(_ record: KeyRecord, _ kind: SigningKind) -> Bool
  func message(of content: ContentToSign, for purpose: KeyPurpose) -> [UInt8]?
  func policy(_ bytes: [UInt8]) -> DecryptionPolicy?
  func allows(_ policy: DecryptionPolicy, _ wallet: WalletAddress) -> Bool
}

struct PlainExaminer: Examiner {
  func isSigned(_ message: SIWEMessage, _ signature: [UInt8], text: String) -> Bool {
    message.isSigned(signature, text: text)
  }

  func record(of key: KeyID, in snapshot: MembershipSnapshot) -> KeyRecord? { snapshot.keyRecord(key) }
  func grants(_ reCap: ReCap, _ wanted: Grant) -> Bool { reCap.covers(wanted) }
  func lists(_ record: KeyRecord, _ wallet: WalletAddress) -> Bool { record.wallets.contains(wallet) }
  func allows(_ record: KeyRecord, _ kind: SigningKind) -> Bool { record.kinds.contains(kind) }
  func message(of content: ContentToSign, for purpose: KeyPurpose) -> [UInt8]? { content.message(for: purpose) }
  func policy(_ bytes: [UInt8]) -> DecryptionPolicy? { try? DecryptionPolicy(decoding: bytes) }
  func allows(_ policy: DecryptionPolicy, _ wallet: WalletAddress) -> Bool { policy.allows(wallet) }
}
