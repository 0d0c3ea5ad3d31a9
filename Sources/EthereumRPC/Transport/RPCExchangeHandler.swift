internal import NIOCore
internal import NIOHTTP1

/// Sends one request when the connection is ready and collects its answer, as far as answers may go.
final class RPCExchangeHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let head: HTTPRequestHead
  private let requestBody: [UInt8]
  private let limit: Int
  private let promise: EventLoopPromise<[UInt8]>
  private var answer: [UInt8]?

  /// - Parameters:
  ///   - limit: of the answer, in bytes.
  ///   - promise: is kept in every case; later results of the same exchange change nothing.
  init(_ head: HTTPRequestHead, body: [UInt8], limit: Int, promise: EventLoopPromise<[UInt8]>) {
    self.head = head
    requestBody = body
    self.limit = limit
    self.promise = promise
  }

  func channelActive(context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: requestBody)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      guard answer == nil else { return end(.malformed, context) }
      guard head.status == .ok else { return end(.status(Int(head.status.code)), context) }
      answer = []
    case .body(let part):
      guard let count = answer?.count else { return end(.malformed, context) }
      guard part.readableBytes <= limit - count else { return end(.tooLarge, context) }
      answer?.append(contentsOf: part.readableBytesView)
    case .end:
      guard let answer else { return end(.malformed, context) }
      promise.succeed(answer)
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    promise.fail(TransportFailure.closed)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(error is HTTPParserError ? .malformed : .closed, context)
  }

  private func end(_ failure: TransportFailure, _ context: ChannelHandlerContext) {
    promise.fail(failure)
    context.close(promise: nil)
  }
}
