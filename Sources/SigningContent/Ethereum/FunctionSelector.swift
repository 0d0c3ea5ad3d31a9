internal import Identifiers
internal import Signatures

/// The first four bytes of a contract call's data: Keccak-256 of the function's signature, cut.
public struct FunctionSelector: Sendable, Hashable, Comparable {
  public static let byteCount = 4

  /// Exactly four.
  public let bytes: [UInt8]

  public init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  /// `0x` and eight lower-case hex digits.
  public init?(text: String) {
    guard text.utf8.starts(with: "0x".utf8), let bytes = try? Hex.decode(text.utf8.dropFirst(2)) else { return nil }
    self.init(bytes: bytes)
  }

  init?(callData: [UInt8]) {
    self.init(bytes: Array(callData.prefix(Self.byteCount)))
  }

  /// Of a canonical signature such as `transfer(address,uint256)`.
  public init(function: String) {
    bytes = Array(Digest32.keccak256(Array(function.utf8)).bytes.prefix(Self.byteCount))
  }

  public var text: String { "0x" + Hex.encode(bytes) }

  public static func < (left: Self, right: Self) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}
