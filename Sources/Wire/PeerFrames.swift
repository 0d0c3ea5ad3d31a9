public import Identifiers

/// What a node hands to the mesh for another node, and gets from it. Which node sent it is whom TLS named.
///
/// None of these starts anything at the receiver by itself; see the sessions of `Node`.
public enum PeerFrame: Sendable, Hashable {
  /// A message of a session that belongs to a pending request.
  case session(SessionFrame)
  /// Asks for the identical bytes already sent in this session; answered once.
  case want(SessionID)
  case networkNonce(NetworkNonceFrame)
  case networkSession(NetworkSessionFrame)
  case certificateSignature(CertificateSignatureFrame)
  case certificateAcknowledgement(CertificateAcknowledgementFrame)
  case certificateAbsence(CertificateAbsenceFrame)
  /// Asks for the complete key certificate of an epoch.
  case certificateRequest(epoch: UInt64)
  case certificate(CertificateFrame)
}

/// How a message of a round travels: to one party, the same to all, the echo of a broadcast, or word that the sender
/// stopped.
public enum FrameChannel: Sendable, Hashable, CaseIterable {
  case direct, broadcast, echo, abort
}

public struct SessionFrame: Sendable, Hashable {
  public var session: SessionID
  public var route: RouteID
  public var round: UInt8
  public var channel: FrameChannel
  /// At most ``PeerFrameLimits/payload`` bytes.
  public var payload: [UInt8]

  public init(session: SessionID, route: RouteID, round: UInt8, channel: FrameChannel, payload: [UInt8]) {
    self.session = session
    self.route = route
    self.round = round
    self.channel = channel
    self.payload = payload
  }
}

public struct NetworkSessionFrame: Sendable, Hashable {
  public var session: SessionID
  public var round: UInt8
  public var channel: FrameChannel
  /// At most ``PeerFrameLimits/payload`` bytes.
  public var payload: [UInt8]

  public init(session: SessionID, round: UInt8, channel: FrameChannel, payload: [UInt8]) {
    self.session = session
    self.round = round
    self.channel = channel
    self.payload = payload
  }
}

/// A fresh nonce for one attempt at a network session; all participants' nonces go into the session's identifier.
public struct NetworkNonceFrame: Sendable, Hashable {
  public var epoch: UInt64
  /// 1 … ``PeerFrameLimits/purpose`` characters out of `a-z`, `0-9` and `-`.
  public var purpose: String
  public var attempt: UInt32
  public var nonce: Digest32

  public init(epoch: UInt64, purpose: String, attempt: UInt32, nonce: Digest32) {
    self.epoch = epoch
    self.purpose = purpose
    self.attempt = attempt
    self.nonce = nonce
  }
}

/// The sender's signature of the key certificate body with this digest. Not verified by this target.
public struct CertificateSignatureFrame: Sendable, Hashable {
  public var epoch: UInt64
  public var digest: Digest32
  /// 64 bytes, Ed25519.
  public var signature: [UInt8]

  public init(epoch: UInt64, digest: Digest32, signature: [UInt8]) {
    self.epoch = epoch
    self.digest = digest
    self.signature = signature
  }
}

/// The sender keeps pending shares that belong to the certificate body with this digest, durably.
public struct CertificateAcknowledgementFrame: Sendable, Hashable {
  public var epoch: UInt64
  public var digest: Digest32

  public init(epoch: UInt64, digest: Digest32) {
    self.epoch = epoch
    self.digest = digest
  }
}

/// The sender has no shares that belong to the certificate body with this digest, and will not get any.
public struct CertificateAbsenceFrame: Sendable, Hashable {
  public var epoch: UInt64
  public var digest: Digest32

  public init(epoch: UInt64, digest: Digest32) {
    self.epoch = epoch
    self.digest = digest
  }
}

/// An encoded, still unverified key certificate.
public struct CertificateFrame: Sendable, Hashable {
  public var epoch: UInt64
  /// At most ``PeerFrameLimits/payload`` bytes.
  public var encoded: [UInt8]

  public init(epoch: UInt64, encoded: [UInt8]) {
    self.epoch = epoch
    self.encoded = encoded
  }
}
