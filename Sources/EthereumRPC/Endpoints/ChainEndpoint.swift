internal import EthereumChain
internal import Identifiers
internal import SigningContent
public import Wire

/// One JSON-RPC endpoint of a chain. Nothing it says is believed because it says it.
public struct ChainEndpoint: Sendable {
  /// How an operator calls it: in metrics and logs, never its URL. 1 … 32 of `a-z`, `0-9`, `-`.
  public let name: String
  private let transport: any RPCTransport

  public init(name: String, transport: any RPCTransport) throws(FormatError) {
    guard (1...32).contains(name.utf8.count),
      name.utf8.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0) })
    else { throw .invalid("name") }
    self.name = name
    self.transport = transport
  }

  /// - Parameter limit: of the whole answer, in bytes.
  func ask(
    _ method: String, _ parameters: [JSONValue] = [], limit: Int = RPCLimits.answer
  ) async throws(RPCFailure) -> JSONValue {
    let answer: [UInt8]
    do {
      answer = try await transport.exchange(
        RPCMessage.request(method, parameters), limit: limit, within: RPCLimits.time)
    } catch {
      throw .transport(error)
    }
    return try RPCMessage.result(of: answer)
  }

  func number(_ method: String, _ parameters: [JSONValue] = []) async throws(RPCFailure) -> UInt256 {
    guard case .string(let text) = try await ask(method, parameters), let number = HexText.number(text) else {
      throw .malformed(.invalid("result"))
    }
    return number
  }

  func smallNumber(_ method: String, _ parameters: [JSONValue] = []) async throws(RPCFailure) -> UInt64 {
    guard let number = try await number(method, parameters).uint64 else { throw .malformed(.invalid("result")) }
    return number
  }

  func bytes(_ method: String, _ parameters: [JSONValue], limit: Int) async throws(RPCFailure) -> [UInt8] {
    // Hex, and what JSON-RPC puts around it; with room to see that a result is too long.
    let whole = min(4 * limit + (16 << 10), RPCLimits.answer)
    guard case .string(let text) = try await ask(method, parameters, limit: whole) else {
      throw .malformed(.invalid("result"))
    }
    guard text.utf8.count <= 2 * limit + 2 else { throw .resultTooLong }
    guard let bytes = HexText.bytes(text, limit: limit) else { throw .malformed(.invalid("result")) }
    return bytes
  }
}

/// A block by its hash, and by nothing else (EIP-1898): a reorganisation between two questions cannot mix two states.
struct PinnedBlock: Sendable, Hashable {
  let hash: Digest32

  var json: JSONValue {
    .object([
      JSONMember("blockHash", .string(HexText.write(hash.bytes))), JSONMember("requireCanonical", .bool(true)),
    ])
  }
}
