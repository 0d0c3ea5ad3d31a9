internal import Actions
public import Identifiers
public import NIOSSL

/// Asks chains for actions, at exactly the URLs their operator chose: JSON-RPC 2.0 over HTTP, one request at a time.
///
/// What an endpoint answers is its own word; an action of a quorum hears as many endpoints as there are nodes.
public struct ChainEndpoints: Sendable {
  /// Bytes of an answer.
  public static let mostAnswer = 1 << 20

  /// By the names of the chains.
  private let urls: [String: String]
  private let client: FetchClient

  /// - Parameter urls: `http` or `https`, anywhere, for the operator chose them. Redirects are not followed.
  public init(
    urls: [String: String], trustRoots: NIOSSLTrustRoots = .default, clock: any LocalClock = SystemClock()
  ) throws {
    self.urls = urls
    var limits = FetchLimits()
    limits.body = Self.mostAnswer
    client = try FetchClient(
      addresses: AddressGuard(allowing: NetworkPrefix.everything), limits: limits, trustRoots: trustRoots, clock: clock)
  }

  /// - Parameter parameters: made by this node.
  /// - Returns: the result, which has to be a text.
  public func ask(
    _ method: String, _ parameters: [JSONValue], of chain: String
  ) async throws(ChainFailure) -> String {
    guard let url = urls[chain] else { throw .unknownChain }
    let call = JSONValue.object([
      JSONMember("jsonrpc", .string("2.0")), JSONMember("id", .integer(1)), JSONMember("method", .string(method)),
      JSONMember("params", .array(parameters)),
    ])
    let json = "application/json"
    let request = FetchRequest(
      url: url, method: "POST", headers: [FetchHeader("content-type", json), FetchHeader("accept", json)],
      body: call.serialized, redirect: .error)
    // Why is said to nobody: the text could tell where the endpoint is.
    guard let answer = try? await client.fetch(request) else { throw .noAnswer }
    return try Self.result(answer.body, isSuccess: answer.status == 200)
  }

  /// JSON-RPC 2.0, section 5. Some servers send errors with another status.
  static func result(_ body: [UInt8], isSuccess: Bool) throws(ChainFailure) -> String {
    guard case .object(let members)? = try? JSONValue(parsing: body, limit: mostAnswer) else { throw .noAnswer }
    func member(_ name: String, of members: [JSONMember]) -> JSONValue? { members.first { $0.name == name }?.value }
    guard member("id", of: members) == .integer(1) else { throw .noAnswer }
    if case .object(let error)? = member("error", of: members) {
      guard case .integer(let code)? = member("code", of: error) else { throw .noAnswer }
      guard case .string(let text)? = member("data", of: error), let data = hexadecimal(text) else {
        throw .refused(code: code, data: nil)
      }
      throw .refused(code: code, data: data)
    }
    guard isSuccess, case .string(let text)? = member("result", of: members) else { throw .noAnswer }
    return text
  }

  /// The bytes of what begins with `0x`.
  public static func hexadecimal(_ text: String) -> [UInt8]? {
    guard text.hasPrefix("0x") else { return nil }
    return try? Hex.decode(text.dropFirst(2).lowercased())
  }
}

/// Why a chain gave no result.
public enum ChainFailure: Error, Sendable, Hashable {
  /// The operator chose no endpoint for it.
  case unknownChain
  /// The endpoint does not answer, or not with an answer.
  case noAnswer
  /// The chain's node will not do it, by the code of JSON-RPC; `data` is what a reverted call returned.
  case refused(code: Int64, data: [UInt8]?)
}
