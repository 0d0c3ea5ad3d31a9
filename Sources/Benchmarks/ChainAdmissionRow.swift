internal import Authorization
internal import ChainRegistry
internal import ChainTestKit
internal import Client
internal import EthereumRPC
internal import Identifiers
internal import Membership
internal import Secrets
internal import Signatures
internal import Wire

/// What steps 1 to 5 of a request cost where the registry is on a chain, and how often the chain is asked for it.
enum ChainAdmissionRow {
  private static let memberCount = 5

  static func row() async throws -> Row {
    let network = try SampleChainNetwork(members: memberCount)
    var contracts = try network.registry()
    let record = try network.record()
    contracts.entries = [SimulatedRegistry.Entry(record)]
    let reading = try SimulatedReading(network, contracts)
    await reading.registry.refresh()
    guard let snapshot = reading.registry.current else { throw BenchmarkFailure.chain("the registry cannot be read") }

    let quorum = try quorum(of: snapshot)
    let order = try order(network, record, quorum, snapshot)
    let rules = QuorumRules(
      epoch: 1, certificate: .zero, threshold: quorum.count, members: Set(snapshot.members.map(\.node)))
    guard let own = quorum.entries.first else { throw BenchmarkFailure.chain("no quorum") }
    let authorizer = Authorizer(node: own.node, instance: own.instance)
    let wall = SystemClock().wall
    _ = reading.takeTraffic()
    var count = 0
    let time = try Stopwatch.measure { () throws in
      guard let view = reading.registry.current else { throw BenchmarkFailure.chain("the view is too old") }
      _ = try authorizer.authorize(
        body: order, at: ClockReading(wall: wall, highest: wall), in: view, under: rules)
      count += 1
    }
    let calls = reading.takeTraffic().calls
    return Row(
      op: "registry on a chain, admission of a request", n: memberCount, t: quorum.count,
      wallMedian: time.wallMilliseconds, cpuPerParty: time.cpuMilliseconds, bytesPerParty: order.count, rounds: 0,
      note: "\(calls) calls to the chain in \(count) admissions; bytes of the request")
  }

  private static func quorum(of snapshot: MembershipSnapshot) throws -> Quorum {
    let threshold = snapshot.members.count * 2 / 3 + 1
    return try Quorum(
      snapshot.members.prefix(threshold).map {
        QuorumEntry(node: $0.node, instance: try Instance(bytes: $0.identityKey))
      })
  }

  /// A request to sign, as the first node of the quorum gets it.
  private static func order(
    _ network: SampleChainNetwork, _ record: KeyRecord, _ quorum: Quorum, _ view: MembershipSnapshot
  ) throws -> [UInt8] {
    var random = SystemRandom()
    let now = SystemClock().wall
    let session = try UserSession(
      wallet: network.owner, founding: network.founding, grants: [.sign(with: record.key)], lifetime: 600, now: now,
      from: &random)
    let builder = RequestBuilder(sessionKey: session.key)
    let request = try builder.sign(
      RequestPayload(
        network: network.founding.network, epoch: 1, quorum: quorum,
        operation: .sign(key: record.key, content: .message([1])), replyKey: ReplyKey().publicKey,
        nonce: random.bytes(WireLimits.nonce), issuedAt: now, expiresAt: now.adding(seconds: 120),
        capability: session.capability.forRequest(at: nil), registryNumber: view.number))
    guard let submission = builder.submissions(of: request).first?.submission else {
      throw BenchmarkFailure.chain("no submission")
    }
    return submission.encoded
  }
}
