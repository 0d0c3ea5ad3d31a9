public import Identifiers
internal import Signatures

/// A message for `personal_sign` (EIP-191 version 0x45).
public struct PersonalMessage: Sendable, Hashable {
  public static let byteLimit = 64 << 10

  public let bytes: [UInt8]

  public init?(bytes: [UInt8]) {
    guard bytes.count <= Self.byteLimit else { return nil }
    self.bytes = bytes
  }

  public var signingDigest: Digest32 { EIP191.digest(bytes) }

  /// The message where it is printable UTF-8 text, else nil.
  public var text: String? {
    guard let text = String(validating: bytes, as: UTF8.self),
      text.unicodeScalars.allSatisfy({ !$0.properties.isDefaultIgnorableCodePoint && $0.isPrintable })
    else { return nil }
    return text
  }
}

extension Unicode.Scalar {
  /// Neither a control nor a character that moves others: what a summary may show untouched.
  var isPrintable: Bool {
    switch properties.generalCategory {
    case .control: self == "\n" || self == "\t"
    case .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
