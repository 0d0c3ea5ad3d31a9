import Attestation
import Identifiers
import NIOCore
@testable import PeerLink
import Secrets
import Signatures
import Testing
import Wire

extension Loopback {
  /// Users of nodes with hardware, which makes few reports and names machines.
  @Suite struct HardwareUserTests {
    private let network = TestNetwork()
    private let maker: Ed25519SigningKey

    init() {
      var random = SystemRandom()
      maker = Ed25519SigningKey(from: &random)
      accept(hardware(0))
    }

    private func hardware(_ machine: UInt8) -> StandInHardware { StandInHardware(maker: maker, machine: [machine]) }

    private func accept(_ verifier: any EvidenceVerifier) {
      network.directory.change { view in
        view.policy = AttestationPolicy(allowed: [.standIn: [TestNetwork.measurement]], verifiers: [verifier])
      }
    }

    private func server(_ byte: UInt8, _ hardware: StandInHardware) async throws -> UserServer {
      let identity = try await network.identity(byte, flaws: TestNetwork.Flaws(attester: hardware))
      let server = try await UserServer(identity)
      try network.list(identity, port: server.port)
      return server
    }

    private func challenge() throws -> AttestationChallenge {
      var random = SystemRandom()
      return try AttestationChallenge(nonce: random.bytes(32))
    }

    private func connect(
      _ connector: AttestedConnector, _ byte: UInt8
    ) async throws -> AttestedConnection<UserChannel> {
      try await connector.connect(to: id(byte)) { try UserChannel($0) }
    }

    private var connector: AttestedConnector { AttestedConnector(directory: network.directory, clock: SystemClock()) }

    @Test func `users that ask together share a report, and each finds its own request in it`() async throws {
      let hardware = hardware(1)
      let server = try await server(1, hardware)
      let connector = connector
      let before = hardware.reports.value
      let answers = try await withThrowingTaskGroup { group in
        for _ in 0..<12 {
          let challenge = try challenge()
          group.addTask {
            let connection = try await connect(connector, 1)
            let answer = try await connection.output.ask(challenge)
            #expect(try connection.verify(answer, to: challenge).platform?.bytes == [1])
            return answer
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let proofs = try answers.map { try InclusionProof(decoding: #require($0.inclusion)) }
      #expect(proofs.contains { $0.count > 1 })
      #expect(hardware.reports.value - before < answers.count)
      #expect(Set(answers.map(\.evidence)).count == hardware.reports.value - before)
      await server.stop()
    }

    @Test func `an answer is for the user whose request leads to the report`() async throws {
      let server = try await server(1, hardware(1))
      let connection = try await connect(connector, 1)
      let (challenge, other) = (try challenge(), try challenge())
      let answer = try await connection.output.ask(challenge)
      _ = try connection.verify(answer, to: challenge)
      let refusal = #expect(throws: HandshakeRefusal.self) { try connection.verify(answer, to: other) }
      #expect(refusal?.reason == "live-evidence-report-data")
      for (inclusion, reason) in [
        (nil, "live-evidence-report-data"), ([UInt8](repeating: 0, count: 8), "live-evidence-form"),
        (answer.inclusion.map { $0 + [0] }, "live-evidence-form"),
        ([0, 0, 0, 0, 0, 0, 0, 2] + [UInt8](repeating: 7, count: 32), "live-evidence-report-data"),
      ] as [([UInt8]?, String)] {
        let edited = AttestationAnswer(
          evidenceKind: answer.evidenceKind, evidence: answer.evidence, binding: answer.binding,
          identitySignature: answer.identitySignature, inclusion: inclusion)
        let refusal = #expect(throws: HandshakeRefusal.self) { try connection.verify(edited, to: challenge) }
        #expect(refusal?.reason == reason)
      }
      await server.stop()
    }

    @Test func `T5 a user takes one machine for one node only, as long as it is connected`() async throws {
      let (first, second) = (try await server(1, hardware(7)), try await server(2, hardware(7)))
      let connector = connector
      let one = try await connect(connector, 1)
      let ask = try challenge()
      _ = try one.verify(try await one.output.ask(ask), to: ask)
      let two = try await connect(connector, 2)
      let answer = try await two.output.ask(ask)
      #expect(throws: HandshakeRefusal.platformInUse(by: id(1))) { try two.verify(answer, to: ask) }
      try await one.channel.close()
      try await eventually("the machine is free again") { (try? two.verify(answer, to: ask)) != nil }
      await first.stop()
      await second.stop()
    }

    @Test func `T5 N a user that does not tell machines apart believes both`() async throws {
      accept(ForgivingVerifier(base: hardware(0)) { $0.platform = nil })
      let (first, second) = (try await server(1, hardware(7)), try await server(2, hardware(7)))
      let connector = connector
      for byte in [1, 2] as [UInt8] {
        let connection = try await connect(connector, byte)
        let ask = try challenge()
        _ = try connection.verify(try await connection.output.ask(ask), to: ask)
      }
      await first.stop()
      await second.stop()
    }
  }
}
