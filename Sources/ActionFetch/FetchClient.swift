public import Actions
public import Identifiers
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import NIOSSL

/// `fetch` for actions, from the node's own network: every address is judged before it is connected to, redirects anew.
///
/// Nothing is kept between two fetches: no connection, no cookie, no name, no answer.
public struct FetchClient: Sendable {
  private let connection: FetchConnection
  private let limits: FetchLimits
  private let clock: any LocalClock

  /// - Parameters:
  ///   - addresses: which may be connected to.
  ///   - trustRoots: whose certificates servers may show.
  public init(
    addresses: AddressGuard = AddressGuard(), resolver: any NameResolver = SystemResolver(),
    limits: FetchLimits = FetchLimits(), trustRoots: NIOSSLTrustRoots = .default, clock: any LocalClock = SystemClock()
  ) throws {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.trustRoots = trustRoots
    configuration.applicationProtocols = ["http/1.1"]
    connection = FetchConnection(
      addresses: addresses, resolver: resolver, limits: limits, tls: try NIOSSLContext(configuration: configuration),
      group: .singleton)
    self.limits = limits
    self.clock = clock
  }

  /// - Throws: a text for the action. That an address may not be reached and that it is not there are the same text.
  public func fetch(_ request: FetchRequest) async throws(OperationRefusal) -> FetchResponse {
    do throws(FetchFailure) {
      return try await follow(request)
    } catch {
      throw OperationRefusal(error.text)
    }
  }

  private func follow(_ request: FetchRequest) async throws(FetchFailure) -> FetchResponse {
    guard var target = FetchTarget(request.url, limit: limits.url) else { throw .notAURL }
    guard var head = FetchHead(request, limit: limits.headers) else { throw .notARequest }
    var body = request.body
    let deadline = clock.monotonicNow() + limits.time
    var redirects = 0
    while true {
      let left = deadline - clock.monotonicNow()
      guard left > .zero else { throw .timedOut }
      let sendsBody = body != nil || ["POST", "PUT", "PATCH"].contains(head.method)
      let answer = try await connection.exchange(
        head.encoded(for: target, bodyCount: sendsBody ? body?.count ?? 0 : nil), body: body, with: target,
        within: left)
      let status = Int(answer.head.status.code)
      guard [301, 302, 303, 307, 308].contains(status), request.redirect != .manual,
        let location = answer.head.headers.first(name: "location")
      else { return Self.response(answer, from: target, isRedirected: redirects > 0) }
      guard request.redirect == .follow else { throw .redirected }
      redirects += 1
      guard redirects <= limits.redirects else { throw .tooManyRedirects }
      guard let next = target.redirected(to: location, limit: limits.url) else { throw .notAURL }
      if head.follow(status) { body = nil }
      if !next.isSameOrigin(as: target) { head.leaveOrigin() }
      target = next
    }
  }

  private static func response(_ answer: FetchAnswer, from target: FetchTarget, isRedirected: Bool) -> FetchResponse {
    FetchResponse(
      status: Int(answer.head.status.code), statusText: answer.head.status.reasonPhrase,
      headers: answer.head.headers.map { FetchHeader($0.name, $0.value) }, body: answer.body, url: target.url,
      isRedirected: isRedirected)
  }
}
