import Attestation
import Identifiers
public import NIOCore
import Signatures
public import Wire

/// TLS for a node's users: the node's own certificate, a context for every connection, and the proof that belongs to it.
public struct AttestedServer: Sendable {
  static let applicationProtocol = "http/1.1"

  private let identity: NodeIdentity

  public init(identity: NodeIdentity) {
    self.identity = identity
  }

  /// Puts TLS in front of an incoming connection.
  ///
  /// - Parameters:
  ///   - channel: a new child channel, on its event loop, before it is active and before it has other handlers.
  ///   - timeout: for the TLS handshake; a slower client is cut.
  /// - Throws: when there is no certificate to present; close the channel then.
  public func secure(_ channel: any Channel, timeout: TimeAmount = .seconds(5)) throws -> AttestedServerConnection {
    let tls = TLSConnection(.userServer(identity), applicationProtocol: Self.applicationProtocol)
    let ready = channel.eventLoop.makePromise(of: Void.self)
    do {
      try channel.pipeline.syncOperations.addHandlers(
        tls.makeHandler(), TLSGate(connection: tls, ready: ready, timeout: timeout))
    } catch {
      ready.fail(error)
      throw error
    }
    return AttestedServerConnection(identity: identity, tls: tls, ready: ready.futureResult)
  }
}

/// One user's connection.
public struct AttestedServerConnection: Sendable {
  private let identity: NodeIdentity
  let tls: TLSConnection
  /// Succeeds when TLS is complete.
  public let ready: EventLoopFuture<Void>

  init(identity: NodeIdentity, tls: TLSConnection, ready: EventLoopFuture<Void>) {
    self.identity = identity
    self.tls = tls
    self.ready = ready
  }

  /// Proves to the user of this connection, and to nobody else, which node this is.
  /// - Throws: when the connection has no exporter or the node no evidence.
  public func answer(_ challenge: AttestationChallenge) async throws(HandshakeRefusal) -> AttestationAnswer {
    guard let binding = tls.own?.binding, let nonce = try? Digest32(bytes: challenge.nonce) else { throw .ownEvidence }
    let transcript = LiveTranscript(
      network: identity.network, clientNonce: nonce, tlsKeyDigest: binding.tlsKeyDigest, node: identity.node,
      instance: identity.instance, exporter: try tls.exporter())
    do {
      let signature = try identity.signer.sign(transcript.identityMessage)
      let evidence: Evidence
      var inclusion: [UInt8]?
      if let batcher = identity.batcher {
        let batched = try await batcher.evidence(over: transcript.reportData)
        (evidence, inclusion) = (batched.evidence, batched.proof.encoded)
      } else {
        evidence = try await identity.attester.evidence(over: transcript.reportData)
      }
      return AttestationAnswer(
        evidenceKind: evidence.kind.text, evidence: evidence.data, binding: binding.encoded,
        identitySignature: signature, inclusion: inclusion)
    } catch {
      throw .ownEvidence
    }
  }
}
