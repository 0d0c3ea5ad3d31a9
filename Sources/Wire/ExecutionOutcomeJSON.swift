import ActionNames
import Identifiers

extension ExecutionOutcome {
  /// `{"action", "response", "signatures", "failure", "logs", "usage", "failedOperations"}`; texts that an action chose
  /// are base64url of their UTF-8, so that no text is longer on the way than another. `response`, `failure` and
  /// `failedOperations` are left out when there are none.
  init(_ fields: inout JSONFields) throws(FormatError) {
    guard let action = try? ActionID(text: fields.string("action", limit: 64)) else { throw .invalid("action") }
    let response =
      try fields.has("response") ? Self.text(&fields, "response", WireLimits.response) : nil
    var signatures: [NamedShare] = []
    for value in try fields.array("signatures", limit: WireLimits.signaturesOfAction) {
      let share = try NamedShare(value)
      guard signatures.last.map({ $0.name.utf8.lexicographicallyPrecedes(share.name.utf8) }) ?? true else {
        throw .invalid("signatures")
      }
      signatures.append(share)
    }
    let failure = try fields.optional("failure").map { (value) throws(FormatError) in try Failure(value) }
    guard failure == nil || signatures.isEmpty else { throw .invalid("signatures") }
    let logs = try Self.text(&fields, "logs", WireLimits.logs)
    var usage = try fields.object("usage")
    var failedOperations: [FailedOperation] = []
    if fields.has("failedOperations") {
      for value in try fields.array("failedOperations", limit: WireLimits.failedOperations) {
        failedOperations.append(try FailedOperation(value))
      }
      guard !failedOperations.isEmpty else { throw .invalid("failedOperations") }
    }
    try self.init(
      action: action, response: response, signatures: signatures, failure: failure, logs: logs,
      usage: ExecutionUsage(&usage), failedOperations: failedOperations)
    try fields.finish()
  }

  var json: JSONValue {
    let members = [
      JSONMember("action", .string(action.text)),
      response.map { JSONMember("response", .base64URL(Array($0.utf8))) },
      JSONMember("signatures", .array(signatures.map(\.json))),
      failure.map { JSONMember("failure", $0.json) },
      JSONMember("logs", .base64URL(Array(logs.utf8))),
      JSONMember("usage", usage.json),
      failedOperations.isEmpty ? nil : JSONMember("failedOperations", .array(failedOperations.map(\.json))),
    ]
    return .object(members.compactMap(\.self))
  }

  fileprivate static func text(
    _ fields: inout JSONFields, _ name: String, _ limit: Int
  ) throws(FormatError) -> String {
    guard let text = String(validating: try fields.bytes(name, limit: limit), as: UTF8.self) else {
      throw .invalid(name)
    }
    return text
  }
}

extension ExecutionOutcome.Failure {
  fileprivate init(_ value: JSONValue) throws(FormatError) {
    var fields = try JSONFields(value)
    switch Array(try fields.string("kind", limit: 16).utf8) {
    case Array("code".utf8):
      self = .code(try ExecutionOutcome.text(&fields, "text", WireLimits.failureText))
    case Array("limit".utf8):
      guard let limit = ActionLimit(exactly: try fields.string("limit", limit: 32)) else { throw .invalid("limit") }
      self = .limit(limit)
    case Array("worker".utf8):
      self = .worker
    default:
      throw .invalid("kind")
    }
    try fields.finish()
  }

  fileprivate var json: JSONValue {
    switch self {
    case .code(let text):
      .object([JSONMember("kind", .string("code")), JSONMember("text", .base64URL(Array(text.utf8)))])
    case .limit(let limit):
      .object([JSONMember("kind", .string("limit")), JSONMember("limit", .string(limit.rawValue))])
    case .worker: .object([JSONMember("kind", .string("worker"))])
    }
  }
}

extension NamedShare {
  /// `{"name", "sign", "share"}`: what was signed as in a request, and the share as in a reply to one.
  fileprivate init(_ value: JSONValue) throws(FormatError) {
    var fields = try JSONFields(value)
    let name = try ExecutionOutcome.text(&fields, "name", WireLimits.nameOfSignature)
    var signing = try fields.object("sign")
    let key: KeyID = try signing.identifier("key")
    let content = try ContentToSign(&signing)
    try signing.finish()
    let share: Share
    switch try ReplyOutcome(fields.value("share")) {
    case .signatureShare(let outcome): share = .schnorr(outcome)
    case .ecdsaShare(let outcome): share = .ecdsa(outcome)
    case .decryptionShare, .execution, .failed: throw .invalid("share")
    }
    try fields.finish()
    try self.init(name: name, key: key, content: content, share: share)
  }

  fileprivate var json: JSONValue {
    let signing = [JSONMember("key", .text(key)), JSONMember("kind", .string(content.kind.rawValue))]
    return .object([
      JSONMember("name", .base64URL(Array(name.utf8))),
      JSONMember("sign", .object(signing + content.jsonMembers)),
      JSONMember("share", share.outcome.json),
    ])
  }
}

extension NamedShare.Share {
  fileprivate var outcome: ReplyOutcome {
    switch self {
    case .schnorr(let outcome): .signatureShare(outcome)
    case .ecdsa(let outcome): .ecdsaShare(outcome)
    }
  }
}

extension ExecutionUsage {
  private static let counters: [(String, any WritableKeyPath<ExecutionUsage, UInt64> & Sendable)] = [
    ("fetches", \.fetches), ("signatures", \.signatures), ("broadcasts", \.broadcasts),
    ("contractCalls", \.contractCalls), ("decryptions", \.decryptions), ("calls", \.calls),
    ("operations", \.operations), ("logBytes", \.logBytes),
  ]

  fileprivate init(_ fields: inout JSONFields) throws(FormatError) {
    self.init()
    for (name, path) in Self.counters { self[keyPath: path] = try fields.unsigned(name) }
    try fields.finish()
  }

  fileprivate var json: JSONValue {
    .object(Self.counters.map { JSONMember($0.0, JSONValue(self[keyPath: $0.1])) })
  }
}
