public import EthereumRPC
public import Identifiers
import SigningContent
import Synchronization

/// An endpoint of a ``SimulatedChain``, which tests make dead, late or a liar.
public final class SimulatedEndpoint: RPCTransport {
  /// Sees a method and its parameters before they are answered; what it gives is the answer.
  public typealias Override = @Sendable (_ method: String, _ parameters: [JSONValue]) -> Reply?

  public enum Reply: Sendable {
    case result(JSONValue)
    case error(code: Int64, message: String)
    case failure(TransportFailure)
    /// The whole body, as it is.
    case body([UInt8])
  }

  public struct Traffic: Sendable {
    public var calls = 0
    public var sent = 0
    public var received = 0
    public var methods: [String: Int] = [:]

    public init() {}
  }

  private struct State {
    var chain: SimulatedChain
    var lag: UInt64 = 0
    var offersProofs = true
    var override: Override?
    var stall: Duration?
    var traffic = Traffic()
  }

  private let state: Mutex<State>

  public init(_ chain: SimulatedChain) { state = Mutex(State(chain: chain)) }

  public var traffic: Traffic { state.withLock { $0.traffic } }
  public func forgetTraffic() { state.withLock { $0.traffic = Traffic() } }

  /// Follows another chain from now on.
  public func follow(_ chain: SimulatedChain) { state.withLock { $0.chain = chain } }
  /// Does not know the newest blocks.
  public func lag(by blocks: UInt64) { state.withLock { $0.lag = blocks } }
  public func offerProofs(_ offers: Bool) { state.withLock { $0.offersProofs = offers } }
  public func override(_ override: Override?) { state.withLock { $0.override = override } }
  /// Takes so much time for the next answer, and answers nothing before.
  public func stall(for time: Duration = .seconds(60)) { state.withLock { $0.stall = time } }
  /// Answers nothing.
  public func die() { override { _, _ in .failure(.unreachable) } }
  public func recover() { override(nil) }

  public func exchange(
    _ body: [UInt8], limit: Int, within time: Duration
  ) async throws(TransportFailure) -> [UInt8] {
    let stall = state.withLock { state in
      defer { state.stall = nil }
      return state.stall
    }
    if let stall {
      do { try await Task.sleep(for: stall) } catch { throw .cancelled }
    }
    guard let request = try? JSONValue(parsing: body, limit: 1 << 20) else { throw .malformed }
    let method = request["method"].text
    let parameters = request["params"].list
    let (chain, lag, offersProofs, override) = state.withLock { state in
      state.traffic.calls += 1
      state.traffic.sent += body.count
      state.traffic.methods[method, default: 0] += 1
      return (state.chain, state.lag, state.offersProofs, state.override)
    }
    let reply =
      override?(method, parameters)
      ?? Self.answer(method, parameters, chain, head: chain.head > lag ? chain.head - lag : 0, offersProofs)
    var members = [JSONMember("jsonrpc", .string("2.0")), JSONMember("id", request["id"])]
    switch reply {
    case .result(let value): members.append(JSONMember("result", value))
    case .error(let code, let message):
      members.append(
        JSONMember(
          "error", .object([JSONMember("code", .integer(code)), JSONMember("message", .string(message))])))
    case .failure(let failure): throw failure
    case .body(let bytes): return bytes
    }
    let answer = JSONValue.object(members).serialized
    guard answer.count <= limit else { throw .tooLarge }
    state.withLock { $0.traffic.received += answer.count }
    return answer
  }

  private static func answer(
    _ method: String, _ parameters: [JSONValue], _ chain: SimulatedChain, head: UInt64, _ offersProofs: Bool
  ) -> Reply {
    func block(_ place: Int) -> SimulatedChain.Block? {
      guard parameters.count > place,
        let hash = try? Digest32(text: String(parameters[place]["blockHash"].text.dropFirst(2)))
      else { return nil }
      return chain.block(hash).flatMap { $0.number <= head ? $0 : nil }
    }
    let unknown = Reply.error(code: -32_000, message: "header not found")
    switch method {
    case "eth_chainId": return .result(.string("0x" + String(chain.id, radix: 16)))
    case "eth_getBlockByNumber":
      let text = parameters.first?.text ?? ""
      let number = text == "latest" ? head : UInt64(text.dropFirst(2), radix: 16) ?? .max
      return .result(number <= head ? chain.block(number)?.json ?? .null : .null)
    case "eth_getProof":
      guard offersProofs else { return .error(code: -32_601, message: "the method does not exist") }
      guard let block = block(2), let address = try? WalletAddress(text: parameters[0].text) else { return unknown }
      return .result(proof(address, parameters[1].list.map(\.text), block))
    case "eth_getStorageAt":
      guard let block = block(2), let address = try? WalletAddress(text: parameters[0].text),
        let key = try? Digest32(text: String(parameters[1].text.dropFirst(2)))
      else { return unknown }
      let word = block.state.contracts[address]?.storage[key] ?? .zero
      return .result(.string("0x" + Hex.encode(word.bigEndianBytes)))
    case "eth_getCode":
      guard let block = block(1), let address = try? WalletAddress(text: parameters[0].text) else { return unknown }
      return .result(.string("0x" + Hex.encode(block.state.contracts[address]?.code ?? [])))
    case "eth_call":
      guard let block = block(1), let address = try? WalletAddress(text: parameters[0]["to"].text),
        let data = try? Hex.decode(String(parameters[0]["data"].text.dropFirst(2)))
      else { return unknown }
      switch block.state.contracts[address]?.run(data) ?? .returned([]) {
      case .returned(let bytes): return .result(.string("0x" + Hex.encode(bytes)))
      case .reverted: return .error(code: 3, message: "execution reverted")
      }
    default: return .error(code: -32_601, message: "the method \(method) does not exist")
    }
  }

  private static func proof(_ address: WalletAddress, _ keys: [String], _ block: SimulatedChain.Block) -> JSONValue {
    func nodes(_ trie: SimulatedTrie, _ key: [UInt8]) -> JSONValue {
      .array(trie.proof(of: key).map { .string("0x" + Hex.encode($0)) })
    }
    let storage = block.state.contracts[address]?.storageTrie ?? SimulatedTrie([:])
    return .object([
      JSONMember("address", .string(address.text)), JSONMember("accountProof", nodes(block.trie, address.bytes)),
      JSONMember(
        "storageProof",
        .array(
          keys.map { key in
            .object([
              JSONMember("key", .string(key)),
              JSONMember("proof", nodes(storage, (try? Hex.decode(String(key.dropFirst(2)))) ?? [])),
            ])
          })),
    ])
  }

  static func quantity(_ bytes: [UInt8]) -> String {
    let digits = Hex.encode(bytes).drop { $0 == "0" }
    return digits.isEmpty ? "0x0" : "0x" + digits
  }
}

extension JSONValue {
  /// Members and texts of what a test asks or answers; nothing where there is none.
  public subscript(_ name: String) -> JSONValue {
    guard case .object(let members) = self else { return .null }
    return members.first { $0.name == name }?.value ?? .null
  }

  public var list: [JSONValue] { if case .array(let values) = self { values } else { [] } }
  public var text: String { if case .string(let text) = self { text } else { "" } }

  public func setting(_ name: String, to value: JSONValue) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.filter { $0.name != name } + [JSONMember(name, value)])
  }
}
