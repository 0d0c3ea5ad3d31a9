import Identifiers
package import Membership
package import Node
package import Signatures
import Attestation
import ChainRegistry
import EthereumChain
import EthereumRPC
import Foundation
import PublicKeys
import Secrets
import SigningContent
import Wire

/// A development network for a program that measures it: every node a process of the given executable, started as
/// `devnet up` starts it, and gone when this process is.
package final class ProcessNetwork: Sendable {
  package let founding: FoundingDocument
  package let registryFile: String
  private let folder: String
  private let nodes: [NodeProcess]
  private let local: LocalNetwork
  private let chain: DevnetChain?

  private init(folder: String, local: LocalNetwork, nodes: [NodeProcess], chain: DevnetChain?) {
    self.folder = folder
    self.nodes = nodes
    self.local = local
    self.chain = chain
    founding = local.founding
    registryFile = local.file
  }

  /// Returns when all nodes serve.
  ///
  /// - Parameters:
  ///   - program: the `quorate` executable.
  ///   - limits: of every node.
  ///   - isOnChain: whether the registry is in contracts on a chain of its own.
  package static func start(
    program: String, nodes count: Int, limits: NodeLimits, onChain isOnChain: Bool = false
  ) async throws -> ProcessNetwork {
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("quorate-bench-\(suffix)").path
    try PrivateFile.createFolder(folder)
    let layout = DevnetLayout(folder: folder + "/network")
    var started: [NodeProcess] = []
    var chain: DevnetChain?
    do {
      var founder = DevnetFounder(layout: layout, clock: SystemClock())
      founder.limits = limits
      let local: LocalNetwork
      if isOnChain {
        let founded = try await DevnetChainFounder(founder: founder, life: .withThisProcess)
          .found(nodes: count, measurement: .ofFile(at: program)) { _ in }
        chain = founded.chain
        local = founded.network
      } else {
        _ = try await founder.found(nodes: count, measurement: .ofFile(at: program)) { _ in }
        local = try await LocalNetwork(file: layout.registry)
      }
      for node in try layout.existingNodes() {
        started.append(try NodeProcess.start(node, .withThisProcess, program: program))
      }
      let awakening = NetworkAwakening(
        layout: layout, network: local, ports: try started.map { try $0.folder.adminPort() },
        casualties: { [started] in NodeCasualties.report(started) })
      try await awakening.show(
        StepDisplay(console: Console(format: .json, traits: .plain, streams: SilentStreams())), nodeCount: count)
      return ProcessNetwork(folder: folder, local: local, nodes: started, chain: chain)
    } catch {
      _ = await NodeShutdown.stop(started, grace: .seconds(2))
      chain?.end()
      try? FileManager.default.removeItem(atPath: folder)
      throw error
    }
  }

  package var processIDs: [Int32] { nodes.map(\.pid) }

  /// Puts key records into the registry, each signed by its owner.
  package func append(_ records: [(KeyRecord, EthereumSigningKey)]) async throws -> UInt64 {
    let writer = RegistryWriter(storage: RegistryFile(path: registryFile), clock: SystemClock())
    var number: UInt64 = 0
    for (record, owner) in records {
      number = try await writer.append(.keyRecord(record), to: founding.network, signedBy: [owner]).number
    }
    return number
  }

  /// How long after a change of the registry is in a block every node acts on it.
  package func chainLatency() async throws -> Duration {
    guard let access = local.chain, let keys = KeysOrders(access.terms, maximumFee: DevnetChainFounder.maximumFee)
    else {
      throw CommandFailure(.refused, "the registry is a file")
    }
    let before = try local.snapshot().number
    let owner = try DevnetLayout(folder: folder + "/network").readStakers(1)[0]
    var random = SystemRandom()
    let record = try KeyRecord(
      network: founding.network, purpose: .ed25519Sign, owner: owner.address, salt: random.bytes(16),
      kinds: [.message], wallets: [owner.address])
    let sender = TransactionSender(access.registry.endpoints)
    let signed = try await sender.prepare(keys.create(record, .init()), from: owner.address).signed(by: owner)
    try await sender.send(signed)
    while try await sender.receipt(of: signed.hash) == nil { try await Task.sleep(for: .milliseconds(10)) }
    let mined = ContinuousClock.now
    var behind = nodes
    while let node = behind.last {
      guard let status = await node.status(), status.ready, status.registryNumber ?? 0 > before else {
        try await Task.sleep(for: .milliseconds(5))
        continue
      }
      behind.removeLast()
    }
    return ContinuousClock.now - mined
  }

  /// Waits until every node has read the registry so far.
  package func waitUntilRead(_ number: UInt64, patience: Duration = .seconds(20)) async throws {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
      var behind = false
      for node in nodes {
        guard let status = await node.status(), status.ready, status.registryNumber ?? 0 >= number else {
          behind = true
          continue
        }
      }
      if !behind { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw CommandFailure(.networkUnavailable, "the nodes did not read the registry")
  }

  /// Ends the processes and removes their files.
  package func stop() async {
    _ = await NodeShutdown.stop(nodes)
    chain?.end()
    try? FileManager.default.removeItem(atPath: folder)
  }
}
