public import Identifiers

/// Reads the members of one object, each at most once, and refuses what nobody asked for.
public struct JSONFields: Sendable {
  private var members: [[UInt8]: JSONValue] = [:]

  public init(_ value: JSONValue) throws(FormatError) {
    guard case .object(let members) = value else { throw .notAnObject }
    for member in members { self.members[Array(member.name.utf8)] = member.value }
  }

  /// Refuses members that were not taken.
  public func finish() throws(FormatError) {
    guard members.isEmpty else { throw .unexpectedMember }
  }

  /// The names not taken yet, in byte order.
  public var remainingNames: [String] {
    members.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) }
  }

  public func has(_ name: String) -> Bool { members[Array(name.utf8)] != nil }

  public mutating func optional(_ name: String) -> JSONValue? {
    members.removeValue(forKey: Array(name.utf8))
  }

  public mutating func value(_ name: String) throws(FormatError) -> JSONValue {
    guard let value = optional(name) else { throw .missing(name) }
    return value
  }

  public mutating func object(_ name: String) throws(FormatError) -> JSONFields {
    guard case .object(let members) = try value(name) else { throw .invalid(name) }
    return try JSONFields(.object(members))
  }

  public mutating func array(_ name: String, limit: Int) throws(FormatError) -> [JSONValue] {
    guard case .array(let values) = try value(name), values.count <= limit else { throw .invalid(name) }
    return values
  }

  public mutating func string(_ name: String, limit: Int = 4096) throws(FormatError) -> String {
    guard case .string(let text) = try value(name), text.utf8.count <= limit else { throw .invalid(name) }
    return text
  }

  public mutating func bool(_ name: String) throws(FormatError) -> Bool {
    guard case .bool(let value) = try value(name) else { throw .invalid(name) }
    return value
  }

  public mutating func unsigned(_ name: String) throws(FormatError) -> UInt64 {
    guard case .integer(let value) = try value(name), let number = UInt64(exactly: value) else { throw .invalid(name) }
    return number
  }

  /// `0x` and lower-case hex of at most `limit` bytes.
  public mutating func prefixedHex(_ name: String, limit: Int) throws(FormatError) -> [UInt8] {
    let text = try string(name, limit: 2 + 2 * limit)
    guard text.utf8.starts(with: "0x".utf8), let bytes = try? Hex.decode(text.utf8.dropFirst(2)) else {
      throw .invalid(name)
    }
    return bytes
  }

  /// Base64url text of at most `limit` bytes once decoded.
  public mutating func bytes(_ name: String, limit: Int) throws(FormatError) -> [UInt8] {
    let text = try string(name, limit: limit / 3 * 4 + 4)
    guard let bytes = try? Base64URL.decode(text), bytes.count <= limit else { throw .invalid(name) }
    return bytes
  }

  /// Base64url text of exactly `count` bytes.
  public mutating func bytes(_ name: String, count: Int) throws(FormatError) -> [UInt8] {
    let bytes = try bytes(name, limit: count)
    guard bytes.count == count else { throw .invalid(name) }
    return bytes
  }

  public mutating func identifier<Kind>(
    _ name: String, as type: Identifier<Kind>.Type = Identifier<Kind>.self
  ) throws(FormatError) -> Identifier<Kind> {
    guard let identifier = try? Identifier<Kind>(text: string(name, limit: 128)) else { throw .invalid(name) }
    return identifier
  }

  public mutating func timestamp(_ name: String) throws(FormatError) -> Timestamp {
    guard let timestamp = try? Timestamp(text: string(name, limit: 20)) else { throw .invalid(name) }
    return timestamp
  }
}

/// Why well-formed JSON is not the message it should be. Names are those of our own formats, never the sender's.
public enum FormatError: Error, Sendable, Hashable {
  case json(JSONError)
  case notAnObject
  case missing(String)
  case invalid(String)
  case unexpectedMember
}

extension JSONValue {
  /// Like ``init(parsing:limit:)``, with the error of the formats built on it.
  public static func parse(_ bytes: [UInt8], limit: Int) throws(FormatError) -> JSONValue {
    do {
      return try JSONValue(parsing: bytes, limit: limit)
    } catch {
      throw .json(error)
    }
  }

  public static func base64URL(_ bytes: [UInt8]) -> JSONValue {
    .string(Base64URL.encode(bytes))
  }

  public static func text<Kind>(_ identifier: Identifier<Kind>) -> JSONValue {
    .string(identifier.text)
  }
}
