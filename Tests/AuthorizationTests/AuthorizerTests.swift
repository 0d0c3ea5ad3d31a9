import Authorization
import Identifiers
import Membership
import PublicKeys
import Signatures
import Testing
import Transcripts
import Wire

@Suite struct AuthorizerTests {
  @Test func `a valid order to sign becomes an operation with everything a node needs`() throws {
    let setting = try Setting()
    let order = Order()
    let request = try order.request(setting)
    let operation = try setting.authorize(order)
    #expect(operation.request == request.id)
    #expect(operation.wallet == setting.user.address)
    #expect(operation.sessionKey == setting.sessionKey.publicKey)
    #expect(operation.operationDigest == request.payload.operation.digest)
    #expect(operation.quorum == request.payload.quorum)
    #expect(operation.certificate == setting.rules.certificate)
    #expect(operation.replyKey == request.payload.replyKey)
    #expect(operation.expiresAt == setting.now.adding(seconds: 60))
    #expect(operation.keyRecord == setting.record)
    #expect(
      operation.replyContext
        == ReplyContext(
          request: request.id, node: setting.node(0), instance: try Setting.instance(0)))
    #expect(
      operation.work
        == .sign(setting.record, message: TaggedHash.encoding(.messageToSign, [Array("hello".utf8)])))
    #expect(
      operation.route
        == RouteID.derive(sessionKey: operation.sessionKey, nonce: operation.nonce, operationLabel: "sign"))
    let session = RequestSessionInputs(
      request: request.id, operationLabel: "sign", protocolName: "frost", key: setting.record.key, epoch: 1,
      certificate: setting.rules.certificate, quorum: operation.quorum, operationDigest: operation.operationDigest
    ).session
    #expect(operation.session(protocolName: "frost") == session)
  }

  @Test func `a valid order to decrypt becomes the identity its policy gives`() throws {
    let setting = try Setting()
    let dataKey = try Digest32(bytes: [UInt8](repeating: 0xee, count: 32))
    for places in [[0, 1, 2, 3], [0, 1, 2, 3, 4]] {
      let order = Order(operation: .decrypt(policy: setting.policy.bytes, dataKeyHash: dataKey), places: places)
      let operation = try setting.authorize(order)
      #expect(operation.work == .decrypt(identity: setting.policy.identity(dataKeyHash: dataKey)))
      #expect(operation.keyRecord == nil)
    }
  }

  @Test func `every other kind a record lists is allowed`() throws {
    let setting = try Setting(kinds: [.file, .raw])
    let file = ContentToSign.file(digest: .zero, byteCount: 5)
    let operation = try setting.authorize(Order(operation: .sign(key: setting.record.key, content: file)))
    let framed = try #require(file.framed)
    #expect(operation.work == .sign(setting.record, message: framed))
    let raw = try setting.authorize(Order(operation: .sign(key: setting.record.key, content: .raw([1, 2]))))
    #expect(raw.work == .sign(setting.record, message: [1, 2]))
  }

  @Test func `taproot signs 32 bytes: a hash of what is framed, or raw bytes of that length`() throws {
    let setting = try Setting(kinds: [.message, .raw], purpose: .secp256k1Taproot)
    let message = ContentToSign.message([1])
    let operation = try setting.authorize(Order(operation: .sign(key: setting.record.key, content: message)))
    let framed = try #require(message.framed)
    #expect(operation.work == .sign(setting.record, message: Digest32.sha256(of: framed).bytes))
    for count in [0, 31, 32, 33] {
      let content = ContentToSign.raw([UInt8](repeating: 1, count: count))
      let refusal = setting.refusal(Order(operation: .sign(key: setting.record.key, content: content)))
      #expect(refusal?.reason == (count == 32 ? nil : .notPermitted))
    }
  }

  @Test func `A4 a capability for every key still needs each key's record`() throws {
    let setting = try Setting()
    #expect(setting.refusal(Order(grants: [.everything(.sign)])) == nil)
    let others = Order(
      operation: .sign(key: setting.otherRecord.key, content: .message([1])), grants: [.everything(.sign)])
    #expect(setting.refusal(others)?.reason == .notPermitted)
  }
}
