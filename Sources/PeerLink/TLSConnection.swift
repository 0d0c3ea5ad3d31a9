import Attestation
import NIOCore
import NIOSSL
import Synchronization

/// What is known about one TLS connection while it is being made, and the handler that makes it.
///
/// Each connection has its own `NIOSSLContext`: a shared one would let a session be resumed, and a resumed session asks
/// for no certificate.
final class TLSConnection: Sendable {
  /// Nil on a connection of this end that presents nothing, as a user's.
  let own: NodeCertificate?
  private let secret = ExporterSecret()
  private let facts = Mutex(Facts())

  private struct Facts {
    var peer: VerifiedNodeCertificate?
    var refusal: HandshakeRefusal?
    var exporter: TLSExporter?
  }

  /// Which end this is and what it asks of the other.
  enum Side: Sendable {
    /// Dialled another node, and presents its own certificate.
    case peerClient(NodeIdentity, Certification)
    /// Was dialled by another node.
    case peerServer(NodeIdentity, Certification)
    /// Serves users, who have no certificates.
    case userServer(NodeIdentity)
    /// A user, who has no certificate.
    case user(Certification)
  }

  /// How the other end's certificate is judged.
  typealias Certification = @Sendable ([[UInt8]]) throws(HandshakeRefusal) -> VerifiedNodeCertificate

  private let side: Side
  private let applicationProtocol: String

  init(_ side: Side, applicationProtocol: String) {
    self.side = side
    self.applicationProtocol = applicationProtocol
    own = side.identity?.certificate
  }

  /// Makes the handler, once.
  func makeHandler() throws -> NIOSSLHandler {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv13
    configuration.maximumTLSVersion = .tlsv13
    configuration.trustRoots = .certificates([])
    configuration.additionalTrustRoots = []
    configuration.applicationProtocols = [applicationProtocol]
    // How long a closed connection waits for the other end's farewell. Links end when they are cut.
    configuration.shutdownTimeout = side.isBetweenNodes ? .milliseconds(100) : .seconds(1)
    configuration.keyLogCallback = { [secret] in secret.readLogLine($0) }
    if let identity = side.identity, let own {
      configuration.certificateChain = [
        .certificate(try NIOSSLCertificate(bytes: own.der, format: .der))
      ]
      configuration.privateKey = identity.tlsKey
    }
    // `.none` would ask for no certificate, and on a client it would ignore what the callback says.
    if side.certification == nil {
      configuration.certificateVerification = .none
    } else {
      configuration.certificateVerification = .noHostnameVerification
    }
    let context = try NIOSSLContext(configuration: configuration)
    switch side {
    case .peerClient, .user:
      return try NIOSSLClientHandler(
        context: context, serverHostname: nil, customVerificationCallbackWithMetadata: verify)
    case .peerServer:
      return NIOSSLServerHandler(context: context, customVerificationCallbackWithMetadata: verify)
    case .userServer:
      return NIOSSLServerHandler(context: context)
    }
  }

  private func verify(
    _ chain: [NIOSSLCertificate], promise: EventLoopPromise<NIOSSLVerificationResultWithMetadata>
  ) {
    guard let certification = side.certification else {
      promise.succeed(.failed)
      return
    }
    do throws(HandshakeRefusal) {
      let bytes: [[UInt8]]
      do {
        bytes = try chain.map { try $0.toDERBytes() }
      } catch {
        throw .certificate(.malformed)
      }
      let peer = try certification(bytes)
      facts.withLock { $0.peer = peer }
      promise.succeed(.certificateVerified(VerificationMetadata(ValidatedCertificateChain(chain))))
    } catch {
      refuse(error)
      promise.succeed(.failed)
    }
  }

  /// The first refusal is the one that counts; later errors are its consequences.
  func refuse(_ refusal: HandshakeRefusal) {
    facts.withLock { if $0.refusal == nil { $0.refusal = refusal } }
  }

  var refusal: HandshakeRefusal? { facts.withLock(\.refusal) }
  var asksForCertificate: Bool { side.certification != nil }

  /// To be called when the TLS handshake is complete.
  func finishHandshake(hasValidatedChain: Bool, applicationProtocol: String?) throws(HandshakeRefusal) {
    if let refusal { throw refusal }
    if asksForCertificate {
      // Whoever verifies certificates also wants to speak to the right port.
      guard applicationProtocol == self.applicationProtocol else { throw .tls("another protocol was negotiated") }
      guard hasValidatedChain, facts.withLock({ $0.peer != nil }) else { throw .sessionResumed }
    }
    guard let exporter = secret.takeExporter() else { throw .noExporter }
    facts.withLock { $0.exporter = exporter }
  }

  /// After the handshake: who the other end says it is, with evidence for its key.
  func verifiedPeer() throws(HandshakeRefusal) -> VerifiedNodeCertificate {
    guard let peer = facts.withLock(\.peer) else { throw refusal ?? .sessionResumed }
    return peer
  }

  func exporter() throws(HandshakeRefusal) -> TLSExporter {
    guard let exporter = facts.withLock(\.exporter) else { throw refusal ?? .noExporter }
    return exporter
  }
}

extension TLSConnection.Side {
  var identity: NodeIdentity? {
    switch self {
    case .peerClient(let identity, _), .peerServer(let identity, _), .userServer(let identity): identity
    case .user: nil
    }
  }

  var isBetweenNodes: Bool {
    switch self {
    case .peerClient, .peerServer: true
    case .userServer, .user: false
    }
  }

  var certification: TLSConnection.Certification? {
    switch self {
    case .peerClient(_, let certification), .peerServer(_, let certification), .user(let certification): certification
    case .userServer: nil
    }
  }
}
