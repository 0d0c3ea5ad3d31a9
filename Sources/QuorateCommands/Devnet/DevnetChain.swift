import EthereumChain
import EthereumRPC
import Foundation
import Identifiers
import Wire

/// The chain of a development network: the project's own, in memory, for as long as its process lives.
struct DevnetChain: Sendable {
  static let chainID: UInt64 = 31_337
  /// How many blocks lie on a block before nodes act on it.
  static let finalityDepth: UInt64 = 1
  private static let blockSeconds = 1
  private static let patience = Duration.seconds(30)

  let url: EndpointURL
  let process: ChildProcess
  /// Held open while we live; nil for a chain that shall outlive us.
  private let lifeline: DescriptorPair?

  /// - Parameter funded: who has money from the beginning.
  static func start(
    _ layout: DevnetLayout, _ life: NodeProcess.Life, funding funded: [WalletAddress]
  ) async throws -> DevnetChain {
    let script = try ChainParts.script()
    let log = unsafe open(layout.chainLog, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(0o600))
    guard log >= 0 else { throw CommandFailure.file(layout.chainLog, "cannot be written", errno: errno) }
    defer { close(log) }
    var arguments = ["--interval", "\(blockSeconds)", "--finality", "\(finalityDepth)"]
    arguments += funded.flatMap { ["--fund", $0.text] }
    var lifeline: DescriptorPair?
    let input: Int32
    switch life {
    case .withThisProcess:
      let pair = try DescriptorPair()
      arguments.append("--lifeline")
      input = pair.reading
      lifeline = pair
    case .detached:
      input = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard input >= 0 else { throw CommandFailure.file("/dev/null", "cannot be read", errno: errno) }
    }
    defer { if lifeline == nil { close(input) } }
    let child = try ChildProcess.launch(
      script, arguments, environment: ProcessInfo.processInfo.environment,
      streams: .init(input: input, output: log, error: log))
    lifeline?.closeReading()
    if let mark = ProcessMark(observing: child.pid) { try mark.write(to: layout.chainProcess) }
    let url = try await listening(layout, child)
    return DevnetChain(url: url, process: child, lifeline: lifeline)
  }

  func end() { process.send(SIGTERM) }

  /// Waits for the one line in which it says where.
  private static func listening(_ layout: DevnetLayout, _ child: ChildProcess) async throws -> EndpointURL {
    let deadline = ContinuousClock.now + patience
    while child.exitStatus() == nil, ContinuousClock.now < deadline {
      let text = (try? PrivateFile.read(layout.chainLog)) ?? []
      if let end = text.firstIndex(of: UInt8(ascii: "\n")),
        var fields = try? JSONFields(JSONValue.parse(Array(text[..<end]), limit: 4_096)),
        let url = try? EndpointURL(fields.string("url"))
      {
        return url
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    child.send(SIGTERM)
    throw CommandFailure(.processProblem, "the chain did not start", advice: "look at its log: \(layout.chainLog)")
  }
}

/// What of the source tree a chain is made of: the loopback chain, and the compiled contracts.
enum ChainParts {
  struct Contract: Sendable {
    let bytecode: [UInt8]
    /// Keccak-256 of the code as it lies on a chain.
    let codeHash: Digest32
  }

  private static let contractLimit = 4 << 20
  private static let codeLimit = 1 << 20

  static func script() throws(CommandFailure) -> String { try path("QUORATE_EVM_CHAIN", "scripts/evm-chain") }

  static func contract(_ name: String) throws(CommandFailure) -> Contract {
    let file = try path("QUORATE_CONTRACTS", "contracts/out") + "/\(name).json"
    let bytes = try PrivateFile.read(file, maximum: contractLimit)
    do throws(FormatError) {
      // It holds more than is asked here, so it is not finished.
      var fields = try JSONFields(JSONValue.parse(bytes, limit: contractLimit))
      guard let code = HexText.bytes(try fields.string("bytecode", limit: 2 * codeLimit + 2), limit: codeLimit),
        let hash = HexText.bytes(try fields.string("runtimeCodeHash"), limit: 32).flatMap({ try? Digest32(bytes: $0) })
      else { throw .invalid("bytecode") }
      return Contract(bytecode: code, codeHash: hash)
    } catch {
      throw CommandFailure(.badInput, "\(file) is no compiled contract", advice: "scripts/setup-contracts")
    }
  }

  private static func path(_ variable: String, _ inTree: String) throws(CommandFailure) -> String {
    if let path = ProcessInfo.processInfo.environment[variable], !path.isEmpty { return path }
    guard let tree = SourceTree.find(program: try? ThisProgram.path()), PrivateFile.exists(tree.root + "/" + inTree)
    else {
      throw CommandFailure(
        .missingTool, "\(inTree) is not there: a chain of this machine's own is part of the source tree",
        advice: "run scripts/setup-contracts in it, and this program from within it")
    }
    return tree.root + "/" + inTree
  }
}
