import Foundation

/// The smallest HTTP client there is: one GET to a port of this machine, for the nodes' admin listeners.
enum LoopbackHTTP {
  struct Answer: Sendable, Equatable {
    var status: Int
    var body: [UInt8]
  }

  static let sizeLimit = 1 << 20

  /// nil when nobody answers within the time limit, or answers something else than HTTP.
  static func get(port: UInt16, path: String, seconds: Int = 2) async -> Answer? {
    await withCheckedContinuation { continuation in
      // The calls block, so they stay off the threads tasks run on.
      DispatchQueue.global().async {
        continuation.resume(returning: fetch(port: port, path: path, seconds: seconds))
      }
    }
  }

  private static func fetch(port: UInt16, path: String, seconds: Int) -> Answer? {
    guard let descriptor = connectedSocket(port, seconds) else { return nil }
    defer { close(descriptor) }
    let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n".utf8)
    guard LoopbackSocket.send(request, to: descriptor) else { return nil }
    var response: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while response.count <= sizeLimit {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      response += buffer.prefix(count)
    }
    return parse(response)
  }

  /// Reads a response that ends with its connection. Bodies in chunks are not understood.
  static func parse(_ response: [UInt8]) -> Answer? {
    guard let end = response.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let head = String(decoding: response[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = (head.first ?? "").split(separator: " ")
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]),
      !head.contains(where: { $0.lowercased().hasPrefix("transfer-encoding:") })
    else { return nil }
    return Answer(status: status, body: Array(response[end.upperBound...]))
  }

  private static func connectedSocket(_ port: UInt16, _ seconds: Int) -> Int32? {
    guard let descriptor = LoopbackSocket.open() else { return nil }
    LoopbackSocket.setPatience(of: descriptor, seconds: seconds)
    let address = LoopbackSocket.address(port: port)
    let connected = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard connected else {
      close(descriptor)
      return nil
    }
    return descriptor
  }
}
