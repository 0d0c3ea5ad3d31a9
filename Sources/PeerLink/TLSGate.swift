import NIOCore
import NIOSSL
import NIOTLS

/// Sits behind the TLS handler and says when the handshake is over, and how it ended.
final class TLSGate: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let connection: TLSConnection
  private let timeout: TimeAmount?
  private var ready: EventLoopPromise<Void>?
  private var deadline: Scheduled<Void>?

  /// - Parameter timeout: from the start of the connection; nil where somebody else watches the time.
  init(connection: TLSConnection, ready: EventLoopPromise<Void>, timeout: TimeAmount? = nil) {
    self.connection = connection
    self.ready = ready
    self.timeout = timeout
  }

  func handlerAdded(context: ChannelHandlerContext) {
    guard let timeout else { return }
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { [self] in
      guard ready != nil else { return }
      fail(.deadline, context: context)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent {
      finish(context: context, applicationProtocol: negotiated)
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func finish(context: ChannelHandlerContext, applicationProtocol: String?) {
    let chain = try? context.pipeline.syncOperations.nioSSL_peerValidatedCertificateChain()
    do throws(HandshakeRefusal) {
      try connection.finishHandshake(hasValidatedChain: chain != nil, applicationProtocol: applicationProtocol)
      succeed()
    } catch {
      fail(error, context: context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let refusal = Self.refusal(for: error)
    connection.refuse(refusal)
    fail(connection.refusal ?? refusal, context: context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    connection.refuse(.closedByPeer)
    fail(connection.refusal ?? .closedByPeer, context: context)
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    ready?.fail(connection.refusal ?? .closedByPeer)
    settle()
  }

  private func settle() {
    ready = nil
    deadline?.cancel()
    deadline = nil
  }

  private func succeed() {
    ready?.succeed()
    settle()
  }

  private func fail(_ refusal: HandshakeRefusal, context: ChannelHandlerContext) {
    connection.refuse(refusal)
    ready?.fail(refusal)
    settle()
    context.close(promise: nil)
  }

  private static func refusal(for error: any Error) -> HandshakeRefusal {
    switch error {
    case let refusal as HandshakeRefusal: refusal
    case let error as NIOSSLError where error == .uncleanShutdown: .closedByPeer
    case is IOError, is ChannelError: .closedByPeer
    default: .tls(String(describing: error))
    }
  }
}
