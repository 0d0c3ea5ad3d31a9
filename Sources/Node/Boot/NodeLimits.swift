internal import Identifiers
internal import Wire

/// How much work a node takes on, and how long it waits for others.
///
/// In the configuration every member is optional; times are in milliseconds.
public struct NodeLimits: Sendable, Hashable {
  /// Requests that one wallet may start at once, and then per second.
  public var walletBurst: Int = 32
  public var walletPerSecond: Int = 8
  /// The same for all wallets together.
  public var globalBurst: Int = 256
  public var globalPerSecond: Int = 50
  /// Requests being worked on at the same time: all, and of one wallet.
  public var pendingRequests: Int = 256
  public var pendingPerWallet: Int = 16
  /// Requests remembered for ten minutes.
  public var rememberedRequests: Int = 32_768
  /// Connections of users: all, and from one address prefix.
  public var connections: Int = 1024
  public var connectionsPerPrefix: Int = 128
  /// How long one round and one session of a request may take.
  public var roundDeadline: Duration = .seconds(2)
  public var sessionDeadline: Duration = .seconds(10)
  /// How long one wait of a key generation and all of it may take.
  public var keyGenerationWait: Duration = .seconds(20)
  public var keyGenerationDeadline: Duration = .seconds(120)
  /// Actions that run at the same time, those of one wallet, and processes that wait for the next ones.
  public var actionRuns: Int = 16
  public var actionRunsPerWallet: Int = 4
  public var actionWorkers: Int = 2
  /// The same for actions that use libraries, where these are installed.
  public var actionWorkersWithLibraries: Int = 1
  /// How long a run may take, and one round of a session it causes. Alike on all nodes, or their results differ.
  public var actionTime: Duration = .seconds(30)
  public var actionRoundDeadline: Duration = .seconds(5)
  /// How long the others wait for the node that does something for all.
  public var actionLeaderDeadline: Duration = .seconds(15)
  /// How long a stopping node waits for the requests it has taken.
  public var drain: Duration = .seconds(12)

  public init() {}
}

extension NodeLimits {
  private static let counts: [(String, any WritableKeyPath<NodeLimits, Int> & Sendable)] = [
    ("walletBurst", \.walletBurst), ("walletPerSecond", \.walletPerSecond), ("globalBurst", \.globalBurst),
    ("globalPerSecond", \.globalPerSecond), ("pendingRequests", \.pendingRequests),
    ("pendingPerWallet", \.pendingPerWallet), ("rememberedRequests", \.rememberedRequests),
    ("connections", \.connections), ("connectionsPerPrefix", \.connectionsPerPrefix), ("actionRuns", \.actionRuns),
    ("actionRunsPerWallet", \.actionRunsPerWallet), ("actionWorkers", \.actionWorkers),
    ("actionWorkersWithLibraries", \.actionWorkersWithLibraries),
  ]

  private static let times: [(String, any WritableKeyPath<NodeLimits, Duration> & Sendable)] = [
    ("roundDeadline", \.roundDeadline), ("sessionDeadline", \.sessionDeadline),
    ("keyGenerationWait", \.keyGenerationWait), ("keyGenerationDeadline", \.keyGenerationDeadline),
    ("actionTime", \.actionTime), ("actionRoundDeadline", \.actionRoundDeadline),
    ("actionLeaderDeadline", \.actionLeaderDeadline), ("drain", \.drain),
  ]

  /// No limit is larger, so that none can be turned off.
  private static let largest = 1_000_000

  init(_ fields: inout JSONFields) throws(FormatError) {
    self.init()
    for (name, path) in Self.counts where fields.has(name) {
      self[keyPath: path] = try Self.number(&fields, name)
    }
    for (name, path) in Self.times where fields.has(name) {
      self[keyPath: path] = .milliseconds(try Self.number(&fields, name))
    }
    try fields.finish()
  }

  var json: JSONValue {
    .object(
      Self.counts.map { JSONMember($0.0, JSONValue(self[keyPath: $0.1])) }
        + Self.times.map { JSONMember($0.0, JSONValue(Int(self[keyPath: $0.1] / .milliseconds(1)))) })
  }

  private static func number(_ fields: inout JSONFields, _ name: String) throws(FormatError) -> Int {
    let value = try fields.unsigned(name)
    guard value >= 1, value <= largest else { throw .invalid(name) }
    return Int(value)
  }
}
