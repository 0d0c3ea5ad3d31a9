import Foundation
import Synchronization

/// The smallest HTTP server there is: answers GETs on a free port of this machine, one after the other, for a demo that
/// needs somebody to ask.
final class LoopbackPages: Sendable {
  struct Request: Sendable, Equatable {
    /// With its query.
    var path: String
    /// By lower-case names.
    var headers: [String: String]
  }

  struct Answer: Sendable {
    var status = 200
    var body: [UInt8]
  }

  private static let headLimit = 16 << 10
  /// How long a client may take for its request, in seconds.
  private static let patience = 2

  let port: UInt16
  private let isStopped = Atomic(false)
  private let requests = Mutex(0)

  /// - Throws: `CommandFailure` when nothing can be listened on.
  init(_ answer: @escaping @Sendable (Request) -> Answer) throws(CommandFailure) {
    guard let (descriptor, port) = Self.listen() else {
      throw CommandFailure(.processProblem, "no port of 127.0.0.1 can be listened on")
    }
    self.port = port
    // The calls block, so they stay off the threads tasks run on.
    Thread.detachNewThread { [self] in
      while !isStopped.load(ordering: .acquiring) {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waited, 1, 50) > 0 else { continue }
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { continue }
        Self.serve(connection, answer)
        requests.withLock { $0 += 1 }
        close(connection)
      }
      close(descriptor)
    }
  }

  /// How many were answered.
  var count: Int { requests.withLock(\.self) }

  /// Nobody is answered from a moment later on.
  func stop() {
    isStopped.store(true, ordering: .releasing)
  }

  private static func serve(_ connection: Int32, _ answer: (Request) -> Answer) {
    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    unsafe setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    var head: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4 << 10)
    while head.count <= headLimit, head.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(connection, $0.baseAddress, $0.count, 0) }
      guard count > 0 else { return }
      head += buffer.prefix(count)
    }
    guard let request = parse(head) else { return }
    let answer = answer(request)
    var bytes =
      (Array(
        """
        HTTP/1.1 \(answer.status) Answer\r
        Content-Type: application/octet-stream\r
        Content-Length: \(answer.body.count)\r
        Connection: close\r
        \r

        """.utf8) + answer.body)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe send(connection, $0.baseAddress, $0.count, noSignal) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Nil for anything but a GET.
  static func parse(_ bytes: [UInt8]) -> Request? {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = (lines.first ?? "").split(separator: " ")
    guard words.count == 3, words[0] == "GET" else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return Request(path: String(words[1]), headers: headers)
  }

  private static func listen() -> (descriptor: Int32, port: UInt16)? {
    #if os(Linux)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe bind(descriptor, address, size) == 0 && Foundation.listen(descriptor, 16) == 0
          && getsockname(descriptor, address, &size) == 0
      }
    }
    guard isListening else {
      close(descriptor)
      return nil
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  #if os(Linux)
    private static let noSignal = Int32(MSG_NOSIGNAL)
  #else
    private static let noSignal: Int32 = 0
  #endif
}
