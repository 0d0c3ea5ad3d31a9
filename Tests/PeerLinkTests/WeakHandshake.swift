import Attestation
import Identifiers
import Membership
@testable import PeerLink
import Secrets
import Transcripts
import Wire

/// The peer handshake with something left out. Controls show with it that an attack the real one refuses is stopped by
/// exactly what is missing here; with nothing left out it is the real one.
struct WeakHandshake: Sendable {
  struct Omissions: OptionSet, Sendable {
    let rawValue: Int
    /// The transcript does not say which connection it belongs to.
    static let exporter = Omissions(rawValue: 1)
    static let tlsKeys = Omissions(rawValue: 2)
    static let nonces = Omissions(rawValue: 4)
    /// The transcript does not say which end proves itself.
    static let role = Omissions(rawValue: 8)
    /// Nobody looks at the signature.
    static let identitySignature = Omissions(rawValue: 16)
    /// Nobody looks at the live evidence.
    static let evidence = Omissions(rawValue: 32)
  }

  let omitted: Omissions

  init(without omitted: Omissions) {
    self.omitted = omitted
  }

  /// As the one that dialled.
  func dial(_ stage: ScriptedPeer.Stage, _ source: inout FrameSource) async throws {
    let node = try stage.tls.verifiedPeer().binding.node
    try stage.wire.send(.hello(stage.hello(to: node)))
    let nonces = LiveProofs.Nonces(initiator: Digest32.zero, responder: try await hello(&source).nonce)
    try stage.wire.send(.proof(await prove(stage, .initiator, nonces)))
    guard case .proof(let proof) = try await source.next() else { throw HandshakeRefusal.unexpectedFrame }
    try verify(proof, stage, .initiator, nonces)
    try stage.wire.send(.keepAlive(epoch: stage.view.epoch, registry: stage.view.registry))
  }

  /// As the one that was dialled.
  func answer(_ stage: ScriptedPeer.Stage, _ source: inout FrameSource) async throws {
    let theirs = try await hello(&source)
    var random = SystemRandom()
    let nonce = Digest32.sha256(of: random.bytes(32))
    try stage.wire.send(.hello(stage.hello(to: theirs.from) { $0.nonce = nonce }))
    let nonces = LiveProofs.Nonces(initiator: theirs.nonce, responder: nonce)
    guard case .proof(let proof) = try await source.next() else { throw HandshakeRefusal.unexpectedFrame }
    try verify(proof, stage, .responder, nonces)
    try stage.wire.send(.proof(await prove(stage, .responder, nonces)))
    guard case .keepAlive = try await source.next() else { throw HandshakeRefusal.unexpectedFrame }
  }

  private func hello(_ source: inout FrameSource) async throws -> PeerHello {
    guard case .hello(let hello) = try await source.next() else { throw HandshakeRefusal.unexpectedFrame }
    return hello
  }

  func prove(
    _ stage: ScriptedPeer.Stage, _ side: LiveProofs.Side, _ nonces: LiveProofs.Nonces
  ) async throws -> PeerProof {
    let transcript = try transcript(stage, side, nonces, prover: side == .initiator ? .initiator : .responder)
    let evidence = try await stage.identity.attester.evidence(over: transcript.reportData)
    return PeerProof(
      evidenceKind: evidence.kind.text, evidence: evidence.data,
      identitySignature: try stage.identity.signer.sign(transcript.identityMessage))
  }

  func verify(
    _ proof: PeerProof, _ stage: ScriptedPeer.Stage, _ side: LiveProofs.Side, _ nonces: LiveProofs.Nonces
  ) throws {
    let transcript = try transcript(stage, side, nonces, prover: side == .initiator ? .responder : .initiator)
    do throws(HandshakeRefusal) {
      _ = try transcript.verify(
        evidenceKind: proof.evidenceKind, evidence: proof.evidence, identitySignature: proof.identitySignature,
        identityKey: stage.view.member(stage.tls.verifiedPeer().binding.node).identityKey, policy: stage.view.policy,
        now: SystemClock().wall)
    } catch .identitySignature where omitted.contains(.identitySignature) {
    } catch .liveEvidence where omitted.contains(.evidence) {
    }
  }

  private func transcript(
    _ stage: ScriptedPeer.Stage, _ side: LiveProofs.Side, _ nonces: LiveProofs.Nonces, prover: LiveTranscript.Role
  ) throws -> LiveTranscript {
    let (own, peer) = (stage.identity.certificate.binding, try stage.tls.verifiedPeer().binding)
    func end(_ binding: CertificateBinding, _ nonce: Digest32) -> LiveTranscript.End {
      LiveTranscript.End(
        tlsKeyDigest: omitted.contains(.tlsKeys) ? .zero : binding.tlsKeyDigest, node: binding.node,
        instance: binding.instance, nonce: omitted.contains(.nonces) ? .zero : nonce)
    }
    return LiveTranscript(
      network: stage.view.network, epoch: stage.view.epoch, prover: omitted.contains(.role) ? .initiator : prover,
      initiator: end(side == .initiator ? own : peer, nonces.initiator),
      responder: end(side == .initiator ? peer : own, nonces.responder),
      exporter: omitted.contains(.exporter) ? try TLSExporter.constant() : try stage.tls.exporter())
  }
}

extension TLSExporter {
  /// Of no connection.
  static func constant() throws -> TLSExporter {
    guard let exporter = TLSExporter(exporterSecret: SecretBytes(copying: [UInt8](repeating: 1, count: 32))) else {
      throw HandshakeRefusal.noExporter
    }
    return exporter
  }
}

extension TestNetwork {
  /// Whether an identity that follows the handshake gets through it at an end that leaves something out.
  ///
  /// - Parameters:
  ///   - moment: when the end thinks it is, told by the certificate it judges.
  ///   - forgive: what it does not see in the evidence of the certificate.
  func letsIn(
    _ identity: NodeIdentity, without omitted: WeakHandshake.Omissions,
    at moment: @escaping @Sendable (UnverifiedNodeCertificate) -> Timestamp = { _ in SystemClock().wall },
    forgive: @escaping @Sendable (UnverifiedNodeCertificate, inout EvidenceFindings) -> Void = { _, _ in }
  ) async throws -> Bool {
    let weak = try await self.identity(254)
    try list(identity, port: 1)
    let believed = Believed()
    let verifier = SoftwareEvidenceVerifier(roots: [root.publicKey])
    let judge: ScriptedPeer.Judge = { (chain, expectation, view) throws(HandshakeRefusal) in
      guard var view, let der = chain.first, let certificate = try? UnverifiedNodeCertificate(der: der) else {
        throw .certificateCount(chain.count)
      }
      view.policy = AttestationPolicy(
        allowed: view.policy.allowed,
        verifiers: [ForgivingVerifier(base: verifier) { forgive(certificate, &$0) }])
      return try CertificateCheck(expectation: expectation).verify(chain, view: view, now: moment(certificate))
    }
    let listener = try await ScriptedPeer(identity: weak, directory: directory, judge: judge).listen { stage, source in
      try await WeakHandshake(without: omitted).answer(stage, &source)
      believed.note()
    }
    try list(weak, port: listener.port)
    _ = try? await ScriptedPeer(identity: identity, directory: directory)
      .dial(weak.node, port: listener.port) { stage, source in
        _ = try await stage.shakeHands(with: weak.node, &source)
        await stage.waitForClose(&source)
      }
    await listener.stop()
    return believed.isNoted
  }
}
