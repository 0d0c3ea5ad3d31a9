internal import Actions
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// One request to one target: look up its name, judge what was found, connect to exactly that, ask.
struct FetchConnection: Sendable {
  /// How many of a name's addresses are tried.
  private static let attempts = 3

  let addresses: AddressGuard
  let resolver: any NameResolver
  let limits: FetchLimits
  let tls: NIOSSLContext
  let group: MultiThreadedEventLoopGroup

  /// Returns at once when the task is cancelled; the connection is then closed.
  func exchange(
    _ head: HTTPRequestHead, body: [UInt8]?, with target: FetchTarget, within time: Duration
  ) async throws(FetchFailure) -> FetchAnswer {
    let loop = group.next()
    let promise = loop.makePromise(of: FetchAnswer.self)
    let timer = loop.scheduleTask(in: TimeAmount(time)) { promise.fail(FetchFailure.timedOut) }
    promise.futureResult.whenComplete { _ in timer.cancel() }
    candidates(for: target, on: loop).whenComplete { result in
      switch result {
      case .failure: promise.fail(FetchFailure.notReachable)
      case .success(let found):
        guard !found.isEmpty else { return promise.fail(FetchFailure.notReachable) }
        connect(to: found[...], target, head, body, promise)
      }
    }
    do {
      return try await withTaskCancellationHandler {
        try await promise.futureResult.get()
      } onCancel: {
        promise.fail(FetchFailure.cancelled)
      }
    } catch {
      throw error as? FetchFailure ?? .connection
    }
  }

  /// The addresses that may be connected to, in the resolver's order.
  private func candidates(for target: FetchTarget, on loop: any EventLoop) -> EventLoopFuture<[NetworkAddress]> {
    let found =
      switch target.host {
      case .address(let address): loop.makeSucceededFuture([address])
      case .name(let name): resolver.addresses(of: name, on: loop)
      }
    return found.map { all in Array(all.filter { addresses.allows($0, port: target.port) }.prefix(Self.attempts)) }
  }

  private func connect(
    to candidates: ArraySlice<NetworkAddress>, _ target: FetchTarget, _ head: HTTPRequestHead, _ body: [UInt8]?,
    _ promise: EventLoopPromise<FetchAnswer>
  ) {
    guard let address = candidates.first, let place = try? address.socketAddress(port: target.port) else {
      return promise.fail(FetchFailure.connection)
    }
    let limit = limits.body
    ClientBootstrap(group: promise.futureResult.eventLoop)
      .connectTimeout(TimeAmount(limits.connecting))
      .channelInitializer { [tls] channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if target.isSecure {
            // A certificate for an address is compared with the address itself.
            let name: String? = if case .name(let name) = target.host { name } else { nil }
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
          }
          try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
          try pipeline.addHandler(FetchExchangeHandler(head, body: body, limit: limit, promise: promise))
        }
      }
      .connect(to: place)
      .whenComplete { result in
        switch result {
        case .success(let channel): promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
        case .failure: connect(to: candidates.dropFirst(), target, head, body, promise)
        }
      }
  }
}
