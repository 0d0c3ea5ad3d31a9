import Authorization
import Client
import Foundation
import Identifiers
import NodeTestKit
import ProtocolTestKit
import Signatures
import Testing
import Wire

extension NetworkLifeTests {
  @Test func `O1 O5 P40 n − t nodes are killed before and during requests: users get results, the killed come back`()
    async throws
  {
    try await ProcessNetwork.run(nodes: 7) { network in
      let tolerated = 7 - 5
      _ = try await network.user.run("key", "create", "--scheme", "ed25519")
      let user = try NetworkUser(of: network)
      let key = try #require(user.key)
      let session = try user.session([.sign(with: key)])
      let kept = user.newClient()
      var usual = Duration.seconds(10)
      for number in 0..<3 as Range<UInt8> {
        let start = ContinuousClock.now
        _ = try await kept.sign(.message([0, number]), with: key, as: session)
        usual = min(usual, ContinuousClock.now - start)
      }

      var random = SeededRandom(seed: 17)
      // Before anybody is asked, and then anywhere within the time a request takes.
      for round in 0..<6 as Range<UInt8> {
        let victims = Array(try await network.status().shuffled(using: &random).prefix(tolerated))
        #expect(victims.count == tolerated)
        let client = round.isMultiple(of: 2) ? user.newClient() : kept
        let content = ContentToSign.message([1, round])
        if round == 0 {
          for victim in victims { network.kill(victim) }
        }
        async let signed = client.sign(content, with: key, as: session)
        if round > 0 {
          for victim in victims {
            try await Task.sleep(for: usual * Double.random(in: 0...0.7, using: &random))
            network.kill(victim)
          }
        }
        let finished = try await signed
        #expect(SignatureVerification.isValid(finished.signature, of: content, under: finished.publicKey))
        // And with all of them surely gone.
        let more = ContentToSign.message([2, round])
        let again = try await client.sign(more, with: key, as: session)
        #expect(SignatureVerification.isValid(again.signature, of: more, under: again.publicKey))

        try await network.up()
        let returned = try await network.status()
        #expect(returned.allSatisfy { $0.ready && $0.links == 6 })
        #expect(
          victims.allSatisfy { victim in
            returned.contains { $0.node == victim.node && $0.instance != victim.instance && $0.pid != victim.pid }
          })
        // They serve: a quorum of which the killed are a part.
        let others = returned.filter { row in !victims.contains { $0.node == row.node } }
        let named = victims.map(\.node) + others.prefix(5 - tolerated).map(\.node)
        let ports = try await user.ports(named)
        let request = try ManualRequest(
          .sign(key: key, content: .message([3, round])), quorum: ports.map(\.entry), as: session,
          issuedAt: user.clock.wall)
        #expect(try await user.outcomes(of: request, at: ports).allSatisfy(\.isShare))
        for port in ports { await port.close() }
      }
      await kept.close()
    }
  }

  @Test func `A3 A5 a request is worthless to a node killed and started again from an older copy of its folder`()
    async throws
  {
    try await ProcessNetwork.run(nodes: 4) { network in
      _ = try await network.user.run("key", "create", "--scheme", "ed25519")
      let user = try NetworkUser(of: network)
      let key = try #require(user.key)
      let policy = try DecryptionPolicy(anyOf: [user.wallet.address])
      let session = try user.session([.sign(with: key), .decrypt(under: policy.hash)])
      let rows = try await network.status()
      let victim = rows[0]
      let data = try network.nodeFolder(victim.node).appendingPathComponent("data")
      let older = network.folder.appendingPathComponent("older")
      try FileManager.default.copyItem(at: data, to: older)

      let ports = try await user.ports(rows.map(\.node))
      let operations: [Wire.Operation] = [
        .sign(key: key, content: .message([1])), .decrypt(policy: policy.bytes, dataKeyHash: .zero),
      ]
      var sent: [(request: ManualRequest, body: [UInt8], asked: [ClientPort], others: [HTTPAnswer])] = []
      for operation in operations {
        let asked = operation.label == "sign" ? Array(ports.prefix(3)) : ports
        let request = try ManualRequest(
          operation, quorum: asked.map(\.entry), as: session, issuedAt: user.clock.wall, lifetime: 300)
        #expect(try await user.outcomes(of: request, at: asked).allSatisfy(\.isShare))
        // At once: the identical bytes everywhere.
        var answers: [HTTPAnswer] = []
        for port in asked {
          let answer = try await port.post(request)
          #expect(try await port.post(request) == answer)
          #expect(try request.open(answer.body, from: port.entry).isShare)
          answers.append(answer)
        }
        sent.append((request, request.submission(to: asked[0].entry).encoded, asked, answers))
      }

      network.kill(victim)
      while ProcessNetwork.isRunning(victim.pid) { try await Task.sleep(for: .milliseconds(20)) }
      try FileManager.default.removeItem(at: data)
      try FileManager.default.moveItem(at: older, to: data)
      try await network.up()
      let restored = try await user.ports([victim.node])[0]
      #expect(restored.entry != ports[0].entry)
      for (request, body, asked, answers) in sent {
        #expect(try await restored.post(body, request.path).refusal == .wrongQuorum)
        #expect(try await restored.post(request).refusal == .wrongQuorum)
        #expect(try await asked[1].post(body, request.path).refusal == .invalidSignature)
        for (port, answer) in zip(asked, answers).dropFirst() { #expect(try await port.post(request) == answer) }
      }
      // The restored node is itself again: it takes part in a new request.
      let quorum = [restored] + ports[1...2]
      let request = try ManualRequest(
        operations[0], quorum: quorum.map(\.entry), as: session, issuedAt: user.clock.wall)
      #expect(try await user.outcomes(of: request, at: quorum).allSatisfy(\.isShare))
    }
  }
}
