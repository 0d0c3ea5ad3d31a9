import ActionNames
import Identifiers
import Testing
import Wire

@Suite struct RequestDecodingTests {
  private static func text() throws -> String { String(decoding: try Fixture.payload().encoded, as: UTF8.self) }

  private static func decode(_ text: String) throws -> RequestPayload {
    try RequestPayload(decoding: Array(text.utf8))
  }

  @Test func `a payload reads back, in any order of members and with white space`() throws {
    let payload = try Fixture.payload()
    #expect(try RequestPayload(decoding: payload.encoded) == payload)
    let moved = try "{ \"epoch\" : 7 ," + Self.text().replacing(",\"epoch\":7", with: "").dropFirst()
    #expect(try Self.decode(moved) == payload)
  }

  @Test(arguments: [
    Wire.Operation.sign(key: .zero, content: .raw([1, 2, 3])),
    Wire.Operation.sign(key: .zero, content: .personalMessage([1, 2])),
    Wire.Operation.sign(key: .zero, content: .typedData(Array("{}".utf8))),
    Wire.Operation.sign(key: .zero, content: .transaction([2, 0xc0])),
    Wire.Operation.sign(key: .zero, content: .psbt([1, 2, 3], input: 7)),
    .sign(key: .zero, content: .file(digest: .zero, byteCount: 9_007_199_254_740_991)),
    .sign(key: .zero, content: .message([])),
    .decrypt(policy: [0x7b, 0x7d], dataKeyHash: .zero),
    .execute(code: Array("1;".utf8), parameters: [0x7b, 0x7d]),
    .execute(code: [], parameters: []),
    .executeNamed(ActionID(of: []), parameters: [0x7b, 0x7d]),
  ])
  func `every operation reads back`(operation: Wire.Operation) throws {
    let payload = try Fixture.payload(operation: operation)
    #expect(try RequestPayload(decoding: payload.encoded).operation == operation)
  }

  /// What is replaced in the valid payload, and by what.
  static let mutations: [(String, String, FormatError)] = [
    (#""epoch":7"#, #""epoch":"7""#, .invalid("epoch")),
    (#""epoch":7"#, #""epoch":-7"#, .invalid("epoch")),
    (#""epoch":7"#, #""epoch":7.0"#, .json(.numberOutOfRange)),
    (#""epoch":7"#, #""epoch":7,"epoch":7"#, .json(.duplicateName)),
    (#""epoch":7"#, #""epoch":7,"extra":7"#, .unexpectedMember),
    (#""epoch":7,"#, "", .missing("epoch")),
    (#""epoch""#, #""Epoch""#, .missing("epoch")),
    ("aaaaaaaa\",", "aaaaaaaA\",", .invalid("network")),
    ("aaaaaaaa\",", "aaaaaa\",", .invalid("network")),
    (#""node":"0x01"#, #""node":"0x04"#, .invalid("quorum")),
    ("0x0202020202020202020202020202020202020202", "0x0101010101010101010101010101010101010101", .invalid("quorum")),
    ("0x0202020202020202020202020202020202020202", "0X0202020202020202020202020202020202020202", .invalid("node")),
    (#"EhISEhI"}"#, #"EhISEhJ"}"#, .invalid("instance")),
    (#"EhISEhI"}"#, #"EhISEhI="}"#, .invalid("instance")),
    (#"EhISEhI"}"#, #"EhISEhI","party":1}"#, .unexpectedMember),
    (#""sign":{"#, #""execute":{"#, .missing("code")),
    (#""sign":{"#, #""execute":{"code":"AA","#, .missing("parameters")),
    (#""sign":{"#, #""execute":{"code":"AA","parameters":"AA","#, .unexpectedMember),
    (#""sign":{"#, #""execute":{"code":"AB","parameters":"","#, .invalid("code")),
    (#""sign":{"#, #""execute":{"action":"Qm","#, .invalid("action")),
    (#""sign":{"#, #""execute":{"code":"AA","action":"\#(ActionID(of: []))","parameters":"","#, .unexpectedMember),
    (#""sign":{"#, #""run":{"#, .invalid("operation")),
    (#""sign":{"#, #""Sign":{"#, .invalid("operation")),
    (#""operation":{"#, #""operation":{"decrypt":{},"#, .invalid("operation")),
    (#""kind":"message""#, #""kind":"execute""#, .invalid("kind")),
    (#""kind":"message""#, #""kind":"transaction""#, .missing("transaction")),
    (#""kind":"message""#, #""kind":"eip712""#, .missing("document")),
    (#""kind":"message""#, #""kind":"psbt""#, .missing("psbt")),
    (#""kind":"message""#, #""kind":"psbt","psbt":"AA""#, .missing("input")),
    (#""kind":"message""#, #""kind":"psbt","psbt":"AA","input":-1"#, .invalid("input")),
    (#""kind":"message""#, #""kind":"raw""#, .missing("bytes")),
    (#""kind":"message""#, #""kind":"message","digest":"00""#, .unexpectedMember),
    (#""message":"aGVsbG8""#, #""message":"aGVsbG9""#, .invalid("message")),
    (#""message":"aGVsbG8""#, #""message":"aGVsbG8=""#, .invalid("message")),
    (#""message":"aGVsbG8""#, #""message":"hello!""#, .invalid("message")),
    ("CQkJCQk\"", "CQkJCQ\"", .invalid("replyKey")),
    ("ODw\"", "ODwA\"", .invalid("nonce")),
    ("05:11:07Z", "05:11:08Z", .invalid("expiresAt")),
    ("05:11:07Z", "05:06:07Z", .invalid("expiresAt")),
    ("05:11:07Z", "05:06:06Z", .invalid("expiresAt")),
    ("05:11:07Z", "05:11:07.000Z", .invalid("expiresAt")),
    ("05:11:07Z", "05:11:07+00:00", .invalid("expiresAt")),
    (#""siwe":"text""#, #""siwe":"""#, .invalid("siwe")),
    (#""siwe":"text""#, #""siwe":"text","address":"0x00""#, .unexpectedMember),
    (#""0xcd"#, #""0xCD"#, .invalid("signature")),
    (#""0xcd"#, #""cd"#, .invalid("signature")),
    (#""0xcd"#, #""0x"#, .invalid("signature")),
  ]

  @Test(arguments: mutations)
  func `T13 a payload that differs in one place is refused for it`(
    original: String, replacement: String, error: FormatError
  ) throws {
    let text = try Self.text()
    #expect(text.contains(original))
    let mutated = text.replacing(original, with: replacement, maxReplacements: 1)
    #expect(throws: error) { try Self.decode(mutated) }
  }

  /// Of a contract wallet, which wants a view.
  private static func contractText() throws -> String {
    let block = BlockReference(number: 7_000, hash: try Digest32(bytes: [UInt8](repeating: 0xab, count: 32)))
    let payload = try Fixture.payload(
      capability: Capability(siwe: "text", signature: [0xef], block: block), registryNumber: 90)
    #expect(try RequestPayload(decoding: payload.encoded) == payload)
    return String(decoding: payload.encoded, as: UTF8.self)
  }

  @Test(
    arguments: [
      (#""0xef""#, #""0x""#, .invalid("signature")),
      (#""0xef""#, "\"0x\(String(repeating: "ef", count: WireLimits.contractSignature + 1))\"", .invalid("signature")),
      (#""number":7000"#, #""number":-1"#, .invalid("number")),
      (#""number":7000"#, #""number":"7000""#, .invalid("number")),
      (#""number":7000,"#, "", .missing("number")),
      (#""number":7000"#, #""number":7000,"moment":1"#, .unexpectedMember),
      (#""hash":"0xab"#, #""hash":"ab"#, .invalid("hash")),
      (#""hash":"0xab"#, #""hash":"0xAB"#, .invalid("hash")),
      (#""hash":"0xab"#, #""hash":"0x"#, .invalid("hash")),
      (#""registryNumber":90"#, #""registryNumber":-90"#, .invalid("registryNumber")),
      (#""registryNumber":90"#, #""registryNumber":null"#, .invalid("registryNumber")),
      (#""registryNumber":90"#, #""registryNumber":9007199254740992"#, .json(.numberOutOfRange)),
    ] as [(String, String, FormatError)])
  func `A9 a contract's capability that differs in one place is refused for it`(
    original: String, replacement: String, error: FormatError
  ) throws {
    let text = try Self.contractText()
    #expect(text.contains(original))
    #expect(throws: error) { try Self.decode(text.replacing(original, with: replacement, maxReplacements: 1)) }
  }

  @Test func `A9 without a block a signature is a key's, of its one length`() throws {
    #expect(throws: FormatError.invalid("signature")) { try Capability(siwe: "text", signature: [1]) }
    #expect(throws: FormatError.invalid("block")) {
      try Fixture.payload(
        capability: Capability(
          siwe: "text", signature: [1], block: BlockReference(number: 1 << 53, hash: .zero)))
    }
    let largest = [UInt8](repeating: 1, count: WireLimits.contractSignature)
    let block = BlockReference(number: (1 << 53) - 1, hash: .zero)
    let payload = try Fixture.payload(capability: Capability(siwe: "text", signature: largest, block: block))
    #expect(try RequestPayload(decoding: payload.encoded) == payload)
  }

  @Test func `contents over their limits are refused`() throws {
    let big = [UInt8](repeating: 0, count: WireLimits.raw + 1)
    #expect(throws: FormatError.invalid("operation")) {
      try Fixture.payload(operation: .sign(key: .zero, content: .raw(big)))
    }
    #expect(throws: FormatError.invalid("operation")) {
      let message = [UInt8](repeating: 0, count: WireLimits.message + 1)
      _ = try Fixture.payload(operation: .sign(key: .zero, content: .message(message)))
    }
    #expect(throws: FormatError.invalid("quorum")) {
      try Quorum((0...WireLimits.members).map { try Fixture.entry(UInt8($0)) })
    }
    #expect(throws: FormatError.invalid("quorum")) { try Quorum([]) }
    let largest = [UInt8](repeating: 7, count: WireLimits.message)
    let payload = try Fixture.payload(operation: .sign(key: .zero, content: .message(largest)))
    let request = try RequestBuilder(sessionKey: Fixture.sessionKey()).sign(payload)
    let (_, submission) = try #require(RequestBuilder(sessionKey: Fixture.sessionKey()).submissions(of: request).first)
    #expect(submission.encoded.count <= WireLimits.body)
    #expect(try RequestSubmission(decoding: submission.encoded) == submission)
  }
}
