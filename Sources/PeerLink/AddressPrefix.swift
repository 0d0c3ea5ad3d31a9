import Identifiers
import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What limits for strangers are counted by: an IPv4 address, or the 64 bits of an IPv6 address one household has.
enum AddressPrefix {
  static func of(_ address: SocketAddress?) -> String {
    guard let text = address?.ipAddress else { return "unknown" }
    var bytes = [UInt8](repeating: 0, count: 16)
    // A scope behind % is not part of the address.
    guard unsafe inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &bytes) == 1 else { return text }
    // IPv4 in IPv6 clothes.
    if bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] {
      return bytes.suffix(4).map { String($0) }.joined(separator: ".")
    }
    return Hex.encode(bytes.prefix(8)) + "/64"
  }
}
