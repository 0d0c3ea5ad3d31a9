internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import NIOSSL

/// JSON-RPC over HTTP/1.1, a connection for each exchange: what an endpoint does to one has no effect on the next.
///
/// The operator chose the endpoints, so addresses are not judged; sizes and times are.
public struct HTTPTransport: RPCTransport {
  private let url: EndpointURL
  private let tls: NIOSSLContext?
  private let group: MultiThreadedEventLoopGroup

  /// - Parameter trustRoots: whose certificates the endpoint may show.
  public init(_ url: EndpointURL, trustRoots: NIOSSLTrustRoots = .default) throws {
    self.url = url
    if url.isSecure {
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.minimumTLSVersion = .tlsv12
      configuration.trustRoots = trustRoots
      configuration.applicationProtocols = ["http/1.1"]
      tls = try NIOSSLContext(configuration: configuration)
    } else {
      tls = nil
    }
    group = .singleton
  }

  public func exchange(
    _ body: [UInt8], limit: Int, within time: Duration
  ) async throws(TransportFailure) -> [UInt8] {
    let promise = group.next().makePromise(of: [UInt8].self)
    let timer = promise.futureResult.eventLoop.scheduleTask(in: TimeAmount(time)) {
      promise.fail(TransportFailure.timedOut)
    }
    promise.futureResult.whenComplete { _ in timer.cancel() }
    connect(body, limit, promise, within: time)
    do {
      return try await withTaskCancellationHandler {
        try await promise.futureResult.get()
      } onCancel: {
        promise.fail(TransportFailure.cancelled)
      }
    } catch {
      throw error as? TransportFailure ?? .closed
    }
  }

  private func connect(
    _ body: [UInt8], _ limit: Int, _ promise: EventLoopPromise<[UInt8]>, within time: Duration
  ) {
    let head = head(bodyCount: body.count)
    ClientBootstrap(group: promise.futureResult.eventLoop)
      .connectTimeout(TimeAmount(time))
      .channelInitializer { [tls, url] channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let tls {
            // A certificate for an address is compared with the address itself.
            let isAddress = (try? SocketAddress(ipAddress: url.host, port: 0)) != nil
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : url.host))
          }
          try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
          try pipeline.addHandler(RPCExchangeHandler(head, body: body, limit: limit, promise: promise))
        }
      }
      .connect(host: url.host, port: url.port)
      .whenComplete { result in
        switch result {
        case .success(let channel): promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
        case .failure: promise.fail(TransportFailure.unreachable)
        }
      }
  }

  private func head(bodyCount: Int) -> HTTPRequestHead {
    HTTPRequestHead(
      version: .http1_1, method: .POST, uri: url.path,
      headers: [
        "Host": url.hostHeader, "Content-Type": "application/json", "Accept": "application/json",
        // Nothing here unpacks.
        "Accept-Encoding": "identity", "Content-Length": String(bodyCount), "Connection": "close",
      ])
  }
}
