import Authorization
import Identifiers
import ProtocolTestKit
import Testing

@Suite struct ReCapTests {
  private static let key = "1111111111111111111111111111111111111111111111111111111111111111"
  private static let policy = "2222222222222222222222222222222222222222222222222222222222222222"

  private static func urn(_ json: String) -> String { "urn:recap:" + Base64URL.encode(Array(json.utf8)) }

  private static func att(_ inner: String) -> String { urn(#"{"att":{\#(inner)},"prf":[]}"#) }

  private static func grants() throws -> Set<Grant> {
    try [.sign(with: KeyID(text: key)), .decrypt(under: Digest32(text: policy)), .everything(.execute)]
  }

  @Test func `grants become this resource and this statement`() throws {
    let reCap = try ReCap(Self.grants())
    let json =
      #"{"att":{"quorate-action://*":{"quorate/execute":[{}]},"quorate-key://\#(Self.key)":{"quorate/sign":[{}]},"#
      + #""quorate-policy://\#(Self.policy)":{"quorate/decrypt":[{}]}},"prf":[]}"#
    #expect(reCap.resource == Self.urn(json))
    #expect(
      reCap.statement
        == "I further authorize the stated URI to perform the following actions on my behalf: "
        + "(1) 'quorate': 'execute' for 'quorate-action://*'. "
        + "(2) 'quorate': 'sign' for 'quorate-key://\(Self.key)'. "
        + "(3) 'quorate': 'decrypt' for 'quorate-policy://\(Self.policy)'.")
    #expect(try ReCap(resource: reCap.resource) == reCap)
  }

  @Test func `A4 a grant of one key covers that key and nothing else`() throws {
    let granted = try ReCap([.sign(with: KeyID(text: Self.key))])
    #expect(granted.covers(.sign(with: try KeyID(text: Self.key))))
    #expect(!granted.covers(.sign(with: try KeyID(text: Self.policy))))
    #expect(!granted.covers(.everything(.sign)))
    #expect(!granted.covers(.decrypt(under: try Digest32(text: Self.key))))
  }

  @Test func `A4 everything of one ability is nothing of another`() throws {
    let granted = try ReCap([.everything(.sign)])
    #expect(granted.covers(.sign(with: try KeyID(text: Self.policy))))
    #expect(!granted.covers(.decrypt(under: try Digest32(text: Self.policy))))
    #expect(!granted.covers(.everything(.decrypt)))
    #expect(!granted.covers(.everything(.execute)))
  }

  static let widenings: [(String, ReCapError)] = [
    (#""*":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""*://*":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""quorate-key:*":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""quorate-key://":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""quorate-key://1111*":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""quorate-key://*/":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""quorate-key://**":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""quorate-key://\#(key)/..":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""quorate-key://../\#(key)":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""quorate-key://0x\#(key)":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""quorate-key://\#(key.dropLast())":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""quorate-key://\#(key.dropLast())A":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""Quorate-key://\#(key)":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""quorate-key://\#(key)":{"*/*":[{}]}"#, .unknownGrant),
    (#""quorate-key://\#(key)":{"quorate/*":[{}]}"#, .unknownGrant),
    (#""quorate-key://\#(key)":{"quorate/Sign":[{}]}"#, .unknownGrant),
    (#""quorate-key://\#(key)":{"crud/sign":[{}]}"#, .unknownGrant),
    (#""quorate-key://\#(key)":{"quorate/decrypt":[{}]}"#, .unknownGrant),
    (#""quorate-policy://\#(key)":{"quorate/sign":[{}]}"#, .unknownGrant),
    (#""quorate-key://\#(key)":{"quorate/sign":[{}],"quorate/unknown":[{}]}"#, .unknownGrant),
    (#""quorate-action://Qm":{"quorate/execute":[{}]}"#, .unknownGrant),
    (#""quorate-action://Qm00000000000000000000000000000000000000000000":{"quorate/execute":[{}]}"#, .unknownGrant),
    (#""quorate-key://\#(key)":{"quorate/sign":[]}"#, .conditions),
    (#""quorate-key://\#(key)":{"quorate/sign":[{},{}]}"#, .conditions),
    (#""quorate-key://\#(key)":{"quorate/sign":[{"kind":"message"}]}"#, .conditions),
    (#""quorate-key://\#(key)":{"quorate/sign":{}}"#, .conditions),
    (#""quorate-key://\#(key)":{}"#, .notCanonical),
    ("", .grants),
  ]

  @Test(arguments: widenings)
  func `A4 a resource or ability written in any wider or other way is refused`(inner: String, error: ReCapError) {
    #expect(throws: error) { try ReCap(resource: Self.att(inner)) }
  }

  static let forms: [(String, ReCapError)] = [
    (urn(#"{"prf":[],"att":{"quorate-key://\#(key)":{"quorate/sign":[{}]}}}"#), .notCanonical),
    (urn(#"{"att":{"quorate-key://\#(key)":{"quorate/sign":[{}]}}, "prf":[]}"#), .notCanonical),
    (urn(#"{"att":{"quorate-key://\#(key)":{"quorate/sign":[{}]}}}"#), .notCanonical),
    (urn(#"{"att":{"quorate-key://\#(key)":{"quorate/sign":[{}]}},"prf":[],"x":1}"#), .notCanonical),
    (urn(#"{"att":{"quorate-key://\#(key)":{"quorate/sign":[{}]}},"prf":["bafy"]}"#), .delegated),
    (urn(#"{"att":{"a":1,"a":1},"prf":[]}"#), .notCanonical),
    (urn("[]"), .notCanonical),
    ("urn:recap:", .notCanonical),
    ("urn:recap:!", .notAReCap),
    ("urn:Recap:e30", .notAReCap),
    ("https://example.com", .notAReCap),
  ]

  @Test(arguments: forms)
  func `A4 a ReCap in any other form, or with proofs, is refused`(resource: String, error: ReCapError) {
    #expect(throws: error) { try ReCap(resource: resource) }
  }

  @Test func `A4 nothing is covered that the grants do not name, for any set of grants`() throws {
    var random = SeededRandom(seed: 4)
    let ids = try (0..<4).map { try Digest32(bytes: [UInt8](repeating: UInt8($0), count: 32)) }
    let all: [Grant] =
      ids.map { .sign(with: KeyID($0)) } + ids.map { .decrypt(under: $0) } + Ability.allCases.map { .everything($0) }
    for _ in 0..<300 {
      let chosen = Set(all.filter { _ in random.next(below: 4) == 0 })
      guard !chosen.isEmpty else { continue }
      let reCap = try ReCap(resource: ReCap(chosen).resource)
      #expect(reCap.grants == chosen)
      for wanted in all {
        let expected = chosen.contains(wanted) || chosen.contains(.everything(wanted.ability))
        #expect(reCap.covers(wanted) == expected)
      }
    }
  }

  @Test func `more grants than fit a screen are refused`() throws {
    let grants = try (0..<65).map { Grant.sign(with: try KeyID(bytes: [UInt8](repeating: UInt8($0), count: 32))) }
    #expect(throws: ReCapError.grants) { try ReCap(Set(grants)) }
  }
}
