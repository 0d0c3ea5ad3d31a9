import Identifiers
import Membership
@testable import Node
import NodeTestKit
import PeerLink
import PublicKeys
import Signatures
import Synchronization
import Testing
import Transcripts
import Vault
import Wire

/// A member that takes part in key generation and then does what it likes with the key certificate; everybody else is a
/// whole node, over real links.
@Suite(.serialized) struct `A member that misuses the key certificate` {
  /// Four members, the first of which is in a rogue's hands from before the first key generation.
  ///
  /// - Parameters:
  ///   - latecomers: nodes that run and are no members yet; they come before all others in the list.
  ///   - body: gets the honest members.
  private func withRogue(
    _ hand: @escaping RogueKeyHolder.Hand, logs: LogCapture = LogCapture(), latecomers: Int = 0,
    _ body: (TestNetwork, RogueKeyHolder, [TestNode]) async throws -> Void
  ) async throws {
    let network = try await TestNetwork(count: latecomers + 4, logger: logs.logger(label: "node"))
    do {
      let rogue = try await network.start(listing: latecomers..<latecomers + 4) { nodes in
        try await RogueKeyHolder(replacing: nodes[latecomers], in: network, hand)
      }
      try await body(network, rogue, Array(network.nodes.suffix(3)))
      await rogue.stop()
      await network.remove()
    } catch {
      await network.remove()
      throw error
    }
  }

  /// All honest nodes have their one signature on disk, and nobody uses the keys.
  private func expectSigned(_ network: TestNetwork, _ honest: [TestNode]) async throws -> Digest32 {
    try await network.waitUntil(within: .seconds(60), of: honest) {
      (try? await $0.vault?.signedCertificate(epoch: 1)) != nil
    }
    let digest = try #require(try await honest[0].vault?.signedCertificate(epoch: 1)?.digest)
    await expectNoKeys(honest)
    return digest
  }

  private func expectNoKeys(_ honest: [TestNode], sourceLocation: SourceLocation = #_sourceLocation) async {
    for node in honest {
      let status = await node.status
      #expect(status?.keys.state == .certifying, sourceLocation: sourceLocation)
      #expect(status?.keys.certificate == nil, sourceLocation: sourceLocation)
      #expect(status?.readiness.reason == "keys-missing", sourceLocation: sourceLocation)
      #expect(await node.vault?.activeEpochs() == [], sourceLocation: sourceLocation)
    }
  }

  /// The network ends up with this certificate at every honest node, each having signed it and nothing else.
  private func expectKeys(_ digest: Digest32, _ network: TestNetwork, _ honest: [TestNode]) async throws {
    try await network.waitUntil(within: .seconds(30), of: honest) { await $0.status?.keys.certificate == digest }
    for node in honest {
      #expect(try await node.vault?.signedCertificate(epoch: 1)?.digest == digest)
    }
    try await network.append(.keyCertificate(epoch: 1, digest: digest))
    try await network.waitUntil(within: .seconds(20), of: honest) { await $0.isReady }
  }

  @Test(.timeLimit(.minutes(3)))
  func `K1 P4 a withheld signature leaves nobody with keys, and everybody once it is given`() async throws {
    try await withRogue(RogueKeyHolder.withholding) { network, rogue, honest in
      let digest = try await expectSigned(network, honest)
      // Two rounds of saying things again change nothing, also not for who was restarted.
      await honest[0].stop()
      try await honest[0].start()
      try await Task.sleep(for: .seconds(7))
      await expectNoKeys(honest)
      rogue.behave(RogueKeyHolder.honest)
      try await expectKeys(digest, network, honest)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `K1 P4 a signature shown to one member alone gives everybody the keys`() async throws {
    let favourites = Mutex<Set<NodeID>>([])
    try await withRogue({ frame, node in
      favourites.withLock { $0.contains(node) } ? [frame] : RogueKeyHolder.withholding(frame, node)
    }) { network, _, honest in
      favourites.withLock { $0 = [honest[0].id] }
      try await network.waitUntil(within: .seconds(60), of: [honest[0]]) { await $0.status?.keys.certificate != nil }
      let digest = try #require(await honest[0].status?.keys.certificate)
      try await expectKeys(digest, network, honest)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `K1 P4 acknowledging to some and denying to one gives keys to nobody, and the next epoch has them`()
    async throws
  {
    let deceived = Mutex<Set<NodeID>>([])
    try await withRogue({ frame, node in
      deceived.withLock { $0.contains(node) } ? RogueKeyHolder.silentAboutCertificates(frame, node) : [frame]
    }) { network, rogue, honest in
      deceived.withLock { $0 = [honest[1].id] }
      let signers = [honest[0], honest[2]]
      try await network.waitUntil(within: .seconds(60), of: signers) {
        (try? await $0.vault?.signedCertificate(epoch: 1)) != nil
      }
      let digest = try #require(try await honest[0].vault?.signedCertificate(epoch: 1)?.digest)
      try await rogue.send(.certificateAbsence(.init(epoch: 1, digest: digest)), to: honest[1])
      try await network.waitUntil(within: .seconds(10), of: [honest[1]]) {
        await $0.vault?.pendingDigest(epoch: 1) == nil
      }
      try await network.waitUntil(within: .seconds(10), of: signers) { await $0.status?.keys.problem != nil }
      for node in honest { #expect(await node.vault?.activeEpochs() == []) }
      await rogue.stop()
      let nodes = await network.nodes
      try await nodes[0].start()
      try await network.append(.epoch(2))
      try await network.waitUntil(within: .seconds(60)) { await $0.vault?.activeEpochs() == [2] }
      let next = try #require(await nodes[0].status?.keys.certificate)
      try await network.append(.keyCertificate(epoch: 2, digest: next))
      try await network.waitUntil(within: .seconds(20)) { await $0.isReady }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `K7 P41 signatures of another body and forged certificates change nothing and blame nobody else`() async throws {
    let logs = LogCapture()
    try await withRogue(RogueKeyHolder.withholding, logs: logs) { network, rogue, honest in
      let digest = try await expectSigned(network, honest)
      let body = try #require(await rogue.body)
      let other = try Self.another(body)
      let wrong = rogue.key.sign(other.messageToSign)
      let forged = try UnverifiedKeyCertificate(
        body: body, signatures: body.members.map { .init(node: $0.node, signature: wrong) })
      let foreign = try UnverifiedKeyCertificate(
        body: other, signatures: body.members.map { .init(node: $0.node, signature: wrong) })
      for node in honest {
        try await rogue.send(
          .certificateSignature(.init(epoch: 1, digest: other.digest, signature: wrong)), to: node)
        try await rogue.send(.certificateSignature(.init(epoch: 1, digest: digest, signature: wrong)), to: node)
        for certificate in [forged, foreign] {
          try await rogue.send(.certificate(.init(epoch: 1, encoded: certificate.encoded)), to: node)
        }
        // And at last it says that it never signed, for which the others shall make new keys with it.
        try await rogue.send(.certificateAbsence(.init(epoch: 1, digest: digest)), to: node)
        try await rogue.send(
          .networkNonce(
            .init(epoch: 1, purpose: KeyGenerationRun.purpose, attempt: 100, nonce: Digest32.sha256(of: [1]))),
          to: node)
      }
      try await network.waitUntil(within: .seconds(10)) { _ in
        logs.lines.count { $0.contains("begin the next epoch") } == honest.count
      }
      await expectNoKeys(honest)
      let blamed = logs.lines.filter { $0.contains("sent a signature that does not hold") }
      #expect(blamed.count == honest.count)
      for line in blamed { #expect(line.contains(rogue.identity.node.text)) }
      // It had signed, of course; each of the others still has given its one signature for the epoch.
      rogue.behave(RogueKeyHolder.honest)
      try await expectKeys(digest, network, honest)
    }
  }

  /// The same members with other roots.
  private static func another(_ body: KeyCertificateBody) throws -> KeyCertificateBody {
    try KeyCertificateBody(
      network: body.network, epoch: body.epoch, threshold: body.threshold, members: body.members,
      roots: body.roots.mapValues { $0.reversed() })
  }

  @Test(.timeLimit(.minutes(3))) func `K7 N if all signed twice there would be two certificates`() async throws {
    try await withRogue(RogueKeyHolder.honest) { network, rogue, honest in
      try await network.waitUntil(within: .seconds(60), of: honest) { await $0.status?.keys.certificate != nil }
      let body = try #require(await rogue.body)
      let other = try Self.another(body)
      var keys = [rogue.identity.node: rogue.key]
      let anchor = UnverifiedKeyCertificate.Anchor.members(
        Dictionary(uniqueKeysWithValues: body.members.map { ($0.node, $0.identityKey) }))
      func certificate() throws(KeyCertificateError) -> KeyCertificate {
        try UnverifiedKeyCertificate(
          body: other, signatures: keys.map { .init(node: $0.key, signature: $0.value.sign(other.messageToSign)) }
        ).verified(network: network.network, epoch: 1, anchor: anchor)
      }
      #expect(throws: KeyCertificateError.self) { try certificate() }
      for node in honest {
        let vault = try #require(await node.vault)
        // What keeps a node from it is its vault.
        await #expect(throws: VaultError.anotherCertificateSigned(epoch: 1)) {
          try await vault.recordCertificateSignature(
            epoch: 1,
            SignedCertificateRecord(digest: other.digest, signature: [UInt8](repeating: 1, count: 64)))
        }
        keys[node.id] = try await NodeIdentityKey.open(in: vault)
      }
      #expect(try certificate().digest == other.digest)
      #expect(other.digest != body.digest)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `K1 K7 a node that restarts while members change finishes with those its shares were made with`() async throws {
    try await withRogue(RogueKeyHolder.silentAboutCertificates, latecomers: 1) { network, rogue, honest in
      try await network.waitUntil(within: .seconds(60), of: honest) { await $0.vault?.pendingDigest(epoch: 1) != nil }
      // The new first member moves all others by one place in the registry, and in no share.
      try await network.list(0..<5)
      await honest[0].stop()
      try await honest[0].start()
      try await network.waitUntil(within: .seconds(20), of: [honest[0]]) {
        await $0.status?.keys.state == .certifying
      }
      rogue.behave(RogueKeyHolder.honest)
      let digest = try #require(await rogue.body).digest
      try await expectKeys(digest, network, honest)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `K1 K7 after an abandoned ceremony keys are made with the members of now`() async throws {
    try await withRogue(RogueKeyHolder.silentAboutCertificates, latecomers: 1) { network, rogue, honest in
      try await network.waitUntil(within: .seconds(60), of: honest) { await $0.vault?.pendingDigest(epoch: 1) != nil }
      let abandoned = try #require(await honest[0].vault?.pendingDigest(epoch: 1))
      try await network.list(0..<5)
      // The node itself comes back, and knows nothing of what was done in its name.
      await rogue.stop()
      let nodes = await network.nodes
      try await nodes[1].start()
      try await network.waitUntil(within: .seconds(90)) { await $0.status?.keys.certificate != nil }
      var certificates: Set<Digest32?> = []
      for node in nodes { certificates.insert(await node.status?.keys.certificate) }
      #expect(certificates.count == 1)
      #expect(!certificates.contains(abandoned))
    }
  }
}
