import Attestation
public import Identifiers
import Transcripts

/// What both ends of one TLS connection agree on before either is believed; called `L` in the design.
///
/// `L = SHA-512("quorate/live/v1" ‖ lp(network id) ‖ lp(epoch) ‖ lp(protocol version) ‖ lp(role) ‖ lp(nonce_i) ‖ lp(nonce_r)
/// ‖ lp(SPKI hash_i) ‖ lp(SPKI hash_r) ‖ lp(tls-exporter) ‖ lp(node id_i) ‖ lp(node id_r) ‖ lp(instance_i) ‖
/// lp(instance_r))`. Epoch and version are u64 big-endian, identifiers are raw bytes, the role is ASCII. `i` opened the
/// connection. Whoever proves itself does so in its own role, so that a proof sent back to its maker proves nothing.
public struct LiveTranscript: Sendable, Hashable {
  /// Of the end that proves itself.
  public enum Role: String, Sendable, Hashable, CaseIterable {
    case initiator
    case responder
    /// A node to a user. The fields of `i` other than the nonce, the responder's nonce, and the epoch (0) say nothing:
    /// user clients have no certificate and no node, and learn the epoch elsewhere.
    case client
  }

  /// Incremented with every change of the handshake.
  public static let protocolVersion: UInt32 = 1
  static let nonceByteCount = 32

  public struct End: Sendable, Hashable {
    /// SHA-256 of the SubjectPublicKeyInfo of its TLS key.
    public var tlsKeyDigest: Digest32
    public var node: NodeID
    public var instance: Instance
    public var nonce: Digest32

    public init(tlsKeyDigest: Digest32, node: NodeID, instance: Instance, nonce: Digest32) {
      self.tlsKeyDigest = tlsKeyDigest
      self.node = node
      self.instance = instance
      self.nonce = nonce
    }
  }

  let reportData: ReportData
  /// What the identity key signs.
  let identityMessage: [UInt8]

  /// Between two nodes.
  /// - Parameters:
  ///   - epoch: the one the initiator named in its hello.
  ///   - exporter: RFC 9266 `tls-exporter` of the connection.
  public init(
    network: NetworkID, epoch: UInt64, prover: Role, initiator: End, responder: End, exporter: TLSExporter
  ) {
    self.init(
      fields: [
        network.bytes, epoch.bigEndianBytes, UInt64(Self.protocolVersion).bigEndianBytes, Array(prover.rawValue.utf8),
        initiator.nonce.bytes, responder.nonce.bytes,
        initiator.tlsKeyDigest.bytes, responder.tlsKeyDigest.bytes,
        exporter.bytes,
        initiator.node.bytes, responder.node.bytes,
        initiator.instance.bytes, responder.instance.bytes,
      ])
  }

  /// From a node to a user, who chose the nonce.
  public init(
    network: NetworkID, clientNonce: Digest32, tlsKeyDigest: Digest32, node: NodeID, instance: Instance,
    exporter: TLSExporter
  ) {
    self.init(
      fields: [
        network.bytes, UInt64(0).bigEndianBytes, UInt64(Self.protocolVersion).bigEndianBytes,
        Array(Role.client.rawValue.utf8),
        clientNonce.bytes, [],
        [], tlsKeyDigest.bytes,
        exporter.bytes,
        [], node.bytes,
        [], instance.bytes,
      ])
  }

  private init(fields: [[UInt8]]) {
    reportData = ReportData(.live, fields)
    identityMessage = TaggedHash.encoding(.liveSignature, [reportData.bytes])
  }
}
