import Attestation
import Identifiers
@testable import PeerLink
import ProtocolTestKit
import Testing

extension Loopback {
  @Suite struct NodeIdentityTests {
    private let now = SystemClock().wall

    @Test func `a certificate is renewed once half of its life is over, with the same keys and instance`() async throws
    {
      let network = TestNetwork()
      let identity = try await network.identity(1, flaws: TestNetwork.Flaws(now: now))
      let first = identity.certificate
      #expect(first.binding.notAfter.seconds(since: first.binding.notBefore) == NodeCertificate.maximumLifetime)
      #expect(first.binding.notBefore < now)
      let anchor = Digest32.zero
      let early = try await identity.renewCertificate(anchor: anchor, now: now.adding(seconds: 11 * 3_600))
      #expect(!early)
      #expect(identity.certificate == first)
      let later = now.adding(seconds: 12 * 3_600)
      let renewed = try await identity.renewCertificate(anchor: anchor, now: later)
      #expect(renewed)
      let second = identity.certificate
      #expect(second.der != first.der)
      #expect(second.binding.instance == identity.instance)
      #expect(second.binding.tlsKeyDigest == first.binding.tlsKeyDigest)
      #expect(second.binding.hpkeKey == first.binding.hpkeKey)
      #expect(second.binding.anchor == anchor)
      #expect(second.binding.notAfter > first.binding.notAfter)
    }

    @Test func `O3 a clock that was set back makes a new certificate at once`() async throws {
      let network = TestNetwork()
      let identity = try await network.identity(1, flaws: TestNetwork.Flaws(now: now))
      let past = now.adding(seconds: -86_400)
      let renewed = try await identity.renewCertificate(anchor: network.network.digest, now: past)
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
