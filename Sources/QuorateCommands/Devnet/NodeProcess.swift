import Foundation
import Identifiers
import Node

/// One node as a process of its own.
final class NodeProcess: Sendable {
  let folder: NodeFolder
  let configuration: NodeConfiguration
  private let child: ChildProcess
  /// How long the log was before this process wrote into it.
  private let logStart: Int
  /// Held open while we live; see ``Lifeline``. nil for a node that shall outlive us.
  private let lifeline: DescriptorPair?

  private init(
    folder: NodeFolder, configuration: NodeConfiguration, child: ChildProcess, logStart: Int,
    lifeline: DescriptorPair?
  ) {
    self.folder = folder
    self.configuration = configuration
    self.child = child
    self.logStart = logStart
    self.lifeline = lifeline
  }

  var id: NodeID { configuration.node }
  var pid: Int32 { child.pid }
  var exitStatus: Int32? { child.exitStatus() }

  enum Life: Sendable {
    /// Ends when this process ends, however it ends.
    case withThisProcess
    case detached
  }

  /// - Parameter program: what runs as the node; nil for this program.
  static func start(
    _ folder: NodeFolder, _ life: Life, program: String? = nil
  ) throws(CommandFailure) -> NodeProcess {
    let configuration = try folder.readConfiguration()
    let executable: String
    if let program { executable = program } else { executable = try ThisProgram.path() }
    let log = unsafe open(folder.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode_t(0o600))
    guard log >= 0 else { throw .file(folder.log, "cannot be written", errno: errno) }
    defer { close(log) }
    let logStart = Int(clamping: lseek(log, 0, SEEK_END))
    var arguments = ["node", "run", "--config", folder.configuration]
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
      guard input >= 0 else { throw .file("/dev/null", "cannot be read", errno: errno) }
    }
    defer { if lifeline == nil { close(input) } }
    let child = try ChildProcess.launch(
      executable, arguments, environment: ProcessInfo.processInfo.environment,
      streams: .init(input: input, output: log, error: log))
    lifeline?.closeReading()
    return NodeProcess(
      folder: folder, configuration: configuration, child: child, logStart: logStart, lifeline: lifeline)
  }

  func status() async -> ReportedStatus? {
    guard let port = UInt16(exactly: configuration.adminAddress.port) else { return nil }
    return await ReportedStatus.fetch(port: port)
  }

  /// Asks it to stop, and after the grace makes it.
  ///
  /// - Returns: the exit status.
  @discardableResult
  func stop(grace: Duration) async -> Int32 {
    child.send(SIGTERM)
    return await ended(killingAfter: grace)
  }

  /// As a crash would: nothing of it gets the chance to say goodbye.
  func kill() async {
    child.send(SIGKILL)
    _ = await ended(killingAfter: .seconds(10))
  }

  private func ended(killingAfter grace: Duration) async -> Int32 {
    let deadline = ContinuousClock.now + grace
    while true {
      if let status = child.exitStatus() { return status }
      if ContinuousClock.now > deadline { child.send(SIGKILL) }
      try? await Task.sleep(for: .milliseconds(10))
    }
  }

  /// The last lines it wrote, for a failure's report.
  func lastWords(lines: Int = 5) -> [String] {
    guard let bytes = try? PrivateFile.read(folder.log, maximum: 256 << 20) else { return [] }
    let words = String(decoding: bytes.dropFirst(logStart).suffix(16 << 10), as: UTF8.self)
    return words.split(separator: "\n").suffix(lines).map(String.init)
  }
}

extension NodeFolder {
  func readConfiguration() throws(CommandFailure) -> NodeConfiguration { try Self.readConfiguration(configuration) }

  static func readConfiguration(_ path: String) throws(CommandFailure) -> NodeConfiguration {
    let bytes = try PrivateFile.read(path)
    do {
      return try NodeConfiguration(decoding: bytes)
    } catch {
      throw CommandFailure(.badInput, "\(path) is not a node's configuration: \(error)")
    }
  }

  /// The process that runs this node, if the one that was recorded still runs.
  var runningProcess: ProcessMark? { ProcessMark(readFrom: process) }

  func record(_ mark: ProcessMark) throws(CommandFailure) { try mark.write(to: process) }
}
