import Foundation
internal import Identifiers

/// An IPv4 or IPv6 address.
public enum NetworkAddress: Sendable, Hashable {
  /// Four bytes as a number, the first one most significant.
  case v4(UInt32)
  /// Sixteen bytes as two numbers, most significant first.
  case v6(UInt64, UInt64)

  /// The usual text of an address: four decimal numbers without leading zeros, or RFC 4291 section 2.2. No zone, no
  /// brackets, no port.
  public init?(text: String) {
    var four = in_addr()
    var six = in6_addr()
    if unsafe inet_pton(AF_INET, text, &four) == 1 {
      self = .v4(UInt32(bigEndian: four.s_addr))
    } else if unsafe inet_pton(AF_INET6, text, &six) == 1 {
      self.init(bytes: unsafe withUnsafeBytes(of: six) { unsafe Array($0) })
    } else {
      return nil
    }
  }

  /// Four or sixteen bytes as they travel.
  public init?(bytes: [UInt8]) {
    let number = { (range: Range<Int>) in bytes[range].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    switch bytes.count {
    case 4: self = .v4(UInt32(truncatingIfNeeded: number(0..<4)))
    case 16: self = .v6(number(0..<8), number(8..<16))
    default: return nil
    }
  }
}

/// Addresses that begin with the same bits.
public struct NetworkPrefix: Sendable, Hashable {
  public let address: NetworkAddress
  public let length: Int

  /// Nil when the address has fewer bits.
  public init?(_ address: NetworkAddress, length: Int) {
    guard length >= 0, length <= (address.isV4 ? 32 : 128) else { return nil }
    self.address = address
    self.length = length
  }

  public func contains(_ other: NetworkAddress) -> Bool {
    switch (address, other) {
    case (.v4(let mine), .v4(let theirs)):
      Self.agree(UInt64(mine) << 32, UInt64(theirs) << 32, length)
    case (.v6(let high, let low), .v6(let otherHigh, let otherLow)):
      Self.agree(high, otherHigh, min(length, 64)) && Self.agree(low, otherLow, max(length - 64, 0))
    default: false
    }
  }

  /// In their first `count` bits of 64.
  private static func agree(_ left: UInt64, _ right: UInt64, _ count: Int) -> Bool {
    count == 0 || (left ^ right) >> UInt64(64 - count) == 0
  }
}

extension NetworkPrefix {
  /// An address, a slash, and a length in decimal: `10.0.0.0/8`.
  public init?(text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = NetworkAddress(text: String(parts[0])), let length = UInt8(parts[1]),
      String(length) == parts[1]
    else { return nil }
    self.init(address, length: Int(length))
  }

  public var text: String { "\(address.text)/\(length)" }
}

extension NetworkAddress {
  /// As ``init(text:)`` reads it; IPv6 without abbreviation.
  public var text: String {
    switch self {
    case .v4(let number):
      (0..<4).map { String((number >> UInt32(24 - 8 * $0)) & 0xff) }.joined(separator: ".")
    case .v6(let high, let low):
      [high, low].flatMap { half in (0..<4).map { String((half >> UInt64(48 - 16 * $0)) & 0xffff, radix: 16) } }
        .joined(separator: ":")
    }
  }

  var isV4: Bool {
    if case .v4 = self { return true }
    return false
  }
}
