import Foundation
import Synchronization

/// Loopback TCP ports nobody listens on at this moment, for nodes of one machine that keep theirs when they are started
/// again.
///
/// They lie below those a system gives to connections by itself, so that no connection takes the port of a node that is
/// down. Every process looks in another part of them, one after the other.
public enum FreePorts {
  /// Linux gives connections 32768 and above; others 49152 and above.
  static let range = 12_288..<32_768
  /// A process has so many before it comes back to its first ones.
  private static let part = 1_280

  private static let offset = Mutex(0)

  /// All are held until the last is found, so that they differ.
  public static func find(_ count: Int) throws(NoFreePort) -> [UInt16] {
    var held: [Int32] = []
    defer { for descriptor in held { close(descriptor) } }
    var ports: [UInt16] = []
    for _ in range {
      guard ports.count < count else { return ports }
      let port = next()
      guard let descriptor = bind(port) else { continue }
      held.append(descriptor)
      ports.append(port)
    }
    throw NoFreePort()
  }

  public static func isFree(_ port: UInt16) -> Bool {
    guard let descriptor = bind(port) else { return false }
    close(descriptor)
    return true
  }

  private static func next() -> UInt16 {
    let passed = offset.withLock { offset in
      defer { offset = (offset + 1) % range.count }
      return offset
    }
    let start = Int(getpid()) % (range.count / part) * part
    return UInt16(range.lowerBound + (start + passed) % range.count)
  }

  private static func bind(_ port: UInt16) -> Int32? {
    #if os(Linux)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var yes: Int32 = 1
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isBound = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Foundation.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isBound else {
      close(descriptor)
      return nil
    }
    return descriptor
  }
}

/// Somebody listens on all of them: `ss -ltnp` shows who.
public struct NoFreePort: Error, Sendable, Hashable {}
