import ActionNames
import Identifiers

extension Operation {
  /// `{"sign": {"key", "kind", …}}`, `{"decrypt": {"policy", "dataKeyHash"}}`, `{"execute": {"code", "parameters"}}` or
  /// `{"execute": {"action", "parameters"}}`, exactly one of them.
  init(_ value: JSONValue) throws(FormatError) {
    var outer = try JSONFields(value)
    let names = outer.remainingNames
    guard names.count == 1 else { throw .invalid("operation") }
    switch names.first.map({ Array($0.utf8) }) {
    case Array("sign".utf8):
      var fields = try outer.object("sign")
      let key: KeyID = try fields.identifier("key")
      self = .sign(key: key, content: try ContentToSign(&fields))
      try fields.finish()
    case Array("decrypt".utf8):
      var fields = try outer.object("decrypt")
      let policy = try fields.bytes("policy", limit: WireLimits.policy)
      self = .decrypt(policy: policy, dataKeyHash: try fields.identifier("dataKeyHash"))
      try fields.finish()
    case Array("execute".utf8):
      var fields = try outer.object("execute")
      if fields.has("action") {
        guard let action = try? ActionID(text: fields.string("action", limit: 64)) else { throw .invalid("action") }
        self = .executeNamed(action, parameters: try fields.bytes("parameters", limit: WireLimits.parameters))
      } else {
        let code = try fields.bytes("code", limit: WireLimits.code)
        self = .execute(code: code, parameters: try fields.bytes("parameters", limit: WireLimits.parameters))
      }
      try fields.finish()
    default:
      throw .invalid("operation")
    }
  }

  var json: JSONValue {
    switch self {
    case .sign(let key, let content):
      let members = [JSONMember("key", .text(key)), JSONMember("kind", .string(content.kind.rawValue))]
      return .object([JSONMember("sign", .object(members + content.jsonMembers))])
    case .decrypt(let policy, let dataKeyHash):
      let members = [JSONMember("policy", .base64URL(policy)), JSONMember("dataKeyHash", .text(dataKeyHash))]
      return .object([JSONMember("decrypt", .object(members))])
    case .execute(let code, let parameters):
      let members = [JSONMember("code", .base64URL(code)), JSONMember("parameters", .base64URL(parameters))]
      return .object([JSONMember("execute", .object(members))])
    case .executeNamed(let action, let parameters):
      let members = [JSONMember("action", .string(action.text)), JSONMember("parameters", .base64URL(parameters))]
      return .object([JSONMember("execute", .object(members))])
    }
  }
}

extension ContentToSign {
  init(_ fields: inout JSONFields) throws(FormatError) {
    guard let kind = SigningKind(exactly: try fields.string("kind", limit: 32)) else { throw .invalid("kind") }
    switch kind {
    case .message:
      self = .message(try fields.bytes("message", limit: WireLimits.message))
    case .file:
      let digest: Digest32 = try fields.identifier("digest")
      self = .file(digest: digest, byteCount: try fields.unsigned("length"))
    case .raw:
      self = .raw(try fields.bytes("bytes", limit: WireLimits.raw))
    case .eip191:
      self = .personalMessage(try fields.bytes("message", limit: WireLimits.personalMessage))
    case .eip712:
      self = .typedData(try fields.bytes("document", limit: WireLimits.typedData))
    case .transaction:
      self = .transaction(try fields.bytes("transaction", limit: WireLimits.transaction))
    case .psbt:
      let psbt = try fields.bytes("psbt", limit: WireLimits.psbt)
      self = .psbt(psbt, input: try fields.unsigned("input"))
    }
  }

  var jsonMembers: [JSONMember] {
    switch self {
    case .message(let message), .personalMessage(let message): [JSONMember("message", .base64URL(message))]
    case .file(let digest, let count): [JSONMember("digest", .text(digest)), JSONMember("length", JSONValue(count))]
    case .raw(let bytes): [JSONMember("bytes", .base64URL(bytes))]
    case .typedData(let document): [JSONMember("document", .base64URL(document))]
    case .transaction(let transaction): [JSONMember("transaction", .base64URL(transaction))]
    case .psbt(let psbt, let input): [JSONMember("psbt", .base64URL(psbt)), JSONMember("input", JSONValue(input))]
    }
  }
}

extension RawRepresentable where RawValue == String, Self: CaseIterable {
  /// The case whose raw value has the same bytes; `String` equality would also accept equivalent characters.
  public init?(exactly text: String) {
    guard let match = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(text.utf8) }) else { return nil }
    self = match
  }
}
