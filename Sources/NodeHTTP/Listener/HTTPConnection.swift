internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import PeerLink

/// What a request's handler knows of the connection it came by.
struct HTTPConnection: Sendable {
  let prefix: AddressPrefix
  /// Nil where there is no TLS.
  let attested: AttestedServerConnection?
}

/// Sets up each connection of a listener: room, TLS with a context of its own, HTTP/1.1, deadlines.
struct HTTPConnectionSetup: ServerChildChannel {
  typealias Respond = @Sendable (Request, HTTPConnection) async -> HTTPReply

  struct Value: ServerChildChannelValue {
    let http: HTTP1Channel.Value
    let connection: HTTPConnection
    var channel: any Channel { http.channel }
  }

  /// Nil for plain HTTP.
  let tls: AttestedServer?
  let limits: HTTPLimits
  let connections: OpenConnections
  let metrics: HTTPMetrics
  let respond: Respond

  /// A header larger than this is nobody's whom this node serves.
  private static let http = HTTP1Channel.Configuration(
    httpDecoderConfiguration: .init(maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 64))

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let prefix = AddressPrefix(channel.remoteAddress)
    if let refusal = connections.admit(channel, from: prefix) {
      metrics.refusedConnection(refusal)
      channel.close(promise: nil)
      return channel.eventLoop.makeFailedFuture(refusal)
    }
    metrics.connections(connections.count)
    channel.closeFuture.whenComplete { _ in metrics.connections(connections.count) }
    do {
      let attested = try tls?.secure(channel, timeout: .seconds(5))
      let connection = HTTPConnection(prefix: prefix, attested: attested)
      return HTTP1Channel(responder: { _, _, _ in }, configuration: Self.http)
        .setup(channel: channel, logger: logger)
        .flatMapThrowing { http in
          let pipeline = http.channel.pipeline.syncOperations
          let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
          let deadlines = HTTPDeadlines(limits: limits.deadlines) { [metrics] in metrics.cut($0) }
          try pipeline.addHandler(deadlines, position: .after(decoder))
          return Value(http: http, connection: connection)
        }
        .flatMapErrorThrowing { error in
          channel.close(promise: nil)
          throw error
        }
    } catch {
      // There is no certificate to present.
      channel.close(promise: nil)
      return channel.eventLoop.makeFailedFuture(error)
    }
  }

  func handle(value: Value, logger: Logger) async {
    let respond = respond
    let connection = value.connection
    await HTTP1Channel(
      responder: { request, writer, _ in
        let response = await respond(request, connection).response
        try await writer.write(response: response.head, body: response.body)
      }, configuration: Self.http
    ).handle(value: value.http, logger: logger)
  }
}
