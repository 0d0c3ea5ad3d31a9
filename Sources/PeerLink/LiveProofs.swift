import Attestation
import Identifiers
import Signatures
import Wire

/// Makes and checks the proofs of one connection between two nodes: for the handshake, and again as the link grows old.
struct LiveProofs: Sendable {
  enum Side: Sendable {
    case initiator, responder
  }

  /// What stays the same about one end while the connection lasts.
  struct End: Sendable {
    let tlsKeyDigest: Digest32
    let node: NodeID
    let instance: Instance

    init(_ binding: CertificateBinding) {
      tlsKeyDigest = binding.tlsKeyDigest
      node = binding.node
      instance = binding.instance
    }
  }

  struct Nonces: Sendable, Hashable {
    var initiator: Digest32
    var responder: Digest32
  }

  let network: NetworkID
  /// As the initiator named it.
  let epoch: UInt64
  let side: Side
  let own: End
  let peer: End
  let exporter: TLSExporter

  init(
    network: NetworkID, epoch: UInt64, side: Side, own: End, peer: End, exporter: TLSExporter
  ) {
    self.network = network
    self.epoch = epoch
    self.side = side
    self.own = own
    self.peer = peer
    self.exporter = exporter
  }

  func prove(_ nonces: Nonces, as identity: NodeIdentity) async throws(HandshakeRefusal) -> PeerProof {
    let transcript = transcript(nonces, prover: side == .initiator ? .initiator : .responder)
    do {
      let evidence = try await identity.attester.evidence(over: transcript.reportData)
      return PeerProof(
        evidenceKind: evidence.kind.text, evidence: evidence.data,
        identitySignature: try identity.signer.sign(transcript.identityMessage))
    } catch {
      throw .ownEvidence
    }
  }

  /// Evidence first, then the signature under the key the registry names.
  func verify(
    _ proof: PeerProof, _ nonces: Nonces, view: PeerView, now: Timestamp
  ) throws(HandshakeRefusal) -> VerifiedEvidence {
    let transcript = transcript(nonces, prover: side == .initiator ? .responder : .initiator)
    return try transcript.verify(
      evidenceKind: proof.evidenceKind, evidence: proof.evidence, identitySignature: proof.identitySignature,
      identityKey: view.member(peer.node).identityKey, policy: view.policy, now: now)
  }

  private func transcript(_ nonces: Nonces, prover: LiveTranscript.Role) -> LiveTranscript {
    let ownNonce = side == .initiator ? nonces.initiator : nonces.responder
    let peerNonce = side == .initiator ? nonces.responder : nonces.initiator
    let own = LiveTranscript.End(
      tlsKeyDigest: own.tlsKeyDigest, node: own.node, instance: own.instance, nonce: ownNonce)
    let peer = LiveTranscript.End(
      tlsKeyDigest: peer.tlsKeyDigest, node: peer.node, instance: peer.instance, nonce: peerNonce)
    return LiveTranscript(
      network: network, epoch: epoch, prover: prover, initiator: side == .initiator ? own : peer,
      responder: side == .initiator ? peer : own, exporter: exporter)
  }
}

extension LiveTranscript {
  /// - Parameters:
  ///   - inclusion: where the report answers a batch of requests and this one among them.
  ///   - identityKey: from the registry, never from the evidence.
  func verify(
    evidenceKind: String, evidence: [UInt8], inclusion: [UInt8]? = nil, identitySignature: [UInt8],
    identityKey: [UInt8], policy: AttestationPolicy, now: Timestamp
  ) throws(HandshakeRefusal) -> VerifiedEvidence {
    let verified: VerifiedEvidence
    do {
      let received: Evidence
      do {
        received = try Evidence(kind: EvidenceKind(text: evidenceKind), data: evidence)
      } catch {
        throw AttestationRefusal(FailedCheck(.form, "not evidence"))
      }
      let carried = try inclusion.map { try InclusionProof(decoding: $0).reportData(over: reportData) }
      verified = try policy.verify(received, expecting: carried ?? reportData, now: now)
    } catch let refusal as AttestationRefusal {
      throw .liveEvidence(refusal)
    } catch {
      throw .liveEvidence(AttestationRefusal(FailedCheck(.form, "not evidence")))
    }
    guard Ed25519.isValid(signature: identitySignature, message: identityMessage, publicKey: identityKey) else {
      throw .identitySignature
    }
    return verified
  }
}
