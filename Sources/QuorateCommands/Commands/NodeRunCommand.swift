import ArgumentParser
import Logging
import LoopbackPorts
import Node
import NodeHTTP
import Secrets
import ServiceLifecycle
import UnixSignals

struct NodeRunCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a node until it is told to stop.",
    discussion: "Logs go to standard error. SIGTERM and SIGINT stop it after it finished what it had begun.")

  @OptionGroup var common: CommonOptions

  @Option(help: "The node's configuration file.")
  var config: String

  @Option(help: "How much to log: trace, debug, info, notice, warning, error, critical.")
  var logLevel: LogLevel = .info

  @Flag(help: "Stop when standard input ends, as it does when the starting process ends.")
  var lifeline = false

  /// The node answers signals itself: it finishes what it began.
  func run() async throws {
    try await run(Console(format: common.json ? .json : .text))
  }

  func run(_ console: Console) async throws {
    try ProcessHardening.apply()
    if lifeline { Lifeline.watch() }
    let configuration = try NodeFolder.readConfiguration(config)
    try checkPorts(configuration)
    var logger = Logger(label: "quorate") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = logLevel.level
    let metrics = PrometheusMetrics()
    let surroundings = try await NodeSurroundings(configuration, logger: logger, metrics: metrics)
    let node = try await Node(configuration, surroundings)
    let server = NodeServer(node: node, configuration: configuration, logger: logger, metrics: metrics)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }

  /// Finds out early, and says it in words, when somebody listens there already.
  private func checkPorts(_ configuration: NodeConfiguration) throws(CommandFailure) {
    for address in [configuration.clientAddress, configuration.peerAddress, configuration.adminAddress] {
      guard address.host == "127.0.0.1", let port = UInt16(exactly: address.port), port > 0 else { continue }
      guard FreePorts.isFree(port) else {
        throw CommandFailure(
          .processProblem, "\(address) is taken already",
          advice: "is this node running? see who listens: ss -ltnp, or change the address in \(config)")
      }
    }
  }
}

enum LogLevel: String, CaseIterable, ExpressibleByArgument, Sendable {
  case trace, debug, info, notice, warning, error, critical

  var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
