import EthereumChain
public import EthereumRPC
import Foundation
public import Identifiers
import Synchronization

/// A real EVM in a process of its own on loopback: the project's `scripts/evm-chain`.
public final class LoopbackChain: Sendable {
  public let url: EndpointURL
  private let transport: HTTPTransport
  private let process: Mutex<Process?>

  private static func path(_ variable: String, _ inRepository: String) -> String {
    if let path = ProcessInfo.processInfo.environment[variable] { return path }
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return root.appending(path: inRepository).path
  }

  private static let script = path("QUORATE_EVM_CHAIN", "scripts/evm-chain")
  private static let contracts = path("QUORATE_CONTRACTS", "contracts/out")

  /// Whether the script and the compiled contracts are there; set-up makes them.
  public static var isAvailable: Bool {
    FileManager.default.isExecutableFile(atPath: script)
      && FileManager.default.fileExists(atPath: contracts + "/Staking.json")
  }

  public struct Compiled: Sendable {
    public let bytecode: [UInt8]
    public let codeHash: Digest32
  }

  public static func compiled(_ name: String) throws -> Compiled {
    let data = try Data(contentsOf: URL(filePath: contracts + "/\(name).json"))
    let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    guard let code = (object?["bytecode"] as? String).flatMap({ HexText.bytes($0, limit: 1 << 20) }),
      let hash = (object?["runtimeCodeHash"] as? String).flatMap({ HexText.bytes($0, limit: 32) })
    else { throw LoopbackChainFailure.notThere }
    return Compiled(bytecode: code, codeHash: try Digest32(bytes: hash))
  }

  /// - Parameters:
  ///   - funded: who has ether from the beginning.
  ///   - seconds: between blocks; nil, and there are none until somebody mines.
  public init(funding funded: [WalletAddress], every seconds: Int? = nil) throws {
    let process = Process()
    process.executableURL = URL(filePath: Self.script)
    let pace = seconds.map { ["--interval", "\($0)"] } ?? ["--manual"]
    process.arguments = pace + ["--lifeline"] + funded.flatMap { ["--fund", $0.text] }
    let output = Pipe()
    process.standardOutput = output
    // Ends with this process, whatever becomes of it.
    process.standardInput = Pipe()
    try process.run()
    self.process = Mutex(process)
    var line: [UInt8] = []
    while !line.contains(UInt8(ascii: "\n")) {
      guard let more = try output.fileHandleForReading.read(upToCount: 1), !more.isEmpty, line.count < 4_096 else {
        process.terminate()
        throw LoopbackChainFailure.notThere
      }
      line += more
    }
    let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
    guard let text = object?["url"] as? String else { throw LoopbackChainFailure.notThere }
    url = try EndpointURL(text)
    transport = try HTTPTransport(url)
  }

  public func end() {
    process.withLock { process in
      process?.terminate()
      // A process that is suspended hears nothing.
      _ = process?.resume()
      process = nil
    }
  }

  /// Answers nobody until ``resume()``: every endpoint of this chain is dead.
  public func suspend() { process.withLock { _ = $0?.suspend() } }

  public func resume() { process.withLock { _ = $0?.resume() } }

  /// One of the script's own methods.
  public func control(_ method: String, _ parameters: JSONValue...) async throws {
    let body = JSONValue.object([
      JSONMember("jsonrpc", .string("2.0")), JSONMember("id", .integer(1)), JSONMember("method", .string(method)),
      JSONMember("params", .array(parameters)),
    ]).serialized
    _ = try RPCMessage.result(of: try await transport.exchange(body, limit: RPCLimits.answer, within: .seconds(10)))
  }

  public func mine(_ count: Int64 = 1) async throws { try await control("chain_mine", .integer(count)) }
}

public enum LoopbackChainFailure: Error {
  case notThere
  case failed(String)
}
