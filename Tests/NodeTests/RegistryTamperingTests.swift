import Authorization
import Client
import Foundation
import Identifiers
import Membership
@testable import Node
import NodeTestKit
import PeerLink
import PublicKeys
import Signatures
import Testing
import Wire

/// Hosts that show their nodes another registry than the one there is, while the network runs.
@Suite(.serialized) struct `A registry that somebody tampers with` {
  @Test(.timeLimit(.minutes(3)))
  func `O8 a host that edits, shortens or rolls back its node's copy stops that node and no other`() async throws {
    try await withTestNetwork { network in
      let node = await network.nodes[0]
      let user = try TestUser(of: network)
      let old = try network.registryBytes
      let record = try await user.makeKey(.ed25519Sign)
      let hosted = try HostedRegistry(of: node, in: network)
      try await hosted.restart(node)
      try await network.waitUntil(within: .seconds(20), of: [node]) { await $0.isReady }

      for tampering in RegistryTampering.allCases {
        try hosted.write(tampering(network.registryBytes))
        try await expectStop(of: node, "registry-unavailable", in: network, user, record)
        // A history that was seen to change is not believed again, even when it is the right one.
        try hosted.restore()
        try await Task.sleep(for: FileRegistry.pollInterval * 2)
        #expect(await node.status?.readiness.reason == "registry-unavailable")
        try await hosted.restart(node)
        try await network.waitUntil(within: .seconds(20), of: [node]) { await $0.isReady }
      }

      await node.stop()
      try hosted.write(old)
      try await hosted.restart(node)
      try await expectStop(of: node, "behind", in: network, user, record)
      // A reader without the node's memory finds nothing wrong with the older file.
      let forgetful = try FileRegistry(
        storage: RegistryFile(path: hosted.path), network: network.network, clock: network.clock)
      #expect(forgetful.current?.keyRecord(record.key) == nil)
      try hosted.restore()
      try await network.waitUntil(within: .seconds(20), of: [node]) { await $0.isReady }
    }
  }

  private func expectStop(
    of node: TestNode, _ reason: String, in network: TestNetwork, _ user: TestUser, _ record: KeyRecord,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await network.waitUntil(within: .seconds(10), of: [node]) { await $0.status?.readiness.reason == reason }
    let session = try user.session([.sign(with: record.key)])
    // The others serve; it does not, whatever it is asked.
    let signature = try await user.client.sign(.message([1]), with: record.key, as: session)
    #expect(
      SignatureVerification.isValid(signature.signature, of: .message([1]), under: signature.publicKey),
      sourceLocation: sourceLocation)
    let running = try await `Five nodes in one process`.running(network.nodes.prefix(4))
    let request = try ManualRequest(
      .sign(key: record.key, content: .message([2])), to: running, as: session, issuedAt: network.clock.wall)
    #expect(await request.refusal(at: running[0]) == .notReady, sourceLocation: sourceLocation)
  }

  @Test(.timeLimit(.minutes(3)))
  func `O8 a registry edited or shortened under all nodes stops all of them, and they remember it`() async throws {
    try await withTestNetwork(count: 4) { network in
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let session = try user.session([.sign(with: record.key)])
      let file = RegistryFile(path: network.registryPath)
      let good = try network.registryBytes
      for tampering in RegistryTampering.allCases {
        try file.replace(with: tampering(good))
        try await network.waitUntil(within: .seconds(10)) {
          await $0.status?.readiness.reason == "registry-unavailable"
        }
        // The user's own reader does not believe it either.
        user.registry.refresh()
        await #expect(throws: ClientError.registryUnavailable) {
          _ = try await user.client.sign(.message([1]), with: record.key, as: session)
        }
        if tampering == .edited {
          try file.replace(with: good)
          try await restartAll(network)
          try await network.waitUntil(within: .seconds(20)) { await $0.isReady }
        }
      }
      // Started again with the shortened file they all agree with each other, and each knows better.
      try await restartAll(network)
      try await network.waitUntil(within: .seconds(10)) { await $0.status?.readiness.reason == "behind" }
      try file.replace(with: good)
      try await network.waitUntil(within: .seconds(20)) { await $0.isReady }
      let later = try TestUser(of: network)
      let key = try await later.makeKey(.ed25519Sign)
      _ = try await later.client.sign(.message([1]), with: key.key, as: later.session([.sign(with: key.key)]))
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `O8 N an update no vault remembers can be taken back, and all nodes serve`() async throws {
    try await withTestNetwork(count: 4) { network in
      let before = try network.registryBytes
      await network.stop()
      try await network.append(.policy(evidenceKinds: ["software"], minimumStake: 5))
      try RegistryFile(path: network.registryPath).replace(with: before)
      for node in await network.nodes { try await node.start() }
      try await network.waitUntil(within: .seconds(20)) { await $0.isReady }
    }
  }

  private func restartAll(_ network: TestNetwork) async throws {
    await network.stop()
    for node in await network.nodes { try await node.start() }
  }

  /// A second history from here on, as properly signed by the stakers as the first.
  private func fork(_ network: TestNetwork) async throws -> String {
    let path = network.directory.appending(path: "fork.json").path
    try RegistryFile(path: path).replace(with: network.registryBytes)
    _ = try await RegistryWriter(storage: RegistryFile(path: path), clock: network.clock)
      .append(.policy(evidenceKinds: ["software"], minimumStake: 3), to: network.network, signedBy: network.stakers)
    return path
  }

  @Test(.timeLimit(.minutes(3)))
  func `A10 O8 of two valid histories one node alone cannot stop the others with its own`() async throws {
    try await withTestNetwork { network in
      let node = await network.nodes[0]
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      let hosted = try HostedRegistry(of: node, in: network)
      try await hosted.restart(node)
      try await network.waitUntil(within: .seconds(20), of: [node]) { await $0.isReady }
      try await hosted.follow(fork(network))
      try await network.append(.policy(evidenceKinds: ["software"], minimumStake: 2))
      try await expectStop(of: node, "split", in: network, user, record)
      for other in await network.nodes.dropFirst() { #expect(await other.isReady) }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A10 O8 two valid histories shown to more nodes than may lie stop every node, until an operator restarts them`()
    async throws
  {
    try await withTestNetwork { network in
      let nodes = await network.nodes
      let user = try TestUser(of: network)
      let record = try await user.makeKey(.ed25519Sign)
      var hosted: [HostedRegistry] = []
      for node in nodes[0...1] {
        let own = try HostedRegistry(of: node, in: network)
        try await own.restart(node)
        hosted.append(own)
      }
      try await network.waitUntil(within: .seconds(20)) { await $0.isReady }
      let other = try await fork(network)
      for own in hosted { try own.follow(other) }
      try await network.append(.policy(evidenceKinds: ["software"], minimumStake: 2))
      try await network.waitUntil(within: .seconds(10)) { await $0.status?.readiness.reason == "split" }
      let running = try await `Five nodes in one process`.running(nodes.prefix(4))
      let request = try ManualRequest(
        .sign(key: record.key, content: .message([1])), to: running, as: user.session([.sign(with: record.key)]),
        issuedAt: network.clock.wall)
      for node in running { #expect(await request.refusal(at: node) == .notReady) }

      // The control: what the nodes say about each other, heard by one that compares numbers and no digests.
      let snapshot = try #require(user.registry.current)
      let blind = RegistryAgreement.Own(epoch: snapshot.epoch, number: snapshot.number) { _ in nil }
      var agreement = RegistryAgreement(lifetime: .seconds(60), readingPeriod: .seconds(1))
      var digests: Set<Digest32> = []
      for node in nodes.dropLast() {
        let position = try #require(await node.status?.registry)
        digests.insert(position.digest)
        agreement.hear(.init(epoch: snapshot.epoch, position: position), from: node.id, own: blind, at: .zero)
      }
      #expect(digests.count == 2)
      let verdict = agreement.verdict(own: blind, members: Set(nodes.map(\.id)), threshold: 4, at: .zero)
      #expect(verdict == .agreed)
    }
  }
}
