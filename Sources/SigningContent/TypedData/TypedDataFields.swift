internal import Identifiers

extension TypedData {
  /// The message's values, each with the path to it, in the order they were written.
  ///
  /// Stops at `limit` values; what is shown is never the whole reason to sign.
  func flattened(limit: Int) -> [(path: String, value: String)] {
    var fields: [(path: String, value: String)] = []
    Self.flatten(message, "message", &fields, limit)
    return fields
  }

  private static func flatten(
    _ value: JSONValue, _ path: String, _ fields: inout [(path: String, value: String)], _ limit: Int
  ) {
    guard fields.count < limit else { return }
    switch value {
    case .object(let members):
      for member in members { flatten(member.value, path + "." + member.name, &fields, limit) }
    case .array(let values):
      for (place, value) in values.enumerated() { flatten(value, "\(path)[\(place)]", &fields, limit) }
    case .string(let text): fields.append((path, text))
    case .integer(let number): fields.append((path, String(number)))
    case .bool(let flag): fields.append((path, flag ? "true" : "false"))
    case .null: break
    }
  }
}
