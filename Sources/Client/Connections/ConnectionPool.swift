import Identifiers
import Membership

/// Keeps verified connections for reuse: at most an hour, at most one idle to each node.
actor ConnectionPool {
  /// A connection is attested anew at least this often.
  static let maximumAge = Duration.seconds(3600)
  /// How much longer than the fastest the other nodes may take to prove themselves, at least.
  static let patience = Duration.milliseconds(250)

  private let connector: any NodeConnector
  private let clock: any LocalClock
  private var idle: [NodeID: PooledConnection] = [:]

  init(connector: any NodeConnector, clock: any LocalClock) {
    self.connector = connector
    self.clock = clock
  }

  /// Connections to as many of the members as answer. Once `enough` did, the others have as much time again, and at
  /// least ``patience``.
  func gather(_ members: [Member], in snapshot: MembershipSnapshot, enough: Int) async -> GatheredConnections {
    var gathered = GatheredConnections()
    var missing: [Member] = []
    for member in members {
      if let connection = takeIdle(member) {
        gathered.connections[member.node] = connection
      } else {
        missing.append(member)
      }
    }
    await connect(missing, in: snapshot, enough: enough, &gathered)
    return gathered
  }

  /// Which of the members do not even prove themselves again while most others do.
  ///
  /// The new connections take the place of those whose answers are still awaited, should these be given up.
  func findStuck(_ members: [Member], in snapshot: MembershipSnapshot) async -> Set<NodeID> {
    var gathered = GatheredConnections()
    let most = members.count - max(1, members.count / 3)
    await connect(members, in: snapshot, enough: most, &gathered)
    let lively = Set(gathered.connections.keys)
    for pooled in gathered.connections.values { await giveBack(pooled) }
    // When several are slow it may be the way there, or this machine, and then waiting is better than asking again.
    guard lively.count >= most else { return [] }
    return Set(members.map(\.node)).subtracting(lively)
  }

  private func connect(
    _ members: [Member], in snapshot: MembershipSnapshot, enough: Int, _ gathered: inout GatheredConnections
  ) async {
    let connector = connector
    let clock = clock
    let started = clock.monotonicNow()
    await withTaskGroup(of: GatheringEvent.self) { group in
      for member in members {
        group.addTask {
          do throws(ConnectionFailure) {
            let connection = try await connector.connect(to: member, in: snapshot)
            return .connected(PooledConnection(connection, made: clock.monotonicNow()))
          } catch {
            return .failed(member.node, error)
          }
        }
      }
      var open = members.count
      var isTimed = false
      while open > 0 {
        if !isTimed, gathered.connections.count >= enough {
          isTimed = true
          let patience = max(Self.patience, clock.monotonicNow() - started)
          group.addTask {
            try? await clock.sleep(for: patience)
            return .patienceOver
          }
        }
        guard let event = await group.next(), gathered.take(event) else { break }
        open -= 1
      }
      group.cancelAll()
      // A connection that came in the last moment is as good as any other.
      while let event = await group.next() { _ = gathered.take(event) }
    }
  }

  /// Keeps the connection for the next request unless it is worn out.
  func giveBack(_ pooled: PooledConnection) async {
    if isFresh(pooled), idle[pooled.node] == nil {
      idle[pooled.node] = pooled
    } else {
      await pooled.connection.close()
    }
  }

  func closeAll() async {
    let connections = idle.values
    idle = [:]
    for pooled in connections { await pooled.connection.close() }
  }

  private func takeIdle(_ member: Member) -> PooledConnection? {
    guard let pooled = idle.removeValue(forKey: member.node) else { return nil }
    // A member may have another identity key by now, which the old connection did not prove.
    if isFresh(pooled), pooled.connection.identityKey == member.identityKey { return pooled }
    Task { await pooled.connection.close() }
    return nil
  }

  private func isFresh(_ pooled: PooledConnection) -> Bool {
    pooled.connection.isActive && clock.monotonicNow() - pooled.made < Self.maximumAge
  }
}

/// A verified connection and when it was verified.
struct PooledConnection: Sendable {
  let connection: any NodeConnection
  let made: Duration

  init(_ connection: any NodeConnection, made: Duration) {
    self.connection = connection
    self.made = made
  }

  var node: NodeID { connection.node }
}

/// Which members proved themselves, and why the others did not.
struct GatheredConnections: Sendable {
  var connections: [NodeID: PooledConnection] = [:]
  var failures: [NodeID: ConnectionFailure] = [:]

  /// False when the event says that it is time to stop.
  fileprivate mutating func take(_ event: GatheringEvent) -> Bool {
    switch event {
    case .connected(let pooled): connections[pooled.node] = pooled
    case .failed(let node, let failure): failures[node] = failure
    case .patienceOver: return false
    }
    return true
  }
}

private enum GatheringEvent: Sendable {
  case connected(PooledConnection)
  case failed(NodeID, ConnectionFailure)
  case patienceOver
}
