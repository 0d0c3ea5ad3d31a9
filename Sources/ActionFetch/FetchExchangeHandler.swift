internal import NIOCore
internal import NIOHTTP1

/// An answer before anybody looked at what it means.
struct FetchAnswer: Sendable {
  var head: HTTPResponseHead
  var body: [UInt8]
}

/// Sends one request when the connection is ready and collects its answer.
final class FetchExchangeHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let request: HTTPRequestHead
  private let requestBody: [UInt8]?
  private let limit: Int
  private let promise: EventLoopPromise<FetchAnswer>
  private var answer: FetchAnswer?
  private var isOver = false

  /// - Parameter promise: is kept in every case.
  init(_ request: HTTPRequestHead, body: [UInt8]?, limit: Int, promise: EventLoopPromise<FetchAnswer>) {
    self.request = request
    requestBody = body
    self.limit = limit
    self.promise = promise
  }

  func channelActive(context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(.head(request)), promise: nil)
    if let requestBody {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: requestBody)))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isOver else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      guard answer == nil, (200...599).contains(head.status.code) else { return end(.malformed, context) }
      answer = FetchAnswer(head: head, body: [])
    case .body(let part):
      guard let count = answer?.body.count else { return end(.malformed, context) }
      guard part.readableBytes <= limit - count else { return end(.tooLarge, context) }
      answer?.body += part.readableBytesView
    case .end:
      guard let answer else { return end(.malformed, context) }
      isOver = true
      promise.succeed(answer)
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(.connection, context)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(error is HTTPParserError ? .malformed : .connection, context)
  }

  private func end(_ failure: FetchFailure, _ context: ChannelHandlerContext) {
    guard !isOver else { return }
    isOver = true
    promise.fail(failure)
    context.close(promise: nil)
  }
}
