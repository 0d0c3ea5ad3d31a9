internal import Client
internal import Identifiers
internal import IdentityEncryption
internal import Membership
internal import Node
internal import PublicKeys
internal import QuorateCommands
internal import SecretSharing

/// A network of the size of the demo: five processes of the release build on this machine, asked over real sockets by
/// the client library in this process.
enum NetworkRows {
  private static let nodeCount = 5
  private static let userCount = 32
  private static let single = "1 user"

  struct Outcome {
    var rows: [Row] = []
    var targets: [Target] = []
  }

  /// - Parameter program: the `quorate` executable.
  static func measure(program: String) async throws -> Outcome {
    let network = try await ProcessNetwork.start(program: program, nodes: nodeCount, limits: limits)
    do {
      let outcome = try await measure(network)
      await network.stop()
      return outcome
    } catch {
      await network.stop()
      throw error
    }
  }

  /// What one wallet and one place may do stays as it is. A node does 50 requests a second for everybody together by
  /// default, less than is measured here, and remembers as many as that makes in ten minutes.
  private static var limits: NodeLimits {
    var limits = NodeLimits()
    limits.globalBurst = 4_000
    limits.globalPerSecond = 2_000
    limits.rememberedRequests = 250_000
    return limits
  }

  private static func measure(_ network: ProcessNetwork) async throws -> Outcome {
    let registry = try FileRegistry(
      storage: RegistryFile(path: network.registryFile), network: network.founding.network, clock: SystemClock())
    let reading = Task { await registry.run() }
    defer { reading.cancel() }
    // A wallet may start 32 requests at once and eight a second: 24 wallets for the user who is measured alone and may
    // get results every few milliseconds, eight for each of the others.
    let alone = try NetworkUser(0, wallets: 24, founding: network.founding, registry: registry)
    let crowd = try (1...userCount).map {
      try NetworkUser($0, wallets: 8, founding: network.founding, registry: registry)
    }
    let everybody = [alone] + crowd
    let records = everybody.flatMap { user in [user.schnorr, user.ecdsa].map { ($0, user.owner) } }
    try await network.waitUntilRead(network.append(records))
    registry.refresh()
    let t = try await alone.client.keyCertificate().threshold.t

    var outcome = Outcome()
    outcome.rows.append(try await connecting(network, registry, t))
    var headers: [ObjectIdentifier: FileHeader] = [:]
    for user in everybody { headers[ObjectIdentifier(user)] = try await user.header() }
    let nodes = network.processIDs
    let works = [
      Work(name: "decrypt", rounds: 0, p50: 15, users: userCount, perSecond: 300) { [headers] user, turn in
        guard let header = headers[ObjectIdentifier(user)] else { throw BenchmarkFailure.network("no header") }
        try await user.decrypt(header, turn: turn)
      },
      Work(name: "FROST ed25519-sign", rounds: 1, p50: 15, users: userCount) { user, turn in
        try await user.sign(with: user.schnorr, turn: turn)
      },
      Work(name: "DKLs23 secp256k1-ecdsa", rounds: 2, p50: 30, users: 16, perSecond: 60) { user, turn in
        try await user.sign(with: user.ecdsa, turn: turn)
      },
    ]
    for work in works {
      let name = "network, \(work.name)"
      // The first requests make connections, which is measured above.
      _ = await NetworkLoad.run([alone], upTo: 10, within: .seconds(10), nodes: nodes, work.body)
      let one = await NetworkLoad.run([alone], upTo: 150, within: .seconds(10), nodes: nodes, work.body)
      let users = Array(crowd.prefix(work.users))
      let many = "\(users.count) users"
      _ = await NetworkLoad.run(users, upTo: 2, within: .seconds(10), nodes: nodes, work.body)
      let all = await NetworkLoad.run(users, upTo: 200, within: .seconds(5), nodes: nodes, work.body)
      outcome.rows.append(one.row("\(name), \(single)", n: nodeCount, t: t, rounds: work.rounds))
      outcome.rows.append(all.row("\(name), \(many)", n: nodeCount, t: t, rounds: work.rounds))
      outcome.targets.append(
        Target(
          name: "\(name), \(single)", wanted: "p50 of \(work.p50) ms or less, no errors",
          figure: "p50 \(one.milliseconds.median.decimal(1)) ms, errors \(one.errorCount)",
          isReached: one.milliseconds.median <= Double(work.p50) && one.errorCount == 0))
      if let wanted = work.perSecond {
        outcome.targets.append(
          Target(
            name: "\(name), \(many)", wanted: "\(wanted) requests/s or more, no errors",
            figure: "\(all.perSecond.decimal(0)) requests/s, errors \(all.errorCount)",
            isReached: all.perSecond >= Double(wanted) && all.errorCount == 0))
      }
    }
    for user in everybody { await user.client.close() }
    return outcome
  }

  /// What users ask for, and what of it is wanted: milliseconds of one user's median, results per second of many.
  private struct Work {
    var name: String
    var rounds: Int
    var p50: Int
    var users: Int
    var perSecond: Int?
    var body: @Sendable (NetworkUser, Int) async throws -> Void
  }

  /// A user who knows the founding document and nothing else: attested connections to all nodes, and the key
  /// certificate from one of them, verified.
  private static func connecting(_ network: ProcessNetwork, _ registry: FileRegistry, _ t: Int) async throws -> Row {
    var samples: [Stopwatch] = []
    let nodesBefore = ProcessTimes.milliseconds(of: network.processIDs)
    for _ in 0..<12 {
      let user = try NetworkUser(0, wallets: 1, founding: network.founding, registry: registry)
      samples.append(try await Stopwatch.sample { _ = try await user.client.keyCertificate() })
      await user.client.close()
    }
    let time = Stopwatch.median(of: samples)
    let nodeCPU = (ProcessTimes.milliseconds(of: network.processIDs) - nodesBefore) / Double(samples.count)
    return Row(
      op: "network, a client connects", n: nodeCount, t: t, wallMedian: time.wallMilliseconds,
      cpuPerParty: nodeCPU / Double(nodeCount), bytesPerParty: 0, rounds: 2,
      note: "TLS and live evidence of every node, certificate verified; "
        + "user's CPU \(time.cpuMilliseconds.decimal(1)) ms")
  }
}
