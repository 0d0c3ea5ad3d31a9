public import Attestation
public import Identifiers

/// Why a connection is not (or no longer) believed to be with the node it should be. In the order of checking.
public enum HandshakeRefusal: Error, Sendable, Hashable {
  // Before the handshake.
  /// Too many handshakes at once, from everywhere or from this address.
  case tooManyHandshakes
  /// The node's own view of the registry is too old to judge anybody.
  case registryUnavailable
  /// The world: no route, refused, reset.
  case unreachable(String)
  /// TLS failed: wrong version, no certificate, broken record.
  case tls(String)
  /// The other end went away in the middle; it may have refused us.
  case closedByPeer
  case deadline
  /// TLS finished without asking for certificates, as a resumed session does.
  case sessionResumed
  /// The connection has no exporter.
  case noExporter

  // The certificate, and then the hello.
  case certificateCount(Int)
  case certificate(NodeCertificateFault)
  case wrongNetwork
  case wrongVersion(UInt32)
  /// The other end is another node than the one that was dialled.
  case wrongNode
  /// The one that dialled should have waited to be dialled; also this node itself.
  case wrongDirection
  case notMember
  case insufficientStake
  case evidence(AttestationRefusal)
  /// The binding names another identity key than the registry.
  case wrongIdentityKey
  /// The binding was not made in the presence of this registry.
  case staleAnchor
  /// The member opens links more often than it may.
  case tooManyLinks
  /// Hello and certificate name different instances.
  case wrongInstance
  case wrongEpoch

  // The proof.
  case liveEvidence(AttestationRefusal)
  case identitySignature
  /// Certificate and live evidence are of different machines or kinds.
  case otherPlatform
  /// Another node runs on the same machine, and was there first.
  case platformInUse(by: NodeID)

  // Frames.
  case oversizedFrame
  case malformedFrame
  case unexpectedFrame

  // This node.
  case ownEvidence
  case stopping
}

extension HandshakeRefusal {
  /// A fixed word for logs and metrics.
  public var reason: String {
    switch self {
    case .tooManyHandshakes: "too-many-handshakes"
    case .registryUnavailable: "registry-unavailable"
    case .unreachable: "unreachable"
    case .tls: "tls"
    case .closedByPeer: "closed-by-peer"
    case .deadline: "deadline"
    case .sessionResumed: "session-resumed"
    case .noExporter: "no-exporter"
    case .certificateCount: "certificate-count"
    case .certificate(let fault): "certificate-\(fault.rawValue)"
    case .wrongNetwork: "wrong-network"
    case .wrongVersion: "wrong-version"
    case .wrongNode: "wrong-node"
    case .wrongDirection: "wrong-direction"
    case .notMember: "not-a-member"
    case .insufficientStake: "insufficient-stake"
    case .evidence(let refusal): Self.reason("evidence", refusal)
    case .wrongIdentityKey: "wrong-identity-key"
    case .staleAnchor: "stale-anchor"
    case .tooManyLinks: "too-many-links"
    case .wrongInstance: "wrong-instance"
    case .wrongEpoch: "wrong-epoch"
    case .liveEvidence(let refusal): Self.reason("live-evidence", refusal)
    case .identitySignature: "identity-signature"
    case .otherPlatform: "other-platform"
    case .platformInUse: "platform-in-use"
    case .oversizedFrame: "oversized-frame"
    case .malformedFrame: "malformed-frame"
    case .unexpectedFrame: "unexpected-frame"
    case .ownEvidence: "own-evidence"
    case .stopping: "stopping"
    }
  }

  /// For an operator's log; facts about the other end's claims, never contents.
  public var detail: String {
    switch self {
    case .unreachable(let detail), .tls(let detail): detail
    case .certificateCount(let count): "\(count) certificates"
    case .wrongVersion(let version): "version \(version)"
    case .evidence(let refusal), .liveEvidence(let refusal): refusal.description
    case .platformInUse(let node): "its machine is that of node \(node)"
    default: reason
    }
  }

  private static func reason(_ prefix: String, _ refusal: AttestationRefusal) -> String {
    let first = refusal.failed.first { $0.check.concernsProof } ?? refusal.failed.first
    return "\(prefix)-\(first?.check.rawValue ?? "unknown")"
  }
}
