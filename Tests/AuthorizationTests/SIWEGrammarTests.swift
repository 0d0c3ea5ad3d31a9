import Authorization
import Testing

@Suite struct SIWEGrammarTests {
  private static let valid = """
    service.org wants you to sign in with your Ethereum account:
    0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2

    I accept: https://service.org/tos

    URI: https://service.org/login
    Version: 1
    Chain ID: 1
    Nonce: 32891757
    Issued At: 2021-09-30T16:25:24Z
    Expiration Time: 2021-10-01T16:25:24Z
    Not Before: 2021-09-30T16:25:24Z
    Request ID: some%20id
    Resources:
    - ipfs://Qme7ss3ARVgxv6rXqVPiikMJ8u2NLgmgszg13pYrDKEoiu
    - https://example.com/claim.json
    """

  @Test func `a message with every field is read and written again`() throws {
    let message = try SIWEMessage(parsing: Self.valid)
    #expect(message.text == Self.valid)
    #expect(message.resources?.count == 2)
    let nothingListed = Self.valid.replacing(#/\n- .*/#, with: "")
    #expect(try SIWEMessage(parsing: nothingListed).resources == [])
    #expect(try SIWEMessage(parsing: nothingListed).text == nothingListed)
  }

  static let edits: [(String, String, SIWEError)] = [
    ("account:\n", "account:\r\n", .greeting), ("service.org wants", " wants", .greeting),
    ("service.org wants", "wants", .greeting), ("wants you", "wants  you", .greeting),
    ("wants you", "Wants you", .greeting), ("service.org wants", "ser vice.org wants", .domain),
    ("service.org wants", "service.org/path wants", .domain), ("service.org wants", "x@y@service.org wants", .domain),
    ("service.org wants", "https://service.org/ wants", .domain),
    ("service.org wants", "1a://service.org wants", .domain),
    ("0xC02aaA", "0xc02aaA", .address), ("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2", "", .address),
    ("0xC02aaA", "C02aaA", .address), ("756Cc2\n", "756Cc2 \n", .address), ("756Cc2\n\n", "756Cc2\n", .statement),
    ("I accept", "I\taccept", .statement), ("I accept", "I \u{e4}ccept", .statement),
    ("I accept", "\"I accept", .statement),
    ("tos\n\n", "tos\n", .statement), ("tos\n\n", "tos\n\n\n", .uri), ("I accept", "I\naccept", .statement),
    ("URI: ", "Uri: ", .uri), ("URI: ", "URI:", .uri), ("URI: https", "URI:  https", .uri),
    ("URI: https://service.org/login", "URI: service.org", .uri),
    ("URI: https://service.org/login", "URI: https://service.org/%zz", .uri),
    ("URI: https://service.org/login", "URI: https://service.org/a b", .uri),
    ("URI: https://service.org/login", "URI: https://[::g]/", .uri),
    ("Version: 1", "Version: 2", .version), ("Version: 1", "Version: 01", .version),
    ("Version: 1", "Version: 1 ", .version),
    ("Chain ID: 1", "Chain ID: 01", .chainID), ("Chain ID: 1", "Chain ID: +1", .chainID),
    ("Chain ID: 1", "Chain ID: ", .chainID), ("Chain ID: 1", "Chain ID: 0x1", .chainID),
    ("Chain ID: 1", "Chain ID: 18446744073709551616", .chainID), ("Chain ID: 1", "Chain ID: \u{661}", .chainID),
    ("Nonce: 32891757", "Nonce: 3289175", .nonce), ("Nonce: 32891757", "Nonce: 3289175-", .nonce),
    ("Nonce: 32891757\n", "", .nonce), ("Nonce: 32891757", "Nonce: 32891757\u{661}", .nonce),
    ("Issued At: 2021-09-30T16:25:24Z\n", "", .time), ("Issued At: 2021-09-30", "Issued At: 2021-09-31", .time),
    ("Issued At: 2021-09-30T16:25:24Z", "Issued At: 2021-09-30T16:25:60Z", .time),
    ("Issued At: 2021-09-30T16:25:24Z", "Issued At: 2021-09-30 16:25:24Z", .time),
    ("Issued At: 2021-09-30T16:25:24Z", "Issued At: 2021-09-30T16:25:24", .time),
    ("Issued At: 2021-09-30T16:25:24Z", "Issued At: 2021-09-30T16:25:24+24:00", .time),
    ("Issued At: 2021-09-30T16:25:24Z", "Issued At: 2021-09-30T16:25:24.Z", .time),
    ("Issued At: 2021-09-30T16:25:24Z", "Issued At: 1969-12-31T23:59:59Z", .time),
    ("Issued At: 2021-09-30T16:25:24Z", "Issued At: 1970-01-01T00:00:00+00:01", .time),
    ("Request ID: some%20id", "Request ID: some id", .requestID),
    ("Request ID: some%20id", "Request ID: a/b", .requestID),
    ("- ipfs:", "-  ipfs:", .resources), ("- ipfs:", "-ipfs:", .unexpectedLine), ("- ipfs:", "- :ipfs:", .resources),
    ("Resources:", "Resources: ", .unexpectedLine), ("claim.json", "claim.json\n", .unexpectedLine),
    ("claim.json", "claim.json\nExpiration Time: 2999-01-01T00:00:00Z", .unexpectedLine),
    (
      "Expiration Time: 2021-10-01T16:25:24Z\nNot Before: 2021-09-30T16:25:24Z",
      "Not Before: 2021-09-30T16:25:24Z\nExpiration Time: 2021-10-01T16:25:24Z", .unexpectedLine
    ),
    ("Not Before: 2021-09-30T16:25:24Z", "Expiration Time: 2999-01-01T00:00:00Z", .unexpectedLine),
    ("Version: 1\nChain ID: 1", "Chain ID: 1\nVersion: 1", .version),
  ]

  @Test(arguments: edits)
  func `A2 a message that differs from the grammar in one place is refused for it`(
    original: String, replacement: String, error: SIWEError
  ) {
    #expect(Self.valid.contains(original))
    let edited = Self.valid.replacing(original, with: replacement, maxReplacements: 1)
    #expect(throws: error) { try SIWEMessage(parsing: edited) }
  }

  @Test(arguments: ["", "\n", "a", String(repeating: "\n", count: 1_000)])
  func `A2 what is no message at all is refused`(text: String) {
    #expect(throws: SIWEError.greeting) { try SIWEMessage(parsing: text) }
  }

  static let uris: [(String, Bool)] = [
    ("https://a", true), ("a:", true), ("a:b", true), ("urn:recap:abc_-", true), ("mailto:a@b", true), ("a://", true),
    ("a:///p", true), ("https://u:p@[2001:db8::1]:80/a;b/c?d=/?#e?/", true), ("a://[::ffff:1.2.3.4]", true),
    ("a://[1:2:3:4:5:6:7:8]", true), ("a://[1::8]", true), ("a://[v1f.x:y]", true), ("a://%41.b", true),
    ("", false), (":a", false), ("a", false), ("//a", false), ("1a:b", false), ("a b:c", false), ("a:b c", false),
    ("a:%", false), ("a:%4", false), ("a:%4g", false), ("a:b#c#d", false), ("a:[b]", false), ("a:b\"", false),
    ("a:<b>", false), ("a:\\b", false), ("a:b\u{e9}", false), ("a://b:c", false), ("a://b:1:2", false),
    ("a://[::1", false), ("a://::1", false), ("a://[1:2:3:4:5:6:7]", false), ("a://[1:2:3:4:5:6:7:8:9]", false),
    ("a://[1::2::3]", false), ("a://[1:2:3:4:5:6:7::8]", false), ("a://[12345::]", false), ("a://[::1.2.3]", false),
    ("a://[::1.2.3.256]", false), ("a://[::1.2.3.04]", false), ("a://[1.2.3.4::]", false), ("a://[v.x]", false),
    ("a://[v1.]", false), ("a://[]", false), ("a://[::1]x", false), ("a://u@v@w", false), ("a:\n", false),
  ]

  @Test(arguments: uris)
  func `URIs are those of RFC 3986`(uri: String, isValid: Bool) {
    let text = Self.valid.replacing("https://service.org/login", with: uri, maxReplacements: 1)
    #expect(((try? SIWEMessage(parsing: text)) != nil) == isValid)
  }
}
