import Foundation

/// Loopback TCP ports nobody listens on at this moment.
enum FreePorts {
  /// All are held until the last is found, so that they differ.
  static func find(_ count: Int) throws(CommandFailure) -> [UInt16] {
    var held: [Int32] = []
    defer { for descriptor in held { close(descriptor) } }
    var ports: [UInt16] = []
    for _ in 0..<count {
      let (descriptor, port) = try bind(port: 0)
      held.append(descriptor)
      ports.append(port)
    }
    return ports
  }

  static func isFree(_ port: UInt16) -> Bool {
    guard let (descriptor, _) = try? bind(port: port) else { return false }
    close(descriptor)
    return true
  }

  private static func bind(port: UInt16) throws(CommandFailure) -> (Int32, UInt16) {
    #if os(Linux)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    let failure = CommandFailure(
      .processProblem, "no free port on 127.0.0.1\(port == 0 ? "" : " (\(port) is taken)")",
      advice: "see who listens: ss -ltnp")
    guard descriptor >= 0 else { throw failure }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var yes: Int32 = 1
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Foundation.bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard bound else {
      close(descriptor)
      throw failure
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }
}
