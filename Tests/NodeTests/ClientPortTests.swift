import Authorization
import Client
import Foundation
import Identifiers
import Membership
import NIOCore
import Node
import NodeTestKit
import PeerLink
import Secrets
import Signatures
import Testing
import Wire

/// A running network, and users who send what no client of ours would, to its real client ports.
@Suite(.serialized) struct `At the client ports of a running network` {
  @Test(.timeLimit(.minutes(3)))
  func `A1 A2 A3 A4 A7 T13 a request that fails at one step alone gets that step's code and changes no node`()
    async throws
  {
    try await withTestNetwork(count: 4) { network in
      let setting = try await PortSetting(network)
      let before = await setting.trace()
      let faults = try PortFault.all(setting)
      #expect(Set(faults.map(\.step)) == [1, 2, 3, 4, 5])
      var notPermitted: Set<String> = []
      for fault in faults {
        var order = PortOrder(setting)
        try fault.change(&order)
        let sent = try await order.send()
        #expect(sent.answer.refusal == fault.code, "step \(fault.step): \(fault.name)")
        #expect(sent.outcome == nil, "step \(fault.step): \(fault.name)")
        let text = String(decoding: sent.answer.body, as: UTF8.self)
        // Who is asked does not say which request it means before the session key is known to have signed it.
        #expect(text.contains(sent.id.text) == (fault.step > 2), "step \(fault.step): \(fault.name)")
        if fault.code == .notPermitted { notPermitted.insert(text.replacingOccurrences(of: sent.id.text, with: "")) }
      }
      #expect(notPermitted.count == 1, "A11 refusals for want of permission can be told apart")
      #expect(await setting.trace() == before)
      // The same order without a fault, so that what is refused above is refused for its fault.
      #expect(try await PortOrder(setting).send().outcome?.isShare == true)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A1 A2 A3 A4 A7 N where the one check that refuses it is left out, each of these requests is served`()
    async throws
  {
    var limits = NodeLimits()
    limits.walletBurst = 1_000
    limits.roundDeadline = .milliseconds(300)
    let overlooked = OverlookedReason()
    try await withTestNetwork(count: 4, limits: limits, make: WeakNode.lenient(overlooked)) { network in
      let setting = try await PortSetting(network)
      var served = 0
      for fault in try PortFault.all(setting) where fault.reason != nil && !fault.isHopeless {
        overlooked.set(fault.reason)
        var order = PortOrder(setting)
        try fault.change(&order)
        let sent = try await order.send()
        #expect(sent.answer.status == 200, "\(fault.name): \(String(decoding: sent.answer.body, as: UTF8.self))")
        if case .decrypt = order.operation { #expect(sent.outcome?.isShare == true, "\(fault.name)") }
        served += 1
      }
      #expect(served > 25)
    }
  }

  @Test func `T13 N a parser that takes the last of two members and mends text serves what ours refuses`() throws {
    let good = try submission().encoded
    let twice = replacing("\"delivery\":", "\"delivery\":\"\",\"delivery\":", in: good)
    let mended = replacing("\"delivery\":", "\"\u{fe}\":0,\"delivery\":", in: good).map { $0 == 0xc3 ? 0xff : $0 }
    for body in [twice, mended] {
      #expect(throws: FormatError.self) { try RequestSubmission(decoding: body) }
      let text = String(decoding: body, as: UTF8.self)
      let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      let members = try #require(parsed).filter { ["request", "delivery"].contains($0.key) }
      let lenient = try JSONSerialization.data(withJSONObject: members, options: [.withoutEscapingSlashes])
      let expected = try RequestSubmission(decoding: good)
      #expect(try RequestSubmission(decoding: Array(lenient)) == expected)
    }
  }

  @Test(.timeLimit(.minutes(3))) func `T11 lengths of 2³² and more end the connection before anything is stored`()
    async throws
  {
    try await withTestNetwork(count: 4) { network in
      let setting = try await PortSetting(network)
      let before = await setting.trace()
      let head = "POST /v1/sign HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\n"
      for length in ["4294967296", "18446744073709551616", "-1", "1e9"] {
        let connection = try await RawConnection(to: setting.nodes[0].id, setting)
        connection.send("\(head)Content-Length: \(length)\r\n\r\n{")
        let answer = try await connection.answerIfAny()
        #expect(answer.map { [400, 413].contains($0.status) } ?? true, "\(length)")
        #expect(try await connection.isCut(), "\(length)")
      }
      for chunk in ["100000000000000001", "1000000000000000000000000", "-2"] {
        let connection = try await RawConnection(to: setting.nodes[0].id, setting)
        connection.send("\(head)Transfer-Encoding: chunked\r\n\r\n\(chunk)\r\n{")
        let answer = try await connection.answerIfAny()
        #expect(answer.map { $0.status == 400 } ?? true, "\(chunk)")
        #expect(try await connection.isCut(), "\(chunk)")
      }
      // A chunk of 4 GiB may be announced; what is held of it has the same limit as every body.
      let connection = try await RawConnection(to: setting.nodes[0].id, setting)
      connection.send("\(head)Transfer-Encoding: chunked\r\n\r\n100000000\r\n")
      let piece = [UInt8](repeating: 0x20, count: 1 << 16)
      for _ in 0..<17 { connection.send(piece) }
      #expect(try await connection.answer().status == 413)
      #expect(try await connection.isCut())
      #expect(await setting.trace() == before)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A8 different bytes to different nodes: no share leaves, the user learns which two disagree, nobody is banned`()
    async throws
  {
    try await withTestNetwork(count: 4) { network in
      let setting = try await PortSetting(network)
      let outcomes = try await Self.split(setting)
      var disagreements: Set<Set<NodeID>> = []
      for (node, outcome) in outcomes {
        guard case .failed(let failed) = outcome else {
          Issue.record("a share left a quorum that was asked different things")
          continue
        }
        if failed.code == .sessionMismatch {
          for suspect in failed.suspects { disagreements.insert([node, suspect.node]) }
        }
      }
      let odd = setting.nodes[0].id
      #expect(!disagreements.isEmpty)
      #expect(disagreements.allSatisfy { $0.count == 2 && $0.contains(odd) })
      let again = try setting.request(setting.signature)
      for (_, outcome) in try await setting.outcomes(of: again) { #expect(outcome.isShare) }
    }
  }

  @Test(.timeLimit(.minutes(3))) func `A8 N nodes that do not compare session ids give shares for different messages`()
    async throws
  {
    try await withTestNetwork(count: 4, make: WeakNode.incurious) { network in
      let outcomes = try await Self.split(PortSetting(network))
      #expect(outcomes.count == 3)
      for (_, outcome) in outcomes { #expect(outcome.isShare, "\(outcome)") }
    }
  }

  /// Asks the first node for another message than the rest of the quorum, in requests that share their route.
  private static func split(_ setting: PortSetting) async throws -> [NodeID: ReplyOutcome] {
    let nonce = [UInt8](repeating: 9, count: WireLimits.nonce)
    // Session key, nonce and label make the route.
    let session = try setting.userSession()
    let (odd, even) = try (
      setting.request(.sign(key: setting.record.key, content: .message([2])), as: session, nonce: nonce),
      setting.request(.sign(key: setting.record.key, content: .message([1])), as: session, nonce: nonce)
    )
    return try await withThrowingTaskGroup(of: (NodeID, ReplyOutcome).self) { group in
      for (place, port) in setting.quorumPorts.enumerated() {
        let request = place == 0 ? odd : even
        group.addTask { (port.entry.node, try await port.outcome(of: request)) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }
}

extension PortSetting {
  /// The nodes of the quorum a signature is asked of.
  var quorumPorts: [ClientPort] { Array(ports.prefix(threshold)) }

  func userSession() throws -> UserSession { try user.session(everyGrant) }

  /// A signature of the first nodes, a decryption of all.
  func request(
    _ operation: Wire.Operation, as session: UserSession? = nil, nonce: [UInt8]? = nil
  ) throws -> ManualRequest {
    let asked = operation.label == "sign" ? quorumPorts : ports
    return try ManualRequest(
      operation, quorum: asked.map(\.entry), as: session ?? userSession(), nonce: nonce, issuedAt: network.clock.wall)
  }

  /// Sends a request to all its nodes at the same time.
  func outcomes(of request: ManualRequest) async throws -> [NodeID: ReplyOutcome] {
    try await withThrowingTaskGroup(of: (NodeID, ReplyOutcome).self) { group in
      for port in ports where request.signed.payload.quorum.instance(of: port.entry.node) != nil {
        group.addTask { (port.entry.node, try await port.outcome(of: request)) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }
}

extension RawConnection {
  /// To a client port of a running network; the node's certificate is verified.
  init(to node: NodeID, _ setting: PortSetting) async throws {
    let connector = AttestedConnector(
      directory: MembershipDirectory(setting.user.registry, verifiers: []), clock: setting.network.clock)
    let attested = try await connector.connect(to: node) { channel in
      let collector = RawCollector()
      try channel.pipeline.syncOperations.addHandler(collector)
      return collector
    }
    self.init(channel: attested.channel, collector: attested.output)
  }
}
