/// The subset of JSON this project speaks: integers below 2⁵³ in magnitude, no fractions, no duplicate names.
public indirect enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int64)
  case string(String)
  case array([JSONValue])
  /// Members in the order they were written.
  case object([JSONMember])

  /// The largest magnitude of an integer: 2⁵³ − 1.
  public static let largestInteger: Int64 = (1 << 53) - 1
  /// How deep arrays and objects may nest.
  public static let deepestNesting = 16
}

public struct JSONMember: Sendable, Hashable {
  public let name: String
  public let value: JSONValue

  public init(_ name: String, _ value: JSONValue) {
    self.name = name
    self.value = value
  }
}

extension JSONValue {
  public init(_ number: UInt64) {
    // Values the format cannot carry become one that every reader refuses.
    self = .integer(Int64(exactly: number) ?? .max)
  }

  public init(_ number: Int) {
    self = .integer(Int64(number))
  }
}

/// Why bytes are not JSON of the accepted subset. Says nothing of what the bytes were.
public enum JSONError: Error, Sendable, Hashable {
  case tooLarge
  case invalidUTF8
  case syntax
  case tooDeep
  case duplicateName
  case numberOutOfRange
  case loneSurrogate
  case trailingBytes
}
