public import Actions
internal import Foundation
public import NIOCore
internal import NIOPosix

/// Finds the addresses of a name, once for every connection.
public protocol NameResolver: Sendable {
  /// - Parameter name: as ``FetchHost/name(_:)`` has it.
  func addresses(of name: String, on loop: any EventLoop) -> EventLoopFuture<[NetworkAddress]>
}

/// The machine's resolver, on threads of its own: a name server that answers slowly holds up other fetches only.
public struct SystemResolver: NameResolver {
  private static let threads: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 4)
    pool.start()
    return pool
  }()

  public init() {}

  public func addresses(of name: String, on loop: any EventLoop) -> EventLoopFuture<[NetworkAddress]> {
    Self.threads.runIfActive(eventLoop: loop) { Self.resolve(name) }
  }

  /// Blocks.
  private static func resolve(_ name: String) -> [NetworkAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_family = AF_UNSPEC
    unsafe hints.ai_flags = AI_ADDRCONFIG
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var first: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(name, nil, &hints, &first) == 0, let first = unsafe first else { return [] }
    defer { unsafe freeaddrinfo(first) }
    var addresses: [NetworkAddress] = []
    var next: UnsafeMutablePointer<addrinfo>? = unsafe first
    while let entry = unsafe next {
      if let address = unsafe address(in: entry.pointee) { addresses.append(address) }
      unsafe next = entry.pointee.ai_next
    }
    return addresses
  }

  /// The address in a `sockaddr_in` or `sockaddr_in6` (RFC 3493 section 3.3), by its place in there: a build of the module
  /// as a whole takes the members of these structures for those of a module that nobody can import.
  private static func address(in entry: addrinfo) -> NetworkAddress? {
    let place: Range<Int>
    switch unsafe entry.ai_family {
    case AF_INET: place = 4..<8
    case AF_INET6: place = 8..<24
    default: return nil
    }
    let count = unsafe Int(entry.ai_addrlen)
    guard let socket = unsafe entry.ai_addr, count >= place.upperBound else { return nil }
    let bytes = unsafe UnsafeRawBufferPointer(start: socket, count: count)
    return NetworkAddress(bytes: unsafe Array(bytes[place]))
  }
}

extension NetworkAddress {
  /// Of exactly this address.
  func socketAddress(port: Int) throws -> SocketAddress {
    var bytes = ByteBuffer()
    switch self {
    case .v4(let number): bytes.writeInteger(number)
    case .v6(let high, let low): bytes.writeMultipleIntegers(high, low)
    }
    return try SocketAddress(packedIPAddress: bytes, port: port)
  }
}
