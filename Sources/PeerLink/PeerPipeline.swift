import NIOCore
import NIOSSL

/// One connection with its TLS and frame handlers in place, and the promise that TLS is complete.
struct PeerPipeline: Sendable {
  static let applicationProtocol = "quorate-peer/1"

  let channel: NIOAsyncChannel<ByteBuffer, Never>
  let tls: TLSConnection
  let ready: EventLoopFuture<Void>
  let frameLimit: FrameLimit

  /// On the event loop of the channel, before it is active.
  init(_ channel: any Channel, side: TLSConnection.Side) throws {
    tls = TLSConnection(side, applicationProtocol: Self.applicationProtocol)
    frameLimit = FrameLimit()
    let promise = channel.eventLoop.makePromise(of: Void.self)
    ready = promise.futureResult
    do {
      try channel.pipeline.syncOperations.addHandlers(
        tls.makeHandler(), TLSGate(connection: tls, ready: promise),
        ByteToMessageHandler(FrameDecoder(limit: frameLimit)))
      self.channel = try NIOAsyncChannel(wrappingChannelSynchronously: channel)
    } catch {
      promise.fail(error)
      throw error
    }
  }
}
