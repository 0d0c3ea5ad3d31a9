import ActionNames
import Identifiers
import Signatures
import Testing
import Wire

@Suite struct ExecutionOutcomeTests {
  private static let action = ActionID(of: Array("hello world\n".utf8))

  static func share(_ name: String, content: ContentToSign = .raw([1])) throws -> NamedShare {
    try NamedShare(
      name: name, key: Fixture.key(), content: content,
      share: .ecdsa(
        ECDSAShareOutcome(noncePoint: Fixture.filled(2, count: 33), u: Fixture.filled(7), w: Fixture.filled(8))))
  }

  static func outcome(
    response: String? = "é\u{0}", signatures: [NamedShare] = [], failure: ExecutionOutcome.Failure? = nil,
    logs: String = "a\n", failedOperations: [FailedOperation] = []
  ) throws -> ExecutionOutcome {
    var usage = ExecutionUsage()
    usage.signatures = 2
    usage.logBytes = 3
    return try ExecutionOutcome(
      action: action, response: response, signatures: signatures, failure: failure, logs: logs, usage: usage,
      failedOperations: failedOperations)
  }

  /// With as many suspects as there can be.
  private static func failed(_ name: String) throws -> FailedOperation {
    let suspects = try (0..<WireLimits.members).map {
      FailedOutcome.Suspicion(
        node: try NodeID(bytes: Fixture.filled(UInt8($0), count: 20)), reason: .disagreed)
    }
    return try FailedOperation(operation: name, outcome: FailedOutcome(code: .peerCheated, suspects: suspects))
  }

  @Test func `what became of an action reads back`() throws {
    let schnorr = try NamedShare(
      name: "é", key: Fixture.key(), content: .personalMessage([2]),
      share: .schnorr(
        SignatureShareOutcome(
          commitments: [.init(party: 1, hiding: Fixture.filled(1), binding: Fixture.filled(2))],
          share: Fixture.filled(3))))
    let outcomes = [
      try Self.outcome(), try Self.outcome(response: nil, logs: ""),
      try Self.outcome(signatures: [schnorr, Self.share("b"), Self.share("a")]),
      try Self.outcome(failure: .code("Uncaught Error: é")), try Self.outcome(failure: .limit(.contractCalls)),
      try Self.outcome(failure: .worker),
      try Self.outcome(failure: .worker, failedOperations: [Self.failed("sign#0"), Self.failed("call#1/sign#0")]),
    ]
    for outcome in outcomes {
      let body = try Fixture.replyBody(.execution(outcome))
      #expect(try ReplyBody(decoding: body.encoded) == body)
    }
    #expect(try Self.outcome(signatures: [Self.share("b"), Self.share("a")]).signatures.map(\.name) == ["a", "b"])
  }

  @Test func `A13 no share is in the outcome of a run that failed`() throws {
    #expect(try Self.outcome(signatures: [Self.share("a")], failure: .worker).signatures.isEmpty)
    let text = String(
      decoding: try Fixture.replyBody(.execution(Self.outcome(signatures: [Self.share("a")]))).encoded, as: UTF8.self)
    let edited = text.replacing(#""logs""#, with: #""failure":{"kind":"worker"},"logs""#)
    #expect(throws: FormatError.invalid("signatures")) { try ReplyBody(decoding: Array(edited.utf8)) }
  }

  @Test func `T13 a list of failed operations that is empty, too long or not one is refused`() throws {
    let failed = #"{"operation":"sign#0","failed":{"code":"peer_cheated","message":"","suspects":[]}}"#
    func decoded(_ list: String) throws -> ReplyBody {
      let text = String(decoding: try Fixture.replyBody(.execution(Self.outcome())).encoded, as: UTF8.self)
      return try ReplyBody(
        decoding: Array(text.replacing(#""usage""#, with: #""failedOperations":\#(list),"usage""#).utf8))
    }
    func list(_ count: Int) -> String { "[" + Array(repeating: failed, count: count).joined(separator: ",") + "]" }
    _ = try decoded(list(WireLimits.failedOperations))
    for wrong in ["[]", list(WireLimits.failedOperations + 1), "null", "[1]"] {
      #expect(throws: FormatError.self, "\(wrong)") { try decoded(wrong) }
    }
    #expect(throws: FormatError.self) { try decoded(list(1).replacing(#","suspects":[]"#, with: "")) }
  }

  @Test(arguments: [
    "", "sign", "sign#", "#0", "sign#0/", "/sign#0", "sign#0//sign#0", "sign#0/shares", "sign#-1", "sign#0x", "sign #0",
    "sign#0\n", "\u{1b}[2Jsign#0", "sign#0\u{1b}[2J", "sign#\u{0660}", "sígn#0", "sign#0\u{202e}", "sign#0#0",
  ])
  func `T13 a failed operation is called by a label of operations, which has no room for lines and escapes`(
    label: String
  ) throws {
    #expect(throws: FormatError.invalid("operation")) { try Self.failed(label) }
    let good = try Fixture.replyBody(.execution(Self.outcome(failedOperations: [Self.failed("sign#0")])))
    let text = String(decoding: good.encoded, as: UTF8.self)
    let written = String(decoding: JSONValue.string(label).serialized, as: UTF8.self)
    let edited = text.replacing(#""operation":"sign#0""#, with: #""operation":"# + written)
    #expect(edited != text)
    #expect(throws: FormatError.self) { try ReplyBody(decoding: Array(edited.utf8)) }
  }

  @Test func `labels of nested operations, and of what nodes share, name failed operations`() throws {
    for label in ["sign#0", "call#1/sign#0", "call#0/call#12/runOnce#345", "Z#007"] {
      let outcome = try Self.outcome(failedOperations: [Self.failed(label)])
      let body = try Fixture.replyBody(.execution(outcome))
      #expect(try ReplyBody(decoding: body.encoded) == body)
    }
  }

  @Test func `the largest outcome fits into a reply, and nothing larger constructs`() throws {
    let content = ContentToSign.raw(Fixture.filled(1, count: WireLimits.contentOfAction))
    let shares = try (0..<WireLimits.signaturesOfAction).map { number in
      try NamedShare(
        name: String(repeating: "\(number)", count: WireLimits.nameOfSignature), key: Fixture.key(), content: content,
        share: .schnorr(
          SignatureShareOutcome(
            commitments: (1...UInt16(WireLimits.members)).map {
              .init(party: $0, hiding: Fixture.filled(1, count: 33), binding: Fixture.filled(2, count: 33))
            }, share: Fixture.filled(3))))
    }
    func text(_ count: Int) -> String { String(repeating: "\u{1}", count: count) }
    let largest = try Self.outcome(
      response: text(WireLimits.response), signatures: shares, logs: text(WireLimits.logs),
      failedOperations: (0..<WireLimits.failedOperations).map { _ in
        try Self.failed(String(repeating: "a", count: WireLimits.nameOfOperation - 2) + "#0")
      })
    let body = try Fixture.replyBody(.execution(largest))
    #expect(body.encoded.count <= WireLimits.replyBody)
    #expect(try ReplyBody(decoding: body.encoded) == body)
    let key = try Fixture.sessionKey()
    let sealed = try SealedReply(SignedReply(signing: body) { key.sign($0) }, to: ReplyKey().publicKey)
    #expect(sealed.encoded.count <= WireLimits.body)

    let more = largest.failedOperations + [try Self.failed("b#0")]
    #expect(try Self.outcome(failedOperations: more).failedOperations == largest.failedOperations)
    #expect(throws: FormatError.invalid("operation")) {
      try Self.failed(String(repeating: "a", count: WireLimits.nameOfOperation - 1) + "#0")
    }
    #expect(throws: FormatError.invalid("response")) { try Self.outcome(response: text(WireLimits.response + 1)) }
    #expect(throws: FormatError.invalid("logs")) { try Self.outcome(logs: text(WireLimits.logs + 1)) }
    #expect(throws: FormatError.invalid("failure")) {
      try Self.outcome(failure: .code(text(WireLimits.failureText + 1)))
    }
    #expect(throws: FormatError.invalid("signatures")) { try Self.outcome(signatures: shares + [Self.share("x")]) }
    #expect(throws: FormatError.invalid("signatures")) {
      try Self.outcome(signatures: [Self.share("a"), Self.share("a")])
    }
    #expect(throws: FormatError.invalid("name")) { try Self.share(text(WireLimits.nameOfSignature + 1)) }
    #expect(throws: FormatError.invalid("sign")) {
      try Self.share("a", content: .raw(Fixture.filled(1, count: WireLimits.contentOfAction + 1)))
    }
  }

  @Test(arguments: [
    (#""action":"Qm"#, #""action":"qm"#), (#""response":""#, #""response":"_"#),
    (#""response":"w6kA""#, #""response":"ww""#),
    (#""response":"w6kA""#, #""response":"_w""#), (#""kind":"raw""#, #""kind":"decrypt""#),
    (#""share":{"ecdsaShare""#, #""share":{"decryptionShare":"AQI","ecdsaShare""#),
    (#""logBytes":3"#, #""logBytes":-3"#),
    (#""logBytes":3"#, #""logBytes":3,"x":0"#), (#""name":"YQ""#, #""name":"Yg""#),
    (#""logs":"#, #""failure":{},"logs":"#),
    (#""logs":"#, #""failure":{"kind":"limit","limit":"luck"},"logs":"#), (#""logs":"#, #""logs2":"#),
  ])
  func `T13 an outcome that differs in one place is refused`(original: String, replacement: String) throws {
    let outcome = try Self.outcome(signatures: [Self.share("a"), Self.share("b")])
    let text = String(decoding: try Fixture.replyBody(.execution(outcome)).encoded, as: UTF8.self)
    #expect(text.contains(original))
    let edited = text.replacing(original, with: replacement, maxReplacements: 1)
    #expect(throws: FormatError.self) { try ReplyBody(decoding: Array(edited.utf8)) }
  }

  @Test func `code and parameters are limited, and the largest of both fit into a request`() throws {
    let largest = Wire.Operation.execute(
      code: Fixture.filled(0x20, count: WireLimits.code), parameters: Fixture.filled(0x20, count: WireLimits.parameters)
    )
    let payload = try Fixture.payload(operation: largest)
    #expect(payload.encoded.count + 2 * WireLimits.capability + WireLimits.members * 160 <= WireLimits.payload)
    #expect(try RequestPayload(decoding: payload.encoded).operation == largest)
    let request = try RequestBuilder(sessionKey: Fixture.sessionKey()).sign(payload)
    let submission = RequestBuilder(sessionKey: try Fixture.sessionKey()).submissions(of: request).first?.submission
    #expect(try #require(submission).encoded.count <= WireLimits.body)
    for (code, parameters) in [(WireLimits.code + 1, 0), (0, WireLimits.parameters + 1)] {
      #expect(throws: FormatError.invalid("operation")) {
        try Fixture.payload(
          operation: .execute(code: Fixture.filled(0, count: code), parameters: Fixture.filled(0, count: parameters)))
      }
    }
  }
}
