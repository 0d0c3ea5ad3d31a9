import Authorization
import Client
import Foundation
import Identifiers
import IdentityEncryption
import Membership
import Node
import NodeHTTP
import NodeTestKit
import PeerLink
import ProtocolTestKit
import PublicKeys
import Secrets
import Signatures
import Testing
import Vault
import Wire

/// What happens around a running network: members leave, files and clocks go back, processes die.
@Suite(.serialized) struct `A network survives that` {
  @Test(.timeLimit(.minutes(3))) func `K7 nodes die while keys are made, and all have the same keys in the end`()
    async throws
  {
    for moment in [NodeStatus.Keys.State.generating, .certifying] {
      let network = try await TestNetwork(count: 4)
      try await network.start()
      let nodes = await network.nodes
      try? await network.waitUntil(within: .seconds(20), of: [nodes[0]]) {
        let state = await $0.status?.keys.state
        return state == moment || state == .active
      }
      await nodes[0].stop()
      try await nodes[0].start()
      try await network.generateKeys(within: .seconds(90))
      var certificates: Set<Digest32?> = []
      for node in nodes { certificates.insert(await node.status?.keys.certificate) }
      #expect(certificates.count == 1)
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ristretto255Sign)
      _ = try await user.client.sign(.message([1]), with: record.key, as: user.session([.sign(with: record.key)]))
      await network.remove()
    }
  }

  @Test(.timeLimit(.minutes(3))) func `T8 a slashed member is cut by all and serves nothing, the others go on`()
    async throws
  {
    try await withTestNetwork { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let snapshot = try #require(user.registry.current)
      let slashed = snapshot.members.map { member in
        Member(registration: member.registration, stake: member.node == nodes[0].id ? 0 : member.stake)
      }
      try await network.append(.members(slashed))
      try await network.waitUntil(within: .seconds(10), of: [nodes[0]]) {
        await $0.status?.readiness.reason == "not-a-member"
      }
      try await network.waitUntil(within: .seconds(10), of: Array(nodes.dropFirst())) { node in
        await node.status?.peers.first { $0.node == nodes[0].id }?.instance == nil
      }
      _ = try await user.client.sign(.message([1]), with: record.key, as: user.session([.sign(with: record.key)]))
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `O8 a restarted node with an older registry than it had seen serves nothing until it has the new one`()
    async throws
  {
    try await withTestNetwork { network in
      let node = await network.nodes[0]
      let old = network.directory.appending(path: "old.json")
      try FileManager.default.copyItem(atPath: network.registryPath, toPath: old.path)
      _ = try await TestUser(of: network).makeKey(.ed25519Sign)
      await node.stop()
      let registry = try FileRegistry(
        storage: RegistryFile(path: old.path), network: network.network, clock: network.clock)
      await node.adjust {
        $0.membership = registry
        $0.background = [{ await registry.run() }]
      }
      try await node.start()
      try await Task.sleep(for: .seconds(2))
      #expect(await node.status?.readiness.reason == "behind")
      try Data(contentsOf: URL(filePath: network.registryPath)).write(to: old, options: .atomic)
      try await network.waitUntil(within: .seconds(20), of: [node]) { await $0.isReady }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `O3 a node whose clock is set back by an hour serves nothing until it is right again`() async throws {
    let clock = ShiftedClock()
    let network = try await TestNetwork(count: 4)
    try await network.start()
    let node = await network.nodes[0]
    await node.stop()
    await node.adjust { $0.clock = clock }
    try await node.start()
    try await network.generateKeys()
    clock.shift(by: -3600)
    #expect(await node.status?.readiness.reason == "clock")
    clock.shift(by: 3597)
    #expect(await node.status?.readiness == .ready)
    await network.remove()
  }

  @Test(.timeLimit(.minutes(3))) func `O9 P38 nothing a user sends or gets is in logs, metrics, status or files`()
    async throws
  {
    let logs = LogCapture()
    let network = try await TestNetwork(count: 4, logger: logs.logger(label: "node"))
    try await network.start()
    try await network.generateKeys()
    let user = try TestUser(of: network)
    let canary = "canary-\(UUID().uuidString)"
    let record = try await user.makeKey(.ed25519Sign)
    let session = try user.session([.sign(with: record.key)])
    let signature = try await user.client.sign(.message(Array(canary.utf8)), with: record.key, as: session)
    let ecdsaKey = try await user.makeKey(.secp256k1ECDSA).key
    let ecdsa = try await user.client.sign(
      .message(Array(canary.utf8)), with: ecdsaKey, as: user.session([.sign(with: ecdsaKey)]))
    let policy = try DecryptionPolicy(anyOf: [user.wallet.address])
    let header = try await user.client.encryptor(for: policy).header
    let dataKey = try await user.client.dataKey(of: header, as: user.session([.decrypt(under: policy.hash)]))

    let seed = session.key.seed()
    var canaries = [
      Canary("the message", canary.utf8), Canary("the signature", signature.signature),
      Canary("the ECDSA signature", ecdsa.signature), Canary("the ECDSA digest", ecdsa.message),
      Canary("the data key", unsafe dataKey.withUnsafeBytes { unsafe Array($0) }),
      Canary("the capability", session.capability.siwe.utf8), Canary("the policy", policy.bytes),
      Canary("the wallet", session.wallet.bytes), Canary("the session key", session.key.publicKey),
      Canary("the session key's seed", unsafe seed.withUnsafeBytes { unsafe Array($0) }),
    ]
    var places = [(name: "the log", bytes: Array(logs.lines.joined(separator: "\n").utf8))]
    for node in await network.nodes {
      guard let vault = await node.vault, let seed = try await vault.identitySeed(),
        let shares = try await vault.activeShares(epoch: 1)
      else {
        Issue.record("a node without keys")
        continue
      }
      canaries.append(Canary("an identity seed", unsafe seed.withUnsafeBytes { unsafe Array($0) }))
      // The shares follow the certificate, which is public.
      var reader = ByteReader(unsafe shares.withUnsafeBytes { unsafe Array($0) })
      _ = try (reader.u8(), reader.u16(), reader.lp(limit: 1 << 20))
      while let share = try? reader.raw(32) { canaries.append(Canary("a share", share)) }
      places.append(("the metrics", Array(await node.metrics.render().utf8)))
      places.append(("the status", Array("\(String(describing: await node.status))".utf8)))
    }
    #expect(canaries.count > 4 * 6)
    await network.stop()
    let files = FileManager.default.enumerator(at: network.directory, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      // The registry is public and names the user's wallet.
      guard !file.lastPathComponent.hasPrefix("network.json"), let content = try? Data(contentsOf: file) else {
        continue
      }
      places.append((file.lastPathComponent, Array(content)))
    }
    #expect(places.count > 15)
    #expect(logs.lines.count > 20)
    let scanner = CanaryScanner(canaries)
    for (place, bytes) in places {
      for finding in scanner.findings(in: bytes) {
        Issue.record("\(finding.canary) is in \(place) as \(finding.spelling)")
      }
      #expect(!scanner.findings(in: bytes + Array(canary.utf8)).isEmpty, "\(place) is not searched")
    }
    await network.remove()
  }

  @Test(.timeLimit(.minutes(3))) func `A12 a wallet that asks too often is told when to come again`() async throws {
    var limits = NodeLimits()
    limits.walletBurst = 1
    limits.walletPerSecond = 1
    try await withTestNetwork(count: 4, limits: limits) { network in
      let nodes = try await `Five nodes in one process`.running(network.nodes.prefix(3))
      let user = try TestUser(of: network)
      let policy = try DecryptionPolicy(anyOf: [user.wallet.address])
      let session = try user.session([.decrypt(under: policy.hash)])
      func request() throws -> ManualRequest {
        try ManualRequest(
          .decrypt(policy: policy.bytes, dataKeyHash: .zero), to: nodes, as: session, issuedAt: network.clock.wall)
      }
      #expect(try await request().refusal(at: nodes[0]) == nil)
      #expect(try await request().refusal(at: nodes[0]) == .tooManyRequests)
      #expect(try await request().refusal(at: nodes[1]) == nil)
    }
  }
}

extension NodeReadiness {
  var reason: String? {
    switch self {
    case .ready: nil
    case .notReady(let reason, _): reason
    }
  }
}
