import NIOCore
import NIOPosix
import Synchronization

/// Forwards TCP connections to a port, until it is told to stop forwarding or to cut them.
final class FaultProxy: Sendable {
  let port: Int
  private let listener: any Channel
  private let state: SharedState

  final class SharedState: Sendable {
    private let channels = Mutex<[any Channel]>([])
    private let frozen = Atomic<Bool>(false)

    var isFrozen: Bool { frozen.load(ordering: .relaxed) }
    func freeze() { frozen.store(true, ordering: .relaxed) }
    func add(_ channel: any Channel) { channels.withLock { $0.append(channel) } }
    func takeAll() -> [any Channel] {
      channels.withLock { channels in
        defer { channels = [] }
        return channels
      }
    }
  }

  init(to target: Int) async throws {
    let state = SharedState()
    self.state = state
    listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { incoming in
        state.add(incoming)
        return ClientBootstrap(group: incoming.eventLoop)
          .channelInitializer { outgoing in
            state.add(outgoing)
            return outgoing.eventLoop.makeCompletedFuture {
              try outgoing.pipeline.syncOperations.addHandler(Forwarder(to: incoming, state: state))
            }
          }
          .connect(host: "127.0.0.1", port: target)
          .flatMapThrowing { outgoing in
            try incoming.pipeline.syncOperations.addHandler(Forwarder(to: outgoing, state: state))
          }
          .flatMap { incoming.setOption(.autoRead, value: true) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = listener.localAddress?.port ?? 0
  }

  /// Connections stay open and nothing passes any more.
  func freeze() async { state.freeze() }

  func cutAll() async {
    for channel in state.takeAll() { try? await channel.close() }
  }

  func stop() async {
    try? await listener.close()
    await cutAll()
  }
}

private final class Forwarder: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let target: any Channel
  private let state: FaultProxy.SharedState

  init(to target: any Channel, state: FaultProxy.SharedState) {
    self.target = target
    self.state = state
  }

  func channelActive(context: ChannelHandlerContext) { check(context) }
  func handlerAdded(context: ChannelHandlerContext) { check(context) }

  /// A frozen proxy does not even take bytes, so that the sender's queue fills.
  private func check(_ context: ChannelHandlerContext) {
    guard state.isFrozen else { return }
    context.channel.setOption(.autoRead, value: false).whenComplete { _ in }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    check(context)
    guard !state.isFrozen else { return }
    target.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    // Not even the end of a connection passes a frozen proxy.
    if !state.isFrozen { target.close(promise: nil) }
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
