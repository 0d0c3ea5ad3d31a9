import Attestation
import Identifiers
@testable import PeerLink
import ProtocolTestKit
import Testing

extension Loopback {
  @Suite struct NodeIdentityTests {
    private let now = SystemClock().wall

    private func policy(of network: TestNetwork) throws -> AttestationPolicy {
      try #require(network.directory.view()).policy
    }

    @Test func `a certificate is renewed once half of its life is over, with the same keys and instance`() async throws
    {
      let network = TestNetwork()
      let identity = try await network.identity(1, flaws: TestNetwork.Flaws(now: now))
      let first = identity.certificate
      #expect(first.binding.notAfter.seconds(since: first.binding.notBefore) == NodeCertificate.maximumLifetime)
      #expect(first.binding.notBefore < now)
      let anchor = Digest32.zero
      let early = try await identity.renewCertificate(
        anchor: anchor, policy: policy(of: network), now: now.adding(seconds: 11 * 3_600))
      #expect(!early)
      #expect(identity.certificate == first)
      let later = now.adding(seconds: 12 * 3_600)
      let renewed = try await identity.renewCertificate(anchor: anchor, policy: policy(of: network), now: later)
      #expect(renewed)
      let second = identity.certificate
      #expect(second.der != first.der)
      #expect(second.binding.instance == identity.instance)
      #expect(second.binding.tlsKeyDigest == first.binding.tlsKeyDigest)
      #expect(second.binding.hpkeKey == first.binding.hpkeKey)
      #expect(second.binding.anchor == anchor)
      #expect(second.binding.notAfter > first.binding.notAfter)
    }

    @Test func `O3 evidence that counts for a shorter time than the certificate is replaced at half of that time`()
      async throws
    {
      let network = TestNetwork()
      let identity = try await network.identity(1, flaws: TestNetwork.Flaws(now: now))
      let made = identity.certificate.binding.notBefore
      let base = SoftwareEvidenceVerifier(roots: [network.root.publicKey])
      func renewed(after seconds: Int64, counting lifetime: Int64) async throws -> Bool {
        let verifier = ShortLived(base: base, until: made.adding(seconds: lifetime))
        let policy = AttestationPolicy(allowed: [.software: [TestNetwork.measurement]], verifiers: [verifier])
        return try await identity.renewCertificate(
          anchor: network.network.digest, policy: policy, now: made.adding(seconds: seconds))
      }
      #expect(try await !renewed(after: 5_399, counting: 10_800))
      #expect(try await !renewed(after: 299, counting: 0))
      #expect(try await renewed(after: 5_401, counting: 10_800))
      #expect(identity.certificate.binding.notBefore > made)
    }

    @Test func `evidence that does not count any more is replaced, but not all the time`() async throws {
      let network = TestNetwork()
      let identity = try await network.identity(1, flaws: TestNetwork.Flaws(now: now))
      let nothing = AttestationPolicy(allowed: [.software: []], verifiers: [])
      func renewed(after seconds: Int64) async throws -> Bool {
        try await identity.renewCertificate(
          anchor: network.network.digest, policy: nothing, now: now.adding(seconds: seconds))
      }
      #expect(try await !renewed(after: 200))
      #expect(try await renewed(after: 400))
      #expect(try await !renewed(after: 500))
      #expect(try await renewed(after: 700))
    }

    @Test func `O3 a clock that was set back makes a new certificate at once`() async throws {
      let network = TestNetwork()
      let identity = try await network.identity(1, flaws: TestNetwork.Flaws(now: now))
      let past = now.adding(seconds: -86_400)
      let renewed = try await identity.renewCertificate(
        anchor: network.network.digest, policy: policy(of: network), now: past)
      #expect(renewed)
      #expect(identity.certificate.binding.notBefore < past)
    }

    @Test func `two identities of one node share nothing but the node`() async throws {
      let network = TestNetwork()
      let (first, second) = (try await network.identity(1), try await network.identity(1))
      #expect(first.node == second.node)
      #expect(first.instance != second.instance)
      #expect(first.certificate.binding.tlsKeyDigest != second.certificate.binding.tlsKeyDigest)
      #expect(first.certificate.binding.hpkeKey != second.certificate.binding.hpkeKey)
    }

    @Test func `a link does not outlive the certificates it was made with`() async throws {
      let network = TestNetwork()
      let clock = ManualClock(wall: now)
      let a = try await network.node(1, flaws: TestNetwork.Flaws(now: now), clock: clock)
      let b = try await network.node(2, flaws: TestNetwork.Flaws(now: now), clock: clock)
      try network.introduce(a, b)
      try await eventually("the link is up") { await areLinked(a, b) }
      clock.setWall(now.adding(seconds: NodeCertificate.maximumLifetime))
      try await eventually("it ended for that") {
        clock.advance(by: .milliseconds(50))
        return await all([a, b]) {
          let end = await $0.events.downs.first
          return end == .certificateExpired || end == .closedByPeer
        }
      }
      #expect(await [a.events.downs.first, b.events.downs.first].contains(.certificateExpired))
      await a.mesh.stop()
      await b.mesh.stop()
    }
  }
}

/// Evidence that counts until some time.
private struct ShortLived: EvidenceVerifier {
  let base: any EvidenceVerifier
  let until: Timestamp

  var kind: EvidenceKind { base.kind }

  func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings {
    var findings = try base.findings(in: evidence, now: now)
    if now > until { findings.isDebug = true }
    return findings
  }
}
