import Authorization
import Client
import Curves
import Identifiers
import Membership
import NodeHTTP
import NodeTestKit
import PeerLink
import ProtocolTestKit
import PublicKeys
import Secrets
import Signatures
import Synchronization
import Testing
import Transcripts
import Wire

@testable import Node

/// Nodes over real sockets that sign by ECDSA; each pair of them has a set-up of its own.
@Suite(.serialized) struct `Threshold ECDSA among nodes` {
  @Test(.timeLimit(.minutes(3)))
  func `P1 four of five sign messages, files and digests, and ordinary verifiers agree`() async throws {
    try await withPairedNetwork { network in
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.secp256k1ECDSA)
      let session = try user.session([.sign(with: record.key)])
      var random = SystemRandom()
      let file = Digest32.sha256(of: [1, 2, 3])
      let raw = random.bytes(32)
      let contents: [(ContentToSign, [String: any Sendable])] = [
        (.message(Array("a message".utf8)), ["kind": "message", "message": Hex.encode("a message".utf8)]),
        (.file(digest: file, byteCount: 3), ["kind": "file", "sha256": Hex.encode(file.bytes), "size": 3]),
        (.raw(raw), ["kind": "raw", "message": Hex.encode(raw)]),
      ]
      var records: [[String: any Sendable]] = []
      for (content, described) in contents {
        let finished = try await user.client.sign(content, with: record.key, as: session)
        #expect(SignatureVerification.isValid(finished.signature, of: content, under: finished.publicKey))
        let other = ContentToSign.message(Array("another".utf8))
        #expect(!SignatureVerification.isValid(finished.signature, of: other, under: finished.publicKey))
        // Recovery is how Ethereum finds the signer.
        let ecdsa = try #require(finished.ecdsa)
        let recovered = try EthereumSignature.recover(
          digest: Digest32(bytes: finished.message), signature: ecdsa.compact + [27 + ecdsa.recoveryID])
        #expect(try recovered == WalletAddress(publicKey: Secp256k1.Element(canonicalBytes: finished.publicKey.bytes)))
        var complete = described
        complete["check"] = "sign"
        complete["scheme"] = "ecdsa"
        complete["publicKey"] = Hex.encode(finished.publicKey.bytes)
        complete["signature"] = Hex.encode(finished.signature)
        complete["der"] = Hex.encode(ecdsa.der)
        complete["recoveryID"] = Int(ecdsa.recoveryID)
        records.append(complete)
      }
      try IndependentOutput.leave(records, as: "ecdsa-cluster")
      await #expect(throws: ClientError.self) {
        try await user.client.sign(.raw([1]), with: record.key, as: session)
      }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `P10 two clients' signatures under one key at once, each valid for its own message`() async throws {
    try await withPairedNetwork { network in
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.secp256k1ECDSA)
      let session = try user.session([.sign(with: record.key)])
      let contents = [ContentToSign.message([1]), .message([2])]
      let clients = [
        user.client,
        QuorateClient(registry: user.registry, connector: DirectConnector(network), clock: network.clock),
      ]
      let signed = try await withThrowingTaskGroup(of: (Int, FinishedSignature).self) { group in
        for (place, content) in contents.enumerated() {
          group.addTask { (place, try await clients[place].sign(content, with: record.key, as: session)) }
        }
        return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
      for (place, content) in contents.enumerated() {
        let finished = try #require(signed[place])
        #expect(SignatureVerification.isValid(finished.signature, of: content, under: finished.publicKey))
        let other = contents[1 - place]
        #expect(!SignatureVerification.isValid(finished.signature, of: other, under: finished.publicKey))
      }
      #expect(signed[0]?.signature.prefix(32) != signed[1]?.signature.prefix(32), "a nonce was used twice")
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A5 P22 a request runs once, comes back with the identical bytes, and nothing of it is left`() async throws {
    try await withPairedNetwork { network in
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.secp256k1ECDSA)
      let quorum = try await `Five nodes in one process`.running(network.nodes.prefix(4))
      let session = try user.session([.sign(with: record.key)])
      let request = try ManualRequest(
        .sign(key: record.key, content: .message([1])), to: quorum, as: session, issuedAt: network.clock.wall)
      let first = try await `Five nodes in one process`.answers(to: request, of: quorum)
      for (node, answer) in zip(quorum, first) {
        #expect(try request.open(answer, from: node).isShare)
        #expect(try await node.answer(request.submission(to: node), .sign) == answer)
      }
      for node in quorum {
        let status = await node.status()
        #expect(status.sessions == 0 && status.pendingRequests == 0)
        #expect(status.pairSetups.ready == 4)
      }
      // The same order in a new request has other nonces: nothing of the first was kept for it.
      let again = try ManualRequest(
        .sign(key: record.key, content: .message([1])), to: quorum, as: session, issuedAt: network.clock.wall)
      let second = try await `Five nodes in one process`.outcomes(of: again, at: quorum)
      let points = try [zip(quorum, first).map { try request.open($0.1, from: $0.0) }, second].map { outcomes in
        Set(outcomes.map(\.noncePoint))
      }
      #expect(points.allSatisfy { $0.count == 1 && !$0.contains(nil) })
      #expect(points[0] != points[1])
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `K7 O5 a node that restarts makes its set-ups anew, and signs with the others`() async throws {
    try await withPairedNetwork { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.secp256k1ECDSA)
      let session = try user.session([.sign(with: record.key)])
      await nodes[0].stop()
      _ = try await user.client.sign(.message([1]), with: record.key, as: session)
      try await nodes[0].start()
      await nodes[1].stop()
      try await network.waitUntil(within: .seconds(30), of: [nodes[0]]) { node in
        guard await node.isReady else { return false }
        return await node.status?.pairSetups.ready == 3
      }
      // Four are left and four are needed, the restarted one among them.
      let finished = try await user.client.sign(.message([2]), with: record.key, as: session)
      #expect(SignatureVerification.isValid(finished.signature, of: .message([2]), under: finished.publicKey))
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `T8 a slashed member loses its set-ups at once, and has new ones when it is back`() async throws {
    try await withPairedNetwork { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let members = try #require(user.registry.current).members
      let slashed = members.map { member in
        Member(registration: member.registration, stake: member.node == nodes[0].id ? 0 : member.stake)
      }
      try await network.append(.members(slashed))
      try await network.waitUntil(within: .seconds(20), of: Array(nodes.dropFirst())) {
        await $0.status?.pairSetups.ready == 3
      }
      try await network.append(.members(members))
      try await network.waitUntil(within: .seconds(60)) { await $0.status?.pairSetups.ready == 4 }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `P40 a member that stops in a round is replaced by the spare in a new request`() async throws {
    try await withPairedNetwork { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.secp256k1ECDSA)
      let session = try user.session([.sign(with: record.key)])
      let rogue = try await RogueSigner(replacing: nodes[0], in: network)
      try await waitForPairs(of: rogue)
      for round in 1...2 as ClosedRange<UInt8> {
        // A new client, which knows nothing against the rogue.
        let client = QuorateClient(
          registry: user.registry, connector: MixedConnector(honest: DirectConnector(network), rogue: rogue),
          clock: network.clock)
        let death = Death()
        rogue.deviate { frame, _ in
          if case .session(let session) = frame, session.round >= round { death.come() }
          return death.hasCome ? nil : frame
        }
        let finished = try await client.sign(.message([round]), with: record.key, as: session)
        #expect(SignatureVerification.isValid(finished.signature, of: .message([round]), under: finished.publicKey))
        #expect(rogue.requestCount == Int(round))
        #expect(death.hasCome)
        for node in nodes.dropFirst() {
          #expect(await node.status?.pairSetups.backingOff == 0, "silence burns nothing")
        }
      }
      await rogue.stop()
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `P17 P18 a member that fails the consistency check burns its own set-ups only, and gets new ones after a pause`()
    async throws
  {
    try await withPairedNetwork { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.secp256k1ECDSA)
      let session = try user.session([.sign(with: record.key)])
      let rogue = try await RogueSigner(replacing: nodes[0], in: network)
      try await waitForPairs(of: rogue)
      let honest = Array(nodes[1...3])
      let quorum = try await `Five nodes in one process`.running(honest)
      rogue.deviate { frame, _ in
        guard case .session(var session) = frame, session.round == 1, session.channel == .direct else { return frame }
        session.payload[session.payload.count - 1] ^= 1
        return .session(session)
      }
      let outcomes = try await rogue.outcomes(
        of: .sign(key: record.key, content: .message([1])), with: quorum, as: session, at: network.clock)
      for outcome in outcomes {
        guard case .failed(let failed) = outcome else {
          Issue.record("a share left although the check failed")
          continue
        }
        #expect(failed.code == .peerCheated)
        #expect(failed.suspects == [.init(node: nodes[0].id, reason: .cheated)])
      }
      for node in honest {
        let setups = await node.status?.pairSetups
        #expect(setups?.ready == 3)
        #expect(await node.metrics.render().contains("quorate_pair_setup_results_total{result=\"burned\"} 1"))
      }
      // Meanwhile a quorum without it signs.
      _ = try await user.client.sign(.message([2]), with: record.key, as: session)
      // And with it, once it behaves and its pause is over.
      rogue.deviate { frame, _ in frame }
      try await network.waitUntil(within: .seconds(30), of: honest) { await $0.status?.pairSetups.ready == 4 }
      let recovered = try await rogue.outcomes(
        of: .sign(key: record.key, content: .message([3])), with: quorum, as: session, at: network.clock)
      for outcome in recovered { #expect(outcome.isShare, "\(outcome)") }
      await rogue.stop()
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `P40 a request to a pair without a set-up fails soon and says which two have none`() async throws {
    try await withPairedNetwork { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.secp256k1ECDSA)
      let rogue = try await RogueSigner(replacing: nodes[0], in: network) { frame, _ in
        if case .networkSession = frame { nil } else { frame }
      }
      let quorum = try await `Five nodes in one process`.running(nodes[1...3])
      try await network.waitUntil(within: .seconds(20), of: Array(nodes[1...3])) { node in
        await node.status?.peers.allSatisfy { $0.instance != nil } == true
      }
      let started = ContinuousClock.now
      let outcomes = try await rogue.outcomes(
        of: .sign(key: record.key, content: .message([1])), with: quorum, as: user.session([.sign(with: record.key)]),
        at: network.clock)
      #expect(ContinuousClock.now - started < .seconds(10))
      for outcome in outcomes {
        guard case .failed(let failed) = outcome else {
          Issue.record("a share left without a set-up")
          continue
        }
        #expect(failed.code == .peersMissing || failed.code == .disagreement)
        #expect(failed.suspects.contains { $0.node == nodes[0].id && $0.reason != .cheated }, "\(failed)")
      }
      await rogue.stop()
    }
  }
}

extension `Threshold ECDSA among nodes` {
  /// A running network in which every pair has its set-up.
  private func withPairedNetwork(_ body: (TestNetwork) async throws -> Void) async throws {
    try await withTestNetwork { network in
      try await network.waitUntil(within: .seconds(60)) { await $0.status?.pairSetups.ready == 4 }
      try await body(network)
    }
  }

  private func waitForPairs(of rogue: RogueSigner) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while await rogue.pairCounts.ready < 4 {
      guard ContinuousClock.now < deadline else { throw TestNetworkError.timedOut(rogue.identity.node, nil) }
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}

extension RogueSigner {
  /// What the honest nodes of a quorum with this member answer, while it takes part.
  func outcomes(
    of operation: Operation, with honest: [Node], as session: UserSession, at clock: any LocalClock
  ) async throws -> [ReplyOutcome] {
    let request = try ManualRequest(
      operation, naming: honest.map(\.identity) + [identity], as: session, issuedAt: clock.wall)
    async let own = takePart(
      in: request.submission(to: QuorumEntry(node: identity.node, instance: identity.instance)))
    let answers = try await `Five nodes in one process`.outcomes(of: request, at: honest)
    _ = try? await own
    return answers
  }
}

extension ReplyOutcome {
  var noncePoint: [UInt8]? {
    if case .ecdsaShare(let share) = self { share.noncePoint } else { nil }
  }
}

/// Once it has come it stays.
private final class Death: Sendable {
  private let state = Atomic<Bool>(false)

  var hasCome: Bool { state.load(ordering: .sequentiallyConsistent) }
  func come() { state.store(true, ordering: .sequentiallyConsistent) }
}
