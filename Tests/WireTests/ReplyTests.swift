import Crypto
import Foundation
import Identifiers
import Signatures
import Testing
import Wire

@Suite struct ReplyTests {
  static let outcomes: [ReplyOutcome] = [
    .decryptionShare(Fixture.filled(5, count: 96)),
    .signatureShare(
      SignatureShareOutcome(
        commitments: [
          .init(party: 1, hiding: Fixture.filled(1), binding: Fixture.filled(2)),
          .init(party: 3, hiding: Fixture.filled(3, count: 33), binding: Fixture.filled(4, count: 33)),
        ], share: Fixture.filled(6))),
    .ecdsaShare(
      ECDSAShareOutcome(
        noncePoint: Fixture.filled(2, count: 33), u: Fixture.filled(7), w: Fixture.filled(8))),
    .failed(FailedOutcome(code: .sessionMismatch)),
  ]

  private static func seal(_ outcome: ReplyOutcome, to key: borrowing ReplyKey) throws -> SealedReply {
    let identity = try Fixture.sessionKey(3)
    let reply = try SignedReply(signing: Fixture.replyBody(outcome)) { identity.sign($0) }
    return try SealedReply(reply, to: key.publicKey)
  }

  @Test(arguments: outcomes)
  func `a reply reaches the holder of the reply key and names its signer`(outcome: ReplyOutcome) throws {
    let key = ReplyKey()
    let sealed = try SealedReply(decoding: Self.seal(outcome, to: key).encoded)
    let reply = try sealed.open(with: key, from: Fixture.replyBody().context)
    #expect(reply.body.outcome == outcome)
    #expect(reply.isSigned(by: try Fixture.sessionKey(3).publicKey))
    #expect(!reply.isSigned(by: try Fixture.sessionKey(4).publicKey))
  }

  @Test func `an ECDSA share has the sizes of its parts and nothing else`() throws {
    func body(_ point: Int, _ u: Int, _ w: Int) throws -> [UInt8] {
      try Fixture.replyBody(
        .ecdsaShare(
          ECDSAShareOutcome(
            noncePoint: Fixture.filled(2, count: point), u: Fixture.filled(7, count: u),
            w: Fixture.filled(8, count: w)))
      ).encoded
    }
    #expect(throws: Never.self) { try ReplyBody(decoding: body(33, 32, 32)) }
    for sizes in [(32, 32, 32), (33, 31, 32), (33, 32, 33), (65, 32, 32)] {
      #expect(throws: FormatError.self) { try ReplyBody(decoding: body(sizes.0, sizes.1, sizes.2)) }
    }
  }

  @Test func `suspects are ordered and named once`() throws {
    let nodes = try [3, 1, 2].map { try Fixture.entry($0).node }
    let suspicions = zip(nodes, FailedOutcome.Reason.allCases).map { FailedOutcome.Suspicion(node: $0, reason: $1) }
    let outcome = FailedOutcome(code: .peersMissing, suspects: suspicions + suspicions)
    #expect(outcome.suspects.map(\.node) == nodes.sorted())
    let body = try Fixture.replyBody(.failed(outcome))
    #expect(try ReplyBody(decoding: body.encoded) == body)
  }

  @Test func `a reply to another request, from another node or instance, or to another key does not open`() throws {
    let key = ReplyKey()
    let sealed = try Self.seal(.decryptionShare([1]), to: key)
    let context = try Fixture.replyBody().context
    let other = try Fixture.entry(1)
    let contexts = [
      ReplyContext(request: context.request, node: other.node, instance: context.instance),
      ReplyContext(request: context.request, node: context.node, instance: other.instance),
    ]
    for wrong in contexts {
      #expect(throws: ReplyRefusal.notForThisKey) { try sealed.open(with: key, from: wrong) }
    }
    let stranger = ReplyContext(request: .zero, node: context.node, instance: context.instance)
    #expect(throws: ReplyRefusal.wrongContext) { try sealed.open(with: key, from: stranger) }
    let wrongKey = ReplyKey()
    #expect(throws: ReplyRefusal.notForThisKey) { try sealed.open(with: wrongKey, from: context) }
  }

  @Test func `a changed byte anywhere in the sealed reply is noticed`() throws {
    let key = ReplyKey()
    let context = try Fixture.replyBody().context
    let sealed = try key.publicKey.seal(Array("reply".utf8), to: context)
    #expect(try key.open(sealed, from: context) == Array("reply".utf8))
    for place in sealed.indices {
      var changed = sealed
      changed[place] ^= 1
      #expect(throws: SealingFailure.self) { try key.open(changed, from: context) }
    }
    for count in 0..<sealed.count {
      #expect(throws: SealingFailure.self) { try key.open(Array(sealed.prefix(count)), from: context) }
    }
  }

  @Test func `a node that seals one node's body under its own context is found out`() throws {
    let key = ReplyKey()
    let identity = try Fixture.sessionKey(3)
    let reply = try SignedReply(signing: Fixture.replyBody()) { identity.sign($0) }
    let other = try Fixture.entry(1)
    let context = ReplyContext(request: reply.body.request, node: other.node, instance: other.instance)
    let sealed = try key.publicKey.seal(reply.encoded, to: context)
    let text = #"{"requestID":"\#(reply.body.request)","reply":"\#(Base64URL.encode(sealed))"}"#
    let received = try SealedReply(decoding: Array(text.utf8))
    #expect(throws: ReplyRefusal.wrongContext) { try received.open(with: key, from: context) }
  }

  @Test func `sealing is RFC 9180 with the suite and info of the specification`() throws {
    let secret = Curve25519.KeyAgreement.PrivateKey()
    let context = try Fixture.replyBody().context
    let sealed = try ReplyPublicKey(bytes: Array(secret.publicKey.rawRepresentation)).seal([1, 2, 3], to: context)
    var recipient = try HPKE.Recipient(
      privateKey: secret,
      ciphersuite: HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .chaChaPoly),
      info: Data("quorate/reply/v1".utf8),
      encapsulatedKey: Data(sealed.prefix(32)))
    #expect(try Array(recipient.open(sealed.dropFirst(32), authenticating: context.associatedData)) == [1, 2, 3])
  }

  /// The points of order 1, 2, 4 and 8 in every encoding that X25519 reads as one of them (the top bit is ignored).
  static let smallOrder = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ]

  @Test(arguments: smallOrder)
  func `P33 a reply key to which everybody could open replies is refused`(text: String) throws {
    #expect(throws: FormatError.invalid("replyKey")) { try ReplyPublicKey(bytes: Hex.decode(text)) }
    // What the list of them is about: whoever agrees on a secret with such a point gets zero.
    let point = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: Hex.decode(text))
    let product = try Curve25519.KeyAgreement.PrivateKey().sharedSecretFromKeyAgreement(with: point)
    let isZero = unsafe product.withUnsafeBytes { unsafe $0.allSatisfy { $0 == 0 } }
    #expect(isZero)
  }

  static let bodyEdits: [(String, String)] = [
    (#""epoch":7"#, #""epoch":7,"x":1"#), (#"{"decryptionShare":"AQI"}"#, #"{"decryptionShare":"AQI","failed":{}}"#),
    (#"{"decryptionShare":"AQI"}"#, "{}"), (#"{"decryptionShare":"AQI"}"#, #"{"result":"AQI"}"#),
    (#"{"decryptionShare":"AQI"}"#, #"{"decryptionShare":"\#(String(repeating: "A", count: 132))"}"#),
    (#"{"decryptionShare":"AQI"}"#, #"{"failed":{"code":"teapot","message":"","suspects":[]}}"#),
    (
      #"{"decryptionShare":"AQI"}"#,
      #"{"signatureShare":{"commitments":[{"party":2,"hiding":"","binding":""},{"party":1,"hiding":"","binding":""}],"share":""}}"#
    ),
    (
      #"{"decryptionShare":"AQI"}"#,
      #"{"signatureShare":{"commitments":[{"party":65536,"hiding":"","binding":""}],"share":""}}"#
    ),
  ]

  @Test(arguments: bodyEdits)
  func `T13 a reply body that differs in one place is refused`(original: String, replacement: String) throws {
    let text = String(decoding: try Fixture.replyBody().encoded, as: UTF8.self)
    #expect(text.contains(original))
    let edited = text.replacing(original, with: replacement, maxReplacements: 1)
    #expect(throws: FormatError.self) { try ReplyBody(decoding: Array(edited.utf8)) }
  }
}
