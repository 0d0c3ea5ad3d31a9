import Authorization
import Client
import Identifiers
import Membership
import Node
import NodeHTTP
import NodeTestKit
import PeerLink
import Secrets
import Signatures
import Testing
import Wire

/// Requests that were sent once and come again: from whom, where and when does not matter.
@Suite(.serialized) struct `A request that comes again` {
  @Test(.timeLimit(.minutes(3)))
  func `A7 a member of the quorum that sends it to the others gets nothing, before the user and after`() async throws {
    try await withTestNetwork(count: 4) { network in
      let setting = try await PortSetting(network)
      let request = try setting.request(setting.signature)
      let untouched = await setting.trace()
      try await Self.attack(request, setting)
      #expect(await setting.trace() == untouched)

      // With the other node's own delivery it is the user's request, and runs once, for the user.
      let victim = setting.ports[1]
      let rogue = try await ClientPort(to: victim.entry.node, in: setting.user.registry, clock: network.clock)
      let copied = Task { try await rogue.post(request) }
      try await network.waitUntil(within: .seconds(5), of: [setting.nodes[1]]) {
        await $0.status?.pendingRequests == 1
      }
      #expect(try await victim.post(request).refusal == .duplicateRequest)
      let others = setting.quorumPorts.filter { $0.entry != victim.entry }
      let shares = try await withThrowingTaskGroup(of: Bool.self) { group in
        for port in others { group.addTask { try await port.outcome(of: request).isShare } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(shares == others.map { _ in true })
      let stolen = try await copied.value.body
      let context = ReplyContext(request: request.signed.id, node: victim.entry.node, instance: victim.entry.instance)
      #expect(throws: ReplyRefusal.self) { try SealedReply(decoding: stolen).open(with: ReplyKey(), from: context) }
      let users = try await victim.post(request).body
      #expect(users == stolen)
      #expect(try request.open(users, from: victim.entry).isShare)

      let done = await setting.trace()
      try await Self.attack(request, setting)
      #expect(try await victim.post(request).body == stolen)
      #expect(await setting.trace() == done)
    }
  }

  @Test(.timeLimit(.minutes(3))) func `A7 N a node that looks at no delivery works for whoever passes a request on`()
    async throws
  {
    let overlooked = OverlookedReason()
    try await withTestNetwork(count: 4, make: WeakNode.lenient(overlooked)) { network in
      overlooked.set(.delivery)
      let setting = try await PortSetting(network)
      let request = try setting.request(setting.decryption)
      let passedOn = request.submission(to: setting.ports[0].entry).encoded
      let answer = try await setting.ports[1].post(passedOn, request.path)
      #expect(try request.open(answer.body, from: setting.ports[1].entry).isShare)
    }
  }

  /// What the first node of the quorum can make of a request it was given, sent to the second one.
  private static func attack(_ request: ManualRequest, _ setting: PortSetting) async throws {
    let victim = setting.ports[1]
    let own = request.submission(to: setting.ports[0].entry)
    var random = SystemRandom()
    let rogue = RequestBuilder(sessionKey: Ed25519SigningKey(from: &random))
    let forged = RequestSubmission(
      request: request.signed, delivery: rogue.delivery(of: request.signed, to: victim.entry))
    // The user's capability in a request of the rogue's own, for its own reply key.
    let stolen = try setting.request(setting.signature).signed.payload
    let signed = try rogue.sign(
      RequestPayload(
        network: stolen.network, epoch: stolen.epoch, quorum: stolen.quorum, operation: stolen.operation,
        replyKey: ReplyKey().publicKey, nonce: stolen.nonce, issuedAt: stolen.issuedAt, expiresAt: stolen.expiresAt,
        capability: stolen.capability))
    // The user's signature under another message, and under another key.
    let others: [Wire.Operation] = [
      .sign(key: setting.record.key, content: .message([66])),
      .sign(key: setting.strangersRecord.key, content: .message([1])),
    ]
    let altered = try others.map { operation in
      let other = try setting.request(operation).signed
      return try SignedRequest(
        protectedText: other.protectedText, payloadText: other.payloadText, signature: request.signed.signature)
    }
    let without = replacing("\"delivery\":", "\"nothing\":", in: own.encoded)
    var attempts: [([UInt8], ErrorCode)] = [
      (own.encoded, .invalidSignature), (without, .invalidRequest), (forged.encoded, .invalidSignature),
      (
        RequestSubmission(request: signed, delivery: rogue.delivery(of: signed, to: victim.entry)).encoded,
        .invalidCapability
      ),
    ]
    for request in altered {
      attempts.append(
        (RequestSubmission(request: request, delivery: own.delivery).encoded, .invalidSignature))
    }
    for (place, (body, code)) in attempts.enumerated() {
      #expect(try await victim.post(body, "/v1/sign").refusal == code, "attempt \(place)")
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A3 A5 it runs once: not again at once, at another node, or after a restart, and not when there is no room`()
    async throws
  {
    var limits = NodeLimits()
    limits.rememberedRequests = 1
    try await withTestNetwork(count: 4, limits: limits) { network in
      let setting = try await PortSetting(network)
      let request = try setting.request(setting.decryption)
      let first = try await setting.ports[0].post(request)
      #expect(try request.open(first.body, from: setting.ports[0].entry).isShare)
      let done = await setting.trace()
      #expect(try await setting.ports[0].post(request) == first)

      let full = try await setting.ports[0].post(setting.request(setting.decryption))
      #expect(full.refusal == .overloaded)
      #expect(try await setting.ports[0].post(request) == first)
      let elsewhere = request.submission(to: setting.ports[0].entry).encoded
      #expect(try await setting.ports[1].post(elsewhere, request.path).refusal == .invalidSignature)
      #expect(await setting.trace() == done)

      let restarted = try await Self.restart(setting)
      #expect(try await restarted.post(elsewhere, request.path).refusal == .wrongQuorum)
      // A delivery to the node as it runs now does not help: the request itself names another instance.
      #expect(try await restarted.post(request).refusal == .wrongQuorum)
      #expect(await setting.nodes[0].metrics.render().contains("quorate_requests_total") == false)
    }
  }

  @Test(.timeLimit(.minutes(3))) func `A3 A5 N nodes that forget, or do not look at instances, run it again`()
    async throws
  {
    let overlooked = OverlookedReason()
    try await withTestNetwork(count: 4, make: WeakNode.forgetful(overlooked)) { network in
      let setting = try await PortSetting(network)
      let request = try setting.request(setting.decryption)
      let first = try await setting.ports[0].post(request)
      let second = try await setting.ports[0].post(request)
      #expect(first != second, "the same bytes although nothing was kept")
      #expect(try request.open(second.body, from: setting.ports[0].entry).isShare)
      #expect(await Self.shares(of: setting.nodes[0]) == 2)

      overlooked.set(.notThisInstance)
      let restarted = try await Self.restart(setting)
      let third = try await restarted.post(request)
      #expect(try request.open(third.body, from: restarted.entry).isShare)
    }
  }

  @Test(.timeLimit(.minutes(3))) func `A5 N a ledger that makes room runs the first request again after the second`()
    async throws
  {
    try await withTestNetwork(count: 4, make: WeakNode.evicting) { network in
      let setting = try await PortSetting(network)
      let request = try setting.request(setting.decryption)
      let first = try await setting.ports[0].post(request)
      #expect(try await setting.ports[0].post(request) == first)
      #expect(try await setting.ports[0].post(setting.request(setting.decryption)).status == 200)
      #expect(try await setting.ports[0].post(request) != first)
      #expect(await Self.shares(of: setting.nodes[0]) == 3)
    }
  }

  /// The first node, started again.
  private static func restart(_ setting: PortSetting) async throws -> ClientPort {
    let node = setting.nodes[0]
    await node.stop()
    try await node.start()
    try await setting.network.waitUntil(within: .seconds(30), of: [node]) { await $0.isReady }
    return try await ClientPort(to: node.id, in: setting.user.registry, clock: setting.network.clock)
  }

  private static func shares(of node: TestNode) async -> Int {
    await node.metrics.render().split(separator: "\n")
      .filter { $0.hasPrefix("quorate_requests_total") && $0.contains("result=\"share\"") }
      .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0) { $0 + Int($1) }
  }
}
