import NIOCore
import NIOHTTP1

/// HTTP/1.1 over a channel whose other end is already verified; one request at a time.
struct HTTPConnection: Sendable {
  private let channel: any Channel
  /// For the `Host` header only.
  private let host: String

  /// - Parameter channel: one that ``configure(_:)`` was applied to.
  init(_ channel: any Channel, host: String) {
    self.channel = channel
    self.host = host
  }

  /// Adds the HTTP handlers; to be called on the channel's event loop.
  static func configure(_ channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
    try pipeline.addHandler(HTTPExchangeHandler())
  }

  var isActive: Bool { channel.isActive }

  func get(_ path: String, timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer {
    try await exchange(.GET, path, [], timeout)
  }

  /// Sends JSON.
  func post(_ path: String, _ body: [UInt8], timeout: Duration) async throws(ConnectionFailure) -> HTTPAnswer {
    try await exchange(.POST, path, body, timeout)
  }

  /// Does not wait until the other end noticed.
  func close() {
    channel.close(promise: nil)
  }

  private func exchange(
    _ method: HTTPMethod, _ path: String, _ body: [UInt8], _ timeout: Duration
  ) async throws(ConnectionFailure) -> HTTPAnswer {
    var headers: HTTPHeaders = ["Host": host, "Accept": "application/json"]
    if method == .POST {
      headers.add(name: "Content-Type", value: "application/json")
      headers.add(name: "Content-Length", value: String(body.count))
    }
    let promise = channel.eventLoop.makePromise(of: HTTPAnswer.self)
    let exchange = HTTPExchangeHandler.Exchange(
      head: HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers), body: body,
      timeout: TimeAmount(timeout), promise: promise)
    channel.writeAndFlush(exchange).whenFailure { _ in promise.fail(ConnectionFailure.closed) }
    do {
      return try await withTaskCancellationHandler {
        try await promise.futureResult.get()
      } onCancel: {
        // The answer to an abandoned request must not be taken for the answer to the next one.
        channel.close(promise: nil)
      }
    } catch let failure as ConnectionFailure {
      throw failure
    } catch {
      throw .closed
    }
  }
}
