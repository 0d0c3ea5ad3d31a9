internal import NIOCore
internal import Node

/// The part of an address that one sender cannot easily change: 24 bits of IPv4, 48 bits of IPv6.
struct AddressPrefix: Sendable, Hashable {
  private let bytes: [UInt8]

  /// As a node takes it.
  var origin: RequestOrigin { RequestOrigin(bytes) }

  init(_ address: SocketAddress?) {
    let address = Self.address(address)
    // An IPv4 sender seen through an IPv6 socket is still an IPv4 sender.
    let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
    if address.count == 4 {
      bytes = [4] + address.prefix(3)
    } else if address.starts(with: mapped) {
      bytes = [4] + address.dropFirst(mapped.count).prefix(3)
    } else {
      bytes = [6] + address.prefix(6)
    }
  }

  /// 4 or 16 bytes; none of what is not an internet address.
  private static func address(_ address: SocketAddress?) -> [UInt8] {
    guard let address else { return [] }
    // In both socket address structures the address has a fixed place.
    let place: Range<Int>
    switch address.protocol {
    case .inet: place = 4..<8
    case .inet6: place = 8..<24
    default: return []
    }
    return unsafe address.withSockAddr { pointer, count in
      guard count >= place.upperBound else { return [] }
      return unsafe Array(UnsafeRawBufferPointer(start: pointer, count: count)[place])
    }
  }
}
