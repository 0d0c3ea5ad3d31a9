import Attestation
import Identifiers
import Signatures
import Wire

/// The peer handshake on one TLS connection, whose certificates were already judged.
///
/// Both ends say hello; then the initiator proves itself, then the responder; the initiator's first keep-alive confirms
/// that it believed the responder. Nothing else is sent or accepted before that.
struct PeerHandshake: Sendable {
  enum Side: Sendable {
    /// Dialled this node.
    case initiator(to: NodeID)
    case responder
  }

  let side: Side
  let identity: NodeIdentity
  let directory: any PeerDirectory
  let clock: any LocalClock
  let platforms: PlatformClaims
  let nonce: Digest32

  /// What both ends know once it is over; enough to do the proofs again with new nonces.
  struct Outcome: Sendable {
    var peer: AttestedPeer
    var proofs: LiveProofs
    /// What the peer's evidence was found to fulfil.
    var requirements: EvidenceRequirements?
  }

  /// - Returns: once it is over; the peer's machine is then taken, and whoever called this gives it back.
  func run(
    tls: TLSConnection, wire: FrameWire, source: inout FrameSource
  ) async throws(HandshakeRefusal) -> Outcome {
    let certificate = try tls.verifiedPeer()
    guard let own = tls.own else { throw .ownEvidence }
    let view = try currentView()
    let ownHello = hello(to: certificate.binding.node, view: view)
    switch side {
    case .initiator(let dialled):
      guard certificate.binding.node == dialled else { throw .wrongNode }
      try wire.sendInHandshake(.hello(ownHello))
      let theirs = try await receiveHello(&source, certificate: certificate)
      let proofs = try LiveProofs(
        network: identity.network, epoch: ownHello.epoch, side: .initiator,
        own: LiveProofs.End(own.binding), peer: LiveProofs.End(certificate.binding), exporter: tls.exporter())
      let nonces = LiveProofs.Nonces(initiator: nonce, responder: theirs.nonce)
      try wire.sendInHandshake(.proof(await proofs.prove(nonces, as: identity)))
      guard case .proof(let proof) = try await source.next() else { throw .unexpectedFrame }
      let view = try currentView()
      let evidence = try proofs.verify(proof, nonces, view: view, now: clock.wall)
      let outcome = try outcome(certificate, theirs, evidence, proofs, view.policy.requirements)
      do throws(HandshakeRefusal) {
        try wire.sendInHandshake(.keepAlive(epoch: ownHello.epoch, registry: ownHello.registry))
      } catch {
        platforms.release(evidence.platform)
        throw error
      }
      return outcome
    case .responder:
      let theirs = try await receiveHello(&source, certificate: certificate)
      try wire.sendInHandshake(.hello(ownHello))
      let proofs = try LiveProofs(
        network: identity.network, epoch: theirs.epoch, side: .responder,
        own: LiveProofs.End(own.binding), peer: LiveProofs.End(certificate.binding), exporter: tls.exporter())
      let nonces = LiveProofs.Nonces(initiator: theirs.nonce, responder: nonce)
      guard case .proof(let proof) = try await source.next() else { throw .unexpectedFrame }
      let view = try currentView()
      let evidence = try proofs.verify(proof, nonces, view: view, now: clock.wall)
      let outcome = try outcome(certificate, theirs, evidence, proofs, view.policy.requirements)
      do throws(HandshakeRefusal) {
        try wire.sendInHandshake(.proof(await proofs.prove(nonces, as: identity)))
        guard case .keepAlive = try await source.next() else { throw .unexpectedFrame }
      } catch {
        platforms.release(evidence.platform)
        throw error
      }
      return outcome
    }
  }

  private func hello(to peer: NodeID, view: PeerView) -> PeerHello {
    PeerHello(
      version: LiveTranscript.protocolVersion, network: identity.network, epoch: view.epoch, from: identity.node,
      to: peer, instance: identity.instance, nonce: nonce, registry: view.registry)
  }

  /// Network and version, then the node, then membership and stake, then what the certificate said.
  private func receiveHello(
    _ source: inout FrameSource, certificate: VerifiedNodeCertificate
  ) async throws(HandshakeRefusal) -> PeerHello {
    guard case .hello(let hello) = try await source.next() else { throw .unexpectedFrame }
    let view = try currentView()
    guard hello.network == identity.network else { throw .wrongNetwork }
    guard hello.version == LiveTranscript.protocolVersion else { throw .wrongVersion(hello.version) }
    guard hello.from == certificate.binding.node, hello.to == identity.node else { throw .wrongNode }
    guard try view.member(hello.from).identityKey == certificate.binding.identityKey else { throw .wrongIdentityKey }
    guard hello.instance == certificate.binding.instance else { throw .wrongInstance }
    // During a change of epoch one node reads the registry before the other.
    let difference = hello.epoch > view.epoch ? hello.epoch - view.epoch : view.epoch - hello.epoch
    guard difference <= 1 else { throw .wrongEpoch }
    return hello
  }

  private func currentView() throws(HandshakeRefusal) -> PeerView {
    guard let view = directory.view() else { throw .registryUnavailable }
    return view
  }

  private func outcome(
    _ certificate: VerifiedNodeCertificate, _ hello: PeerHello, _ evidence: VerifiedEvidence, _ proofs: LiveProofs,
    _ requirements: EvidenceRequirements?
  ) throws(HandshakeRefusal) -> Outcome {
    guard evidence.isOfSameMachine(as: certificate.evidence) else { throw .otherPlatform }
    try platforms.take(evidence.platform, for: hello.from)
    let peer = AttestedPeer(
      node: hello.from, instance: hello.instance, identityKey: certificate.binding.identityKey,
      binding: certificate.binding, evidence: evidence, epoch: hello.epoch, registry: hello.registry)
    return Outcome(peer: peer, proofs: proofs, requirements: requirements)
  }
}
