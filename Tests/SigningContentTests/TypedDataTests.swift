import Identifiers
import Signatures
import SigningContent
import Testing

@Suite struct TypedDataTests {
  /// The example of EIP-712.
  static let mailDocument = """
    {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},
    {"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],
    "Person":[{"name":"name","type":"string"},{"name":"wallet","type":"address"}],
    "Mail":[{"name":"from","type":"Person"},{"name":"to","type":"Person"},{"name":"contents","type":"string"}]},
    "primaryType":"Mail",
    "domain":{"name":"Ether Mail","version":"1","chainId":1,
    "verifyingContract":"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
    "message":{"from":{"name":"Cow","wallet":"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
    "to":{"name":"Bob","wallet":"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},"contents":"Hello, Bob!"}}
    """

  static func decode(_ text: String) throws -> TypedData { try TypedData(decoding: Array(text.utf8)) }

  static func mail(replacing old: String, by new: String) throws -> TypedData {
    precondition(mailDocument.contains(old), "the test replaces nothing")
    return try decode(mailDocument.replacing(old, with: new))
  }

  @Test func `the example of EIP-712 has its published hashes`() throws {
    let data = try Self.decode(Self.mailDocument)
    #expect(data.domain.separator.text == "f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f")
    #expect(data.messageHash.text == "c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e")
    #expect(data.signingDigest.text == "be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2")
    #expect(data.domain.name == "Ether Mail")
    #expect(data.domain.chainID == UInt256(1))
    #expect(data.domain.verifyingContract?.checksumText == "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC")
  }

  @Test func `the order of members and another way to write a value change nothing`() throws {
    let digest = try Self.decode(Self.mailDocument).signingDigest
    let other = try Self.mail(replacing: "\"chainId\":1,", by: "\"chainId\":\"0x1\",")
    #expect(other.signingDigest == digest)
    let lower = try Self.mail(
      replacing: "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", by: "0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826")
    #expect(lower.signingDigest == digest)
  }

  static let refusedMail: [(String, String, TypedDataError)] = [
    ("\"contents\":\"Hello, Bob!\"", "\"contents\":\"Hello\",\"more\":1", .superfluousMember),
    (",\"contents\":\"Hello, Bob!\"", "", .missingMember),
    ("\"name\":\"Cow\",", "", .missingMember),
    ("\"name\":\"Cow\",", "\"name\":null,", .invalidValue),
    ("\"name\":\"Cow\",", "\"name\":1,", .invalidValue),
    ("\"name\":\"Cow\",", "\"name\":\"Cow\",\"n\\u0061me\":\"Dog\",", .json(.duplicateName)),
    ("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", "0xcD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", .invalidValue),
    ("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD8", .invalidValue),
    ("\"primaryType\":\"Mail\"", "\"primaryType\":\"Letter\"", .unknownType),
    ("\"primaryType\":\"Mail\"", "\"primaryType\":\"EIP712Domain\"", .malformed),
    ("\"primaryType\":\"Mail\"", "\"primaryType\":\"Mail\",\"extra\":1", .malformed),
    ("\"primaryType\":\"Mail\",", "", .malformed),
    ("\"type\":\"Person\"},{\"name\":\"to\"", "\"type\":\"Human\"},{\"name\":\"to\"", .unknownType),
    ("{\"name\":\"wallet\",\"type\":\"address\"}", "{\"name\":\"wallet\",\"type\":\"Mail\"}", .cyclicType),
    ("{\"name\":\"wallet\",\"type\":\"address\"}", "{\"name\":\"wallet\",\"type\":\"Person[]\"}", .cyclicType),
    ("{\"name\":\"wallet\",\"type\":\"address\"}", "{\"name\":\"name\",\"type\":\"address\"}", .malformed),
    ("{\"name\":\"wallet\",\"type\":\"address\"}", "{\"name\":\"a,b\",\"type\":\"address\"}", .malformed),
    ("{\"name\":\"wallet\",\"type\":\"address\"}", "{\"name\":\"wallet\",\"type\":\"address\",\"x\":1}", .malformed),
    ("\"chainId\":1,", "\"chainId\":1,\"app\":\"x\",", .superfluousMember),
    ("\"chainId\":1,", "", .missingMember),
    ("\"chainId\":1,", "\"chainId\":1.5,", .json(.numberOutOfRange)),
    ("\"chainId\":1,", "\"chainId\":-1,", .invalidValue),
    ("\"chainId\":1,", "\"chainId\":\"01\",", .invalidValue),
    ("\"chainId\":1,", "\"chainId\":\"0x01\",", .invalidValue),
    ("{\"name\":\"version\",\"type\":\"string\"}", "{\"name\":\"app\",\"type\":\"string\"}", .domain),
    ("{\"name\":\"version\",\"type\":\"string\"}", "{\"name\":\"version\",\"type\":\"bytes\"}", .domain),
    ("{\"name\":\"chainId\",\"type\":\"uint256\"}", "{\"name\":\"chainId\",\"type\":\"uint8\"}", .domain),
    (
      "{\"name\":\"chainId\",\"type\":\"uint256\"}",
      "{\"name\":\"chainId\",\"type\":\"uint256\"},{\"name\":\"name\",\"type\":\"string\"}", .malformed
    ),
    ("\"EIP712Domain\"", "\"EIP712domain\"", .domain),
  ]

  @Test(arguments: refusedMail)
  func `T13 typed data that is not exactly what its types say is refused`(
    old: String, new: String, error: TypedDataError
  ) {
    #expect(throws: error) { try Self.mail(replacing: old, by: new) }
  }

  @Test func `T13 a domain that names neither contract nor application is refused`() {
    func document(_ fields: String, _ values: String) -> String {
      #"{"types":{"EIP712Domain":["# + fields + #"],"M":[]},"primaryType":"M","domain":{"# + values
        + #"},"message":{}}"#
    }
    let chain = #"{"name":"chainId","type":"uint256"}"#
    let name = #"{"name":"name","type":"string"}"#
    let contract = #"{"name":"verifyingContract","type":"address"}"#
    #expect(throws: TypedDataError.domain) { try Self.decode(document("", "")) }
    #expect(throws: TypedDataError.domain) { try Self.decode(document(chain, #""chainId":1"#)) }
    #expect(throws: TypedDataError.domain) { try Self.decode(document(name, #""name":"""#)) }
    #expect(throws: TypedDataError.domain) {
      try Self.decode(document(chain + "," + name, #""chainId":1,"name":"a""#))
    }
    #expect(throws: Never.self) { try Self.decode(document(name + "," + chain, #""chainId":1,"name":"a""#)) }
    #expect(throws: Never.self) {
      try Self.decode(document(contract, #""verifyingContract":"0x0000000000000000000000000000000000000001""#))
    }
  }

  /// A document whose message has one field of the type.
  static func single(_ type: String, _ value: String, more: String = "") throws -> TypedData {
    try decode(
      #"{"types":{"EIP712Domain":[{"name":"name","type":"string"}],"M":[{"name":"v","type":""# + type + #""}]"# + more
        + #"},"primaryType":"M","domain":{"name":"a"},"message":{"v":"# + value + "}}")
  }

  static let accepted: [(String, String)] = [
    ("uint8", "255"), ("uint8", "\"0xff\""), ("uint8", "0"), ("int8", "-128"), ("int8", "127"), ("int8", "\"-1\""),
    ("uint256", "\"115792089237316195423570985008687907853269984665640564039457584007913129639935\""),
    ("int256", "\"-57896044618658097711785492504343953926634992332820282019728792003956564819968\""),
    ("int128", "\"-170141183460469231731687303715884105728\""),
    ("bytes1", "\"0xAb\""), ("bytes32", "\"0x" + String(repeating: "00", count: 32) + "\""), ("bytes", "\"0x\""),
    ("bool", "true"), ("string", "\"\""), ("uint8[]", "[]"), ("uint8[2]", "[1,2]"), ("uint8[2][]", "[[1,2],[3,4]]"),
    ("uint8[][1]", "[[]]"), ("address", "\"0x0000000000000000000000000000000000000000\""),
  ]

  @Test(arguments: accepted)
  func `values at the ends of their types are taken`(type: String, value: String) {
    #expect(throws: Never.self) { try Self.single(type, value) }
  }

  static let refusedValues: [(String, String)] = [
    ("uint8", "256"), ("uint8", "-1"), ("uint8", "\"0x100\""), ("uint8", "true"), ("uint8", "\"\""),
    ("uint8", "\"1 \""),
    ("uint8", "\"0x\""), ("uint8", "\"0X1\""), ("uint8", "\"1e1\""), ("uint8", "null"), ("uint8", "[1]"),
    ("int8", "128"), ("int8", "-129"), ("int8", "\"-0\""), ("int8", "\"--1\""), ("int8", "\"-0x1\""),
    ("int256", "\"57896044618658097711785492504343953926634992332820282019728792003956564819968\""),
    ("int256", "\"-57896044618658097711785492504343953926634992332820282019728792003956564819969\""),
    ("uint256", "\"115792089237316195423570985008687907853269984665640564039457584007913129639936\""),
    ("bytes1", "\"0x\""), ("bytes1", "\"0xabcd\""), ("bytes1", "\"ab\""), ("bytes", "\"0xa\""), ("bytes", "\"0xzz\""),
    ("bytes", "[1]"), ("bool", "1"), ("bool", "\"true\""), ("string", "1"), ("uint8[]", "1"), ("uint8[2]", "[1]"),
    ("uint8[2]", "[1,2,3]"), ("uint8[2][]", "[[1]]"), ("uint8[]", "[256]"), ("address", "1"),
  ]

  @Test(arguments: refusedValues)
  func `T13 a value its type does not hold is refused`(type: String, value: String) {
    #expect(throws: TypedDataError.invalidValue) { try Self.single(type, value) }
  }

  @Test(arguments: [
    "uint", "int", "uint7", "uint0", "uint264", "uint08", "int257", "bytes0", "bytes33", "bytes01", "Missing", "",
    "uint8[0]", "uint8[01]", "uint8[10000]", "uint8[-1]", "uint8[ ]", "uint8[1", "uint8]", "[]", "uint8[][][][][]",
    "uint8 ", " uint8", "a b", "1a", "byte", "string2", "address1", "a\u{e9}",
  ])
  func `T13 types that do not exist are refused`(type: String) {
    #expect(throws: TypedDataError.unknownType) { try Self.single(type, "1") }
  }

  @Test func `T13 structs cannot take the name of an atomic type`() {
    for name in ["uint8", "uint7", "uint", "bytes", "bytes99", "bool", "address", "string", "A(B", "A,B", "", "É"] {
      #expect(throws: TypedDataError.unknownType) {
        try Self.single("uint8", "1", more: #",""# + name + #"":[]"#)
      }
    }
  }

  @Test func `T11 documents beyond the bounds are refused`() {
    let types = (0..<64).map { #","T\#($0)":[]"# }.joined()
    #expect(throws: TypedDataError.tooManyTypes) { try Self.single("uint8", "1", more: types) }
    let fields = (0..<129).map { #"{"name":"f\#($0)","type":"bool"}"# }.joined(separator: ",")
    #expect(throws: TypedDataError.tooManyFields) { try Self.single("uint8", "1", more: #","T":["# + fields + "]") }
    #expect(throws: TypedDataError.json(.tooLarge)) {
      try TypedData(decoding: [UInt8](repeating: 0x20, count: TypedData.byteLimit + 1))
    }
    #expect(throws: TypedDataError.json(.tooDeep)) {
      try Self.single("uint8", String(repeating: "[", count: 20) + String(repeating: "]", count: 20))
    }
  }

  @Test func `T13 names that Unicode calls equivalent are two names`() throws {
    // U+212A KELVIN SIGN is canonically equivalent to the letter K.
    let types = #"{"types":{"EIP712Domain":[{"name":"name","type":"string"}],"M":[{"name":"K","type":"bool"}]},"#
    let rest = #""primaryType":"M","domain":{"name":"a"},"message":"#
    #expect(throws: TypedDataError.superfluousMember) {
      try Self.decode(types + rest + "{\"K\":true,\"\u{212a}\":false}}")
    }
    #expect(throws: TypedDataError.missingMember) { try Self.decode(types + rest + "{\"\u{212a}\":false}}") }
  }

  @Test func `a summary shows domain and message and lets no text hide`() throws {
    let data = try Self.mail(replacing: "Hello, Bob!", by: "a\\u202eb\\nc")
    let key = try EthereumTransactionTests.key()
    let shown = SignableContent.typedData(data).summary(for: key).map { "\($0.label): \($0.value)" }
    #expect(
      shown == [
        "typed data: Mail", "application: Ether Mail", "version: 1", "chain id: 1",
        "contract: 0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC", "message.from.name: Cow",
        "message.from.wallet: 0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", "message.to.name: Bob",
        "message.to.wallet: 0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB", "message.contents: a\\u{202e}b\\u{a}c",
      ])
  }
}
