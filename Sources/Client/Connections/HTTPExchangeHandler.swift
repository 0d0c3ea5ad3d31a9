import NIOCore
import NIOHTTP1
import Wire

/// Turns one request at a time into one whole answer, and ends the connection when anything is out of order.
final class HTTPExchangeHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = Exchange
  typealias OutboundOut = HTTPClientRequestPart

  struct Exchange: Sendable {
    var head: HTTPRequestHead
    var body: [UInt8]
    var timeout: TimeAmount
    var promise: EventLoopPromise<HTTPAnswer>
  }

  private struct Pending {
    var promise: EventLoopPromise<HTTPAnswer>
    var timer: Scheduled<Void>
    var status: Int?
    var keepsAlive = true
    var body: [UInt8] = []
  }

  private var pending: Pending?

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let exchange = unwrapOutboundIn(data)
    guard pending == nil else {
      // The owner sends one request at a time; a second one must not take the first one's answer.
      exchange.promise.fail(ConnectionFailure.closed)
      promise?.fail(ConnectionFailure.closed)
      return
    }
    let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    let timer = context.eventLoop.scheduleTask(in: exchange.timeout) {
      bound.value.handler.fail(.timedOut, bound.value.context)
    }
    pending = Pending(promise: exchange.promise, timer: timer)
    context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
    if !exchange.body.isEmpty {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: exchange.body)))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      guard pending != nil else { return fail(.malformed, context) }
      pending?.status = Int(head.status.code)
      pending?.keepsAlive = head.isKeepAlive
    case .body(let buffer):
      let limit = WireLimits.body
      guard let count = pending?.body.count, count + buffer.readableBytes <= limit else {
        return fail(.malformed, context)
      }
      pending?.body += buffer.readableBytesView
    case .end:
      guard let finished = pending, let status = finished.status else { return fail(.malformed, context) }
      pending = nil
      finished.timer.cancel()
      finished.promise.succeed(HTTPAnswer(status: status, body: finished.body))
      if !finished.keepsAlive { context.close(promise: nil) }
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(.closed, context)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(error is HTTPParserError ? .malformed : .closed, context)
  }

  private func fail(_ failure: ConnectionFailure, _ context: ChannelHandlerContext) {
    if let failed = pending {
      pending = nil
      failed.timer.cancel()
      failed.promise.fail(failure)
    }
    context.close(promise: nil)
  }
}
