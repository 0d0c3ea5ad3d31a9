import Foundation
import Identifiers
import SwiftProtobuf

extension LinkFrame {
  /// - Parameter bytes: one frame without its length prefix.
  public init(decoding bytes: [UInt8]) throws(PeerFrameError) {
    guard bytes.count <= PeerFrameLimits.frame else { throw .tooLong }
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    guard let envelope = try? ProtoEnvelope(serializedBytes: bytes, options: options), let frame = envelope.frame,
      // One comparison refuses unknown fields, duplicates, explicit defaults, over-long integers and strange orders.
      let again: [UInt8] = try? envelope.serializedBytes(), again == bytes
    else { throw .notCanonical }
    try self.init(frame)
  }

  /// One frame without its length prefix.
  /// - Throws: when a field breaks the limits the receiver would enforce.
  public func encoded() throws(PeerFrameError) -> [UInt8] {
    let frame = proto
    _ = try LinkFrame(frame)
    let envelope = ProtoEnvelope.with { $0.frame = frame }
    guard let bytes: [UInt8] = try? envelope.serializedBytes() else { throw .notCanonical }
    guard bytes.count <= PeerFrameLimits.frame else { throw .tooLong }
    return bytes
  }
}

extension LinkFrame {
  private init(_ frame: ProtoEnvelope.OneOf_Frame) throws(PeerFrameError) {
    switch frame {
    case .hello(let hello):
      self = .hello(try PeerHello(hello))
    case .challenge(let challenge):
      self = .challenge(nonce: try FrameField.identifier("nonce", challenge.nonce))
    case .proof(let proof):
      self = .proof(
        PeerProof(
          evidenceKind: try FrameField.label("evidence_kind", proof.evidenceKind),
          evidence: try FrameField.bytes("evidence", proof.evidence, upTo: PeerFrameLimits.evidence),
          identitySignature: try FrameField.signature(proof.identitySignature)))
    case .keepAlive(let keepAlive):
      self = .keepAlive(epoch: keepAlive.epoch, registry: try RegistryPosition(keepAlive.registry))
    case .session(let session):
      self = .peer(
        .session(
          SessionFrame(
            session: try FrameField.identifier("session", session.session),
            route: try FrameField.identifier("route", session.route),
            round: try FrameField.round(session.round), channel: try FrameChannel(session.channel),
            payload: try FrameField.bytes("payload", session.payload, upTo: PeerFrameLimits.payload))))
    case .want(let want):
      self = .peer(.want(try FrameField.identifier("session", want.session)))
    case .networkNonce(let nonce):
      self = .peer(
        .networkNonce(
          NetworkNonceFrame(
            epoch: nonce.epoch, purpose: try FrameField.label("purpose", nonce.purpose), attempt: nonce.attempt,
            nonce: try FrameField.identifier("nonce", nonce.nonce))))
    case .networkSession(let session):
      self = .peer(
        .networkSession(
          NetworkSessionFrame(
            session: try FrameField.identifier("session", session.session), round: try FrameField.round(session.round),
            channel: try FrameChannel(session.channel),
            payload: try FrameField.bytes("payload", session.payload, upTo: PeerFrameLimits.payload))))
    case .certificateSignature(let frame):
      self = .peer(
        .certificateSignature(
          CertificateSignatureFrame(
            epoch: frame.epoch, digest: try FrameField.identifier("digest", frame.digest),
            signature: try FrameField.signature(frame.signature))))
    case .certificateAcknowledgement(let frame):
      self = .peer(
        .certificateAcknowledgement(
          CertificateAcknowledgementFrame(epoch: frame.epoch, digest: try FrameField.identifier("digest", frame.digest))
        ))
    case .certificateAbsence(let frame):
      self = .peer(
        .certificateAbsence(
          CertificateAbsenceFrame(epoch: frame.epoch, digest: try FrameField.identifier("digest", frame.digest))))
    case .certificateRequest(let request):
      self = .peer(.certificateRequest(epoch: request.epoch))
    case .certificate(let certificate):
      self = .peer(
        .certificate(
          CertificateFrame(
            epoch: certificate.epoch,
            encoded: try FrameField.bytes("encoded", certificate.encoded, upTo: PeerFrameLimits.payload))))
    }
  }

  private var proto: ProtoEnvelope.OneOf_Frame {
    switch self {
    case .hello(let hello): .hello(hello.proto)
    case .challenge(let nonce): .challenge(.with { $0.nonce = Data(nonce.bytes) })
    case .proof(let proof):
      .proof(
        .with {
          $0.evidenceKind = proof.evidenceKind
          $0.evidence = Data(proof.evidence)
          $0.identitySignature = Data(proof.identitySignature)
        })
    case .keepAlive(let epoch, let registry):
      .keepAlive(
        .with {
          $0.epoch = epoch
          $0.registry = registry.proto
        })
    case .peer(let frame): frame.proto
    }
  }
}
