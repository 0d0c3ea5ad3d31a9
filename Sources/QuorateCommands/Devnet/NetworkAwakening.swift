import ChainRegistry
import Client
import Identifiers
import Membership
import PublicKeys
import Signatures
import Wire

/// Waits for the nodes of a development network to find each other and make their keys, and then does what its
/// operators have to: look at the key certificate and name it in the registry.
struct NetworkAwakening: Sendable {
  let layout: DevnetLayout
  let network: LocalNetwork
  /// The nodes' admin ports.
  let ports: [UInt16]
  /// Says which nodes died, with their last words; nil while all run.
  let casualties: @Sendable () -> String?
  var patience = Duration.seconds(60)

  /// Waits until every node listens and gives a status.
  func boot(_ step: Step) async throws -> [ReportedStatus] {
    try await wait("the nodes did not start") { statuses in
      step.note("\(statuses.count) of \(ports.count) nodes")
      return statuses.count == ports.count
    }
  }

  /// Waits until every node has attested every other one.
  func link(_ step: Step) async throws -> [ReportedStatus] {
    let wanted = ports.count * (ports.count - 1)
    return try await wait("the nodes did not link") { statuses in
      let ends = statuses.reduce(0) { $0 + $1.linkCount }
      step.note("\(ends / 2) of \(wanted / 2) links, both ends attested")
      return ends == wanted
    }
  }

  /// Waits until every node has the whole key certificate.
  func generateKeys(_ step: Step) async throws -> Digest32 {
    let statuses = try await wait("the nodes did not generate keys") { statuses in
      let done = statuses.count { $0.certificate != nil }
      let states = Set(statuses.map(\.keyState)).sorted().joined(separator: ", ")
      step.note(done == 0 ? states : "\(done) of \(ports.count) nodes hold the certificate")
      return done == ports.count
    }
    let digests = Set(statuses.compactMap(\.certificate))
    guard let digest = digests.first, digests.count == 1 else {
      throw CommandFailure(.networkNotTrusted, "the nodes hold different key certificates")
    }
    return digest
  }

  /// What the operators do: get the certificate from nodes that prove themselves, verify it, and sign its digest into
  /// the registry.
  func certify(_ step: Step, nodeCount: Int) async throws -> Digest32 {
    let client = network.client(nil)
    let certificate = try await client.keyCertificate()
    await client.close()
    if try network.snapshot().certificateDigest == nil {
      let stakers = try layout.readStakers(nodeCount)
      if let chain = network.chain {
        step.note("\(certificate.digest.text.prefix(16))…, voting")
        let orders = StakingOrders(chain.terms, maximumFee: DevnetChainFounder.maximumFee)
        let order = try orders.vote(keyCertificate: certificate.digest, of: certificate.epoch)
        try await chain.vote(order, by: stakers, in: network.founding)
      } else {
        _ = try await network.writer.append(
          .keyCertificate(epoch: certificate.epoch, digest: certificate.digest), to: network.id, signedBy: stakers)
      }
    }
    _ = try await wait("the nodes do not serve requests") { statuses in
      let ready = statuses.count(where: \.ready)
      step.note("\(certificate.digest.text.prefix(16))…, \(ready) of \(ports.count) nodes serve")
      return ready == ports.count
    }
    return certificate.digest
  }

  private func wait(
    _ failure: String, until done: ([ReportedStatus]) -> Bool
  ) async throws -> [ReportedStatus] {
    let deadline = ContinuousClock.now + patience
    while true {
      let statuses = await statuses()
      if done(statuses) { return statuses }
      if let casualties = casualties() { throw CommandFailure(.processProblem, casualties) }
      guard ContinuousClock.now < deadline else {
        throw CommandFailure(
          .networkUnavailable, "\(failure) within \(patience.text)\(Self.problems(statuses))",
          advice: "look at the logs: \(layout.nodes)/*/node.log")
      }
      try await Task.sleep(for: .milliseconds(60))
    }
  }

  private func statuses() async -> [ReportedStatus] {
    await withTaskGroup(of: ReportedStatus?.self) { group in
      for port in ports { group.addTask { await ReportedStatus.fetch(port: port) } }
      return await group.reduce(into: []) { statuses, status in if let status { statuses.append(status) } }
    }
  }

  private static func problems(_ statuses: [ReportedStatus]) -> String {
    let lines = statuses.flatMap { status in
      ([status.keyProblem, status.ready ? nil : status.reason] + status.peers.map(\.problem))
        .compactMap(\.self).map { "\n  \(status.node): \($0)" }
    }
    return Set(lines).sorted().joined()
  }
}
