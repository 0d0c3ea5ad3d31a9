/// A fixed-size byte string with one canonical text form and a type of its own for every meaning.
///
/// Two identifiers of different kinds never mix: `NetworkID` and `KeyID` are both 32 bytes and not interchangeable.
public struct Identifier<Kind: IdentifierKind>: Sendable, Hashable {
  /// Exactly `Kind.byteCount` bytes.
  public let bytes: [UInt8]

  /// - Throws: ``IdentifierError/wrongLength`` unless there are exactly `Kind.byteCount` bytes.
  public init(bytes: some Collection<UInt8>) throws(IdentifierError) {
    let copy = [UInt8](bytes)
    guard copy.count == Kind.byteCount else { throw .wrongLength(expected: Kind.byteCount) }
    self.bytes = copy
  }

  /// Accepts the canonical text form only; see ``IdentifierTextForm``.
  public init(text: String) throws(IdentifierError) {
    switch Kind.textForm {
    case .hex:
      try self.init(bytes: Hex.decode(text))
    case .prefixedHex:
      guard text.utf8.starts(with: "0x".utf8) else { throw .notCanonical }
      try self.init(bytes: Hex.decode(text.utf8.dropFirst(2)))
    case .base64URL:
      try self.init(bytes: Base64URL.decode(text))
    }
  }

  /// The canonical text form.
  public var text: String {
    switch Kind.textForm {
    case .hex: Hex.encode(bytes)
    case .prefixedHex: "0x" + Hex.encode(bytes)
    case .base64URL: Base64URL.encode(bytes)
    }
  }

  /// All zero bytes; the digest before the first entry of a chain.
  public static var zero: Self { Self(unchecked: [UInt8](repeating: 0, count: Kind.byteCount)) }

  /// For bytes whose length the code fixes: a hash value, an identifier of another kind.
  package init(unchecked bytes: [UInt8]) {
    precondition(bytes.count == Kind.byteCount, "a fixed length of the caller")
    self.bytes = bytes
  }
}

extension Identifier: Comparable {
  /// Byte order, which is also the order of every canonical hex text.
  public static func < (left: Self, right: Self) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

extension Identifier: CustomStringConvertible {
  public var description: String { text }
}

/// What distinguishes one kind of identifier from another.
public protocol IdentifierKind: Sendable {
  static var byteCount: Int { get }
  static var textForm: IdentifierTextForm { get }
}

/// The one way an identifier is written as text.
public enum IdentifierTextForm: Sendable {
  /// Lower-case hexadecimal.
  case hex
  /// `0x` followed by lower-case hexadecimal.
  case prefixedHex
  /// RFC 4648 section 5 without padding.
  case base64URL
}

/// Why bytes or text are not an identifier, or not a canonical encoding.
public enum IdentifierError: Error, Sendable, Hashable {
  case wrongLength(expected: Int)
  case notCanonical
}
