import Authorization
import Identifiers
import Membership
import PublicKeys
import Signatures
import Testing
import Wire

@Suite struct PermissionTests {
  @Test func `step 5 A11 unknown, foreign, unlisted and ungranted are one and the same refusal`() throws {
    let setting = try Setting()
    let content = ContentToSign.message([1])
    let unknown = KeyID.zero
    let strangers = try DecryptionPolicy(anyOf: [setting.other.address])
    let unlisted = ContentToSign.raw([1])
    let dataKey = Digest32.zero
    let mine = setting.record.key
    let orders: [(String, Order)] = [
      ("unknown key", Order(operation: .sign(key: unknown, content: content), grants: [.everything(.sign)])),
      (
        "key of somebody else",
        Order(operation: .sign(key: setting.otherRecord.key, content: content), grants: [.everything(.sign)])
      ),
      ("kind not listed", Order(operation: .sign(key: mine, content: unlisted))),
      ("key not granted", Order(operation: .sign(key: mine, content: content), grants: [.sign(with: unknown)])),
      (
        "other ability granted",
        Order(operation: .sign(key: mine, content: content), grants: [.everything(.decrypt), .everything(.execute)])
      ),
      (
        "policy for others",
        Order(
          operation: .decrypt(policy: strangers.bytes, dataKeyHash: dataKey), grants: [.everything(.decrypt)])
      ),
      (
        "policy not granted",
        Order(
          operation: .decrypt(policy: setting.policy.bytes, dataKeyHash: dataKey), grants: [.decrypt(under: .zero)])
      ),
      (
        "malformed policy",
        Order(
          operation: .decrypt(policy: Array("{}".utf8), dataKeyHash: dataKey), grants: [.everything(.decrypt)])
      ),
    ]
    for (name, order) in orders {
      let refusal = try #require(setting.refusal(order), "\(name)")
      #expect(refusal.reason == .notPermitted, "\(name)")
      #expect(refusal.step == .permission, "\(name)")
      #expect(
        ErrorResponse(code: refusal.code, requestID: .zero).encoded
          == ErrorResponse(code: .notPermitted, requestID: .zero).encoded, "\(name)")
    }
  }

  @Test func `step 5 the granted policy is the hash of the exact bytes`() throws {
    let setting = try Setting()
    let spaced = Wire.Operation.decrypt(policy: setting.policy.bytes + [0x20], dataKeyHash: .zero)
    #expect(setting.refusal(Order(operation: spaced))?.reason == .notPermitted)
  }

  @Test func `step 5 P37 only a kind the record lists signs, each kind for itself`() throws {
    for listed in SigningKind.allCases where KeyPurpose.ed25519Sign.signs(listed) {
      let setting = try Setting(kinds: [listed])
      let contents: [ContentToSign] = [.message([1]), .file(digest: .zero, byteCount: 1), .raw([1])]
      for content in contents {
        let refusal = setting.refusal(Order(operation: .sign(key: setting.record.key, content: content)))
        #expect((refusal == nil) == (content.kind == listed))
      }
    }
  }

  @Test func `P37 no message or file can be made to sign another meaning's bytes`() throws {
    let raw = [UInt8](repeating: 1, count: 32)
    for purpose in KeyPurpose.allCases {
      let signed = [ContentToSign.message(raw), .file(digest: try Digest32(bytes: raw), byteCount: 32)]
        .compactMap { $0.message(for: purpose) }
      #expect(!signed.contains(raw))
      #expect(Set(signed).count == signed.count)
      #expect(ContentToSign.raw(raw).message(for: purpose) == (purpose.isSigning ? raw : nil))
    }
  }

  @Test func `P25 a digest of zero modulo the order is no message of an ECDSA key`() throws {
    let order = try Hex.decode("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
    for zero in [[UInt8](repeating: 0, count: 32), order] {
      #expect(ContentToSign.raw(zero).message(for: .secp256k1ECDSA) == nil)
      #expect(ContentToSign.raw(zero).message(for: .secp256k1Taproot) == zero)
    }
    for size in [31, 33] {
      #expect(ContentToSign.raw([UInt8](repeating: 1, count: size)).message(for: .secp256k1ECDSA) == nil)
    }
  }

  @Test func `step 5 a wallet taken off the record is refused with the next view`() throws {
    var setting = try Setting()
    #expect(setting.refusal(Order()) == nil)
    let emptied = try KeyRecord(
      network: setting.founding.network, purpose: setting.record.purpose, owner: setting.user.address,
      salt: setting.record.salt, kinds: setting.record.kinds, wallets: [])
    try setting.apply(.keyRecord(emptied), by: [setting.user])
    #expect(setting.refusal(Order())?.reason == .notPermitted)
  }
}
