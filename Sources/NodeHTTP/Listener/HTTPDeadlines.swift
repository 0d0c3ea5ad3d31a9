internal import NIOCore
internal import NIOHTTP1
internal import Wire

/// Cuts senders that take too long over a request, and senders that go on sending what was already refused.
///
/// Stands directly behind the HTTP decoder. There is no deadline for the answer: whoever makes it has one.
final class HTTPDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  struct Limits: Sendable {
    /// From the first byte of the connection, TLS included, to the end of the first request's header.
    var head = TimeAmount.seconds(10)
    /// From the end of the header to the end of the body.
    var body = TimeAmount.seconds(20)
    /// From the end of an answer to the end of the next request's header.
    var idle = TimeAmount.seconds(120)
  }

  enum Wait: String, Sendable, Hashable {
    case head, body, idle
  }

  private let limits: Limits
  private let onCut: @Sendable (Wait) -> Void
  private var unanswered = 0
  private var isReading = false
  private var hasAnswered = false
  private var timer: Scheduled<Void>?

  init(limits: Limits, onCut: @escaping @Sendable (Wait) -> Void) {
    self.limits = limits
    self.onCut = onCut
  }

  func handlerAdded(context: ChannelHandlerContext) {
    arm(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    timer = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      unanswered += 1
      isReading = true
      arm(context)
    case .body:
      break
    case .end:
      isReading = false
      arm(context)
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head) where answersEarly:
      head.headers.replaceOrAdd(name: "Connection", value: "close")
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .end where answersEarly:
      // The rest of that request is of no interest to anybody.
      context.writeAndFlush(data, promise: promise)
      context.close(promise: nil)
    case .end:
      unanswered -= 1
      hasAnswered = true
      arm(context)
      context.write(data, promise: promise)
    default:
      context.write(data, promise: promise)
    }
  }

  private var answersEarly: Bool { isReading && unanswered == 1 }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if error is HTTPParserError, unanswered == 0 { writeMalformed(context) }
    context.close(promise: nil)
  }

  private func writeMalformed(_ context: ChannelHandlerContext) {
    let body = ErrorResponse(code: .invalidRequest).encoded
    let headers: HTTPHeaders = [
      "Content-Type": "application/json", "Content-Length": String(body.count), "Connection": "close",
    ]
    let head = HTTPResponseHead(version: .http1_1, status: .badRequest, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  /// What the sender is being waited for; nil while it is this node's turn.
  private var wait: Wait? {
    switch unanswered {
    case 0: hasAnswered ? .idle : .head
    case 1: isReading ? .body : nil
    default: nil
    }
  }

  private func arm(_ context: ChannelHandlerContext) {
    timer?.cancel()
    timer = nil
    guard let wait else { return }
    let limit =
      switch wait {
      case .head: limits.head
      case .body: limits.body
      case .idle: limits.idle
      }
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { [self] in
      onCut(wait)
      context.close(promise: nil)
    }
  }
}
