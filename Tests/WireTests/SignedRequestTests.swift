import Identifiers
import Signatures
import Testing
import Wire

@Suite struct SignedRequestTests {
  private static let header =
    #"{"alg":"EdDSA","typ":"quorate-request+jws","jwk":{"kty":"OKP","crv":"Ed25519","x":"KEY"}}"#

  private static func header(_ edit: (String) -> String) throws -> String {
    let key = Base64URL.encode(try Fixture.sessionKey().publicKey)
    return edit(header.replacing("KEY", with: key))
  }

  @Test func `the submission of every node reads back and verifies for that node only`() throws {
    let request = try Fixture.request()
    let builder = RequestBuilder(sessionKey: try Fixture.sessionKey())
    #expect(request.hasValidSignature)
    for (node, submission) in builder.submissions(of: request) {
      let read = try RequestSubmission(decoding: submission.encoded)
      #expect(read == submission)
      for entry in request.payload.quorum.entries {
        let isValid = read.delivery.isValid(
          of: read.request.id, node: entry.node, instance: entry.instance, sessionKey: read.request.sessionKey)
        #expect(isValid == (entry.node == node))
      }
    }
  }

  @Test func `A3 a delivery is for one request, node, instance and session key`() throws {
    let request = try Fixture.request()
    let entry = try Fixture.entry(1)
    let delivery = RequestBuilder(sessionKey: try Fixture.sessionKey()).delivery(of: request, to: entry)
    let key = request.sessionKey
    let otherInstance = try Instance(bytes: Fixture.filled(0x44))
    let otherKey = try Fixture.sessionKey(2).publicKey
    #expect(delivery.isValid(of: request.id, node: entry.node, instance: entry.instance, sessionKey: key))
    #expect(!delivery.isValid(of: .zero, node: entry.node, instance: entry.instance, sessionKey: key))
    #expect(
      !delivery.isValid(of: request.id, node: try Fixture.entry(2).node, instance: entry.instance, sessionKey: key))
    #expect(!delivery.isValid(of: request.id, node: entry.node, instance: otherInstance, sessionKey: key))
    #expect(!delivery.isValid(of: request.id, node: entry.node, instance: entry.instance, sessionKey: otherKey))
  }

  static let headerEdits: [@Sendable (String) -> String] = [
    { $0.replacing("EdDSA", with: "ES256K") },
    { $0.replacing("EdDSA", with: "none") },
    { $0.replacing(",", with: ", ") },
    { $0 + " " },
    { " " + $0 },
    { $0.replacing("\"typ\"", with: "\"crit\":[\"b64\"],\"typ\"") },
    { $0.replacing("\"typ\"", with: "\"b64\":false,\"typ\"") },
    { $0.replacing("}}", with: ",\"kid\":\"1\"}}") },
    { $0.replacing("}}", with: "},\"kid\":\"1\"}") },
    { $0.replacing("\"kty\":\"OKP\",\"crv\":\"Ed25519\"", with: "\"crv\":\"Ed25519\",\"kty\":\"OKP\"") },
    { $0.replacing("alg", with: "\\u0061lg") },
    { $0.replacing("\"x\":\"", with: "\"x\":\"A") },
    { $0.replacing("\"}}", with: "=\"}}") },
    { $0.replacing("request+jws", with: "request+JWS") },
    { _ in "{}" },
    { _ in "" },
  ]

  @Test(arguments: headerEdits.indices)
  func `T13 a protected header in any other bytes is refused`(place: Int) throws {
    let request = try Fixture.request()
    let same = try Base64URL.encode(Self.header { $0 }.utf8)
    #expect(same == request.protectedText)
    let edited = try Base64URL.encode(Self.header(Self.headerEdits[place]).utf8)
    #expect(throws: FormatError.invalid("protected")) {
      try SignedRequest(protectedText: edited, payloadText: request.payloadText, signature: request.signature)
    }
  }

  @Test func `texts with padding or trailing bits are refused though they decode alike elsewhere`() throws {
    let request = try Fixture.request()
    #expect(throws: FormatError.invalid("protected")) {
      try SignedRequest(
        protectedText: request.protectedText + "=", payloadText: request.payloadText, signature: request.signature)
    }
    #expect(throws: FormatError.invalid("payload")) {
      try SignedRequest(
        protectedText: request.protectedText, payloadText: request.payloadText + "=", signature: request.signature)
    }
    #expect(throws: FormatError.invalid("signature")) {
      try SignedRequest(
        protectedText: request.protectedText, payloadText: request.payloadText,
        signature: Array(request.signature.dropLast()))
    }
  }

  @Test func `a payload in other bytes is another request, and not signed`() throws {
    let request = try Fixture.request()
    let spaced = Base64URL.encode(Array(" ".utf8) + request.payload.encoded)
    let copy = try SignedRequest(
      protectedText: request.protectedText, payloadText: spaced, signature: request.signature)
    #expect(copy.payload == request.payload)
    #expect(copy.id != request.id)
    #expect(!copy.hasValidSignature)
  }

  static let submissionEdits: [(String, String)] = [
    (#""protected""#, #""header":{"alg":"EdDSA"},"protected""#), (#"{"request""#, #"{"requests":[],"request""#),
    (#","delivery""#, #","delivery":"","delivery""#), (#""payload""#, #""Payload""#),
  ]

  @Test(arguments: submissionEdits)
  func `T13 unprotected headers and unknown members are refused`(original: String, replacement: String) throws {
    let request = try Fixture.request()
    let builder = RequestBuilder(sessionKey: try Fixture.sessionKey())
    let submission = RequestSubmission(
      request: request, delivery: builder.delivery(of: request, to: try Fixture.entry(1)))
    let text = String(decoding: submission.encoded, as: UTF8.self)
    #expect(text.contains(original))
    let edited = text.replacing(original, with: replacement, maxReplacements: 1)
    #expect(throws: FormatError.self) { try RequestSubmission(decoding: Array(edited.utf8)) }
  }
}
