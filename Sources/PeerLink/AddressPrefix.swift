import Identifiers
import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What limits for strangers are counted by: an IPv4 address, or the first 64 bits of an IPv6 address, behind which one
/// stranger can have any number of addresses.
enum AddressPrefix {
  static func of(_ address: SocketAddress?) -> String {
    guard let text = address?.ipAddress else { return "unknown" }
    var bytes = [UInt8](repeating: 0, count: 16)
    // The zone behind % is not part of the address (RFC 4007 section 11).
    guard unsafe inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &bytes) == 1 else { return text }
    // An IPv4 address as a socket for both families shows it (RFC 4291 section 2.5.5.2).
    if bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] {
      return bytes.suffix(4).map { String($0) }.joined(separator: ".")
    }
    return Hex.encode(bytes.prefix(8)) + "/64"
  }
}
