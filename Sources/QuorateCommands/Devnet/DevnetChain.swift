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
    let script = try SourceTree.part("QUORATE_EVM_CHAIN", "scripts/evm-chain")
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
