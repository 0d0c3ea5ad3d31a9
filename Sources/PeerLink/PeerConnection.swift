import Attestation
import Identifiers
import NIOCore
import Wire

/// Takes one connection from TLS through the handshake to an established link.
struct PeerConnection: Sendable {
  let identity: NodeIdentity
  let surroundings: PeerSurroundings
  let platforms: PlatformClaims
  let side: PeerHandshake.Side

  /// How the connection judges certificates; what is expected depends on who dialled.
  static func certification(
    _ expectation: CertificateCheck.Expectation, surroundings: PeerSurroundings
  ) -> TLSConnection.Certification {
    { (chain) throws(HandshakeRefusal) in
      try CertificateCheck(expectation: expectation)
        .verify(chain, view: surroundings.directory.view(), now: surroundings.clock.wall)
    }
  }

  /// - Parameter body: called once, after the handshake; drives the link until it ends.
  /// - Returns: why the link ended; a refusal is thrown when there never was one.
  func run(
    _ pipeline: PeerPipeline, link body: (PeerLink, LinkRun, inout FrameSource) async -> LinkEnd
  ) async throws(HandshakeRefusal) -> LinkEnd {
    let deadline = Task {
      guard (try? await surroundings.clock.sleep(for: surroundings.limits.handshake)) != nil else { return }
      pipeline.tls.refuse(.deadline)
      pipeline.channel.channel.close(promise: nil)
    }
    defer { deadline.cancel() }
    do {
      return try await pipeline.channel.executeThenClose { inbound in
        try await pipeline.ready.get()
        var source = FrameSource(inbound, tls: pipeline.tls)
        let wire = FrameWire(
          channel: pipeline.channel.channel, queueLimit: surroundings.limits.outboundQueueBytes)
        let handshake = PeerHandshake(
          side: side, identity: identity, directory: surroundings.directory, clock: surroundings.clock,
          platforms: platforms, nonce: surroundings.freshNonce())
        let outcome: PeerHandshake.Outcome
        do throws(HandshakeRefusal) {
          outcome = try await handshake.run(tls: pipeline.tls, wire: wire, source: &source)
        } catch {
          // Before the connection is closed, which would look like the other end's doing.
          pipeline.tls.refuse(error)
          throw error
        }
        defer { platforms.release(outcome.peer.evidence.platform) }
        deadline.cancel()
        pipeline.frameLimit.raiseToFull()
        let link = PeerLink(
          peer: outcome.peer, wire: wire, since: surroundings.clock.monotonicNow(), requirements: outcome.requirements)
        let run = LinkRun(
          link: link, identity: identity, ownNotAfter: pipeline.tls.own?.binding.notAfter ?? surroundings.clock.wall,
          proofs: outcome.proofs, surroundings: surroundings)
        return await body(link, run, &source)
      }
    } catch {
      throw pipeline.tls.refusal ?? (error as? HandshakeRefusal) ?? .closedByPeer
    }
  }
}
