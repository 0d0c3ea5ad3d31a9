internal import ActionNames
internal import Identifiers

/// Takes an operation's members one by one. What is missing or of the wrong type no honest worker sends; what is of
/// the right type and means nothing, such as a scheme nobody has, may be the action's mistake.
struct OperationInput {
  private var fields: FrameFields

  init(_ members: [JSONMember]) {
    fields = FrameFields(members)
  }

  func finish() throws(RequestProblem) {
    guard fields.isEmpty else { throw .violation(.malformedOperation) }
  }

  mutating func text(_ name: String) throws(RequestProblem) -> String {
    guard let text = fields.text(name) else { throw .violation(.malformedOperation) }
    return text
  }

  /// Nil when it is `null`.
  mutating func optionalText(_ name: String) throws(RequestProblem) -> String? {
    switch fields.take(name) {
    case .string(let text): text
    case .null: nil
    default: throw .violation(.malformedOperation)
    }
  }

  mutating func integer(_ name: String) throws(RequestProblem) -> Int64 {
    guard case .integer(let number)? = fields.take(name), number >= 0 else { throw .violation(.malformedOperation) }
    return number
  }

  /// base64url, as the worker's script writes bytes.
  mutating func bytes(_ name: String) throws(RequestProblem) -> [UInt8] {
    guard let bytes = try? Base64URL.decode(try text(name)) else { throw .violation(.malformedOperation) }
    return bytes
  }

  mutating func optionalBytes(_ name: String) throws(RequestProblem) -> [UInt8]? {
    guard let text = try optionalText(name) else { return nil }
    guard let bytes = try? Base64URL.decode(text) else { throw .violation(.malformedOperation) }
    return bytes
  }

  /// Hexadecimal as the action wrote it, `0x` or not.
  mutating func hex(_ name: String) throws(RequestProblem) -> [UInt8] {
    let text = try text(name).lowercased()
    let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
    guard !digits.isEmpty, let bytes = try? Hex.decode(String(digits)) else {
      throw .refused(OperationRefusal("\(name) must be hexadecimal"))
    }
    return bytes
  }

  mutating func scheme() throws(RequestProblem) -> SigningScheme {
    guard let scheme = SigningScheme(rawValue: try text("scheme")) else {
      throw .refused(OperationRefusal("signingScheme is none of \(Self.schemes)"))
    }
    return scheme
  }

  private static let schemes = SigningScheme.allCases.map(\.rawValue).joined(separator: ", ")

  mutating func action() throws(RequestProblem) -> ActionID {
    guard let action = try? ActionID(text: try text("action")) else {
      throw .refused(OperationRefusal("an action is named by 46 characters that begin with Qm"))
    }
    return action
  }

  mutating func token() throws(RequestProblem) -> String {
    let token = try text("token")
    guard (1...78).contains(token.utf8.count),
      token.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { throw .violation(.malformedOperation) }
    return token
  }

  /// Pairs of name and value.
  mutating func headers() throws(RequestProblem) -> [FetchHeader] {
    guard case .array(let pairs)? = fields.take("headers") else { throw .violation(.malformedOperation) }
    var headers: [FetchHeader] = []
    for pair in pairs {
      guard case .array(let parts) = pair, parts.count == 2, case .string(let name) = parts[0],
        case .string(let value) = parts[1]
      else { throw .violation(.malformedOperation) }
      headers.append(FetchHeader(name, value))
    }
    return headers
  }
}
