public import Identifiers
public import Membership
public import Wire

/// An operation a user may order of this node, now. Only ``Authorizer`` makes one.
public struct AuthorizedOperation: Sendable {
  public let request: RequestID
  public let wallet: WalletAddress
  /// Ed25519 public key of the session, 32 bytes.
  public let sessionKey: [UInt8]
  /// The request's, 16 bytes.
  public let nonce: [UInt8]
  public let operation: Operation
  public let operationDigest: Digest32
  public let quorum: Quorum
  public let epoch: UInt64
  /// Digest of the key certificate this request is for.
  public let certificate: Digest32
  public let expiresAt: Timestamp
  public let replyKey: ReplyPublicKey
  /// Whom the reply is from: this node as it runs now.
  public let replyContext: ReplyContext
  public let work: Work

  public enum Work: Sendable, Hashable {
    /// Sign these bytes under the record's key and purpose.
    case sign(KeyRecord, message: [UInt8])
    /// Release a share for this identity.
    case decrypt(identity: [UInt8])
  }

  init(
    _ request: SignedRequest, id: RequestID, wallet: WalletAddress, certificate: Digest32, replyContext: ReplyContext,
    work: Work
  ) {
    let payload = request.payload
    self.request = id
    self.wallet = wallet
    sessionKey = request.sessionKey
    nonce = payload.nonce
    operation = payload.operation
    operationDigest = payload.operation.digest
    quorum = payload.quorum
    epoch = payload.epoch
    self.certificate = certificate
    expiresAt = payload.expiresAt
    replyKey = payload.replyKey
    self.replyContext = replyContext
    self.work = work
  }

  public var keyRecord: KeyRecord? {
    if case .sign(let record, _) = work { record } else { nil }
  }

  /// Where frames of this operation arrive.
  public var route: RouteID {
    RouteID.derive(sessionKey: sessionKey, nonce: nonce, operationLabel: operation.label)
  }

  /// The one session of `protocolName` this operation can be part of.
  public func session(protocolName: String) -> SessionID {
    RequestSessionInputs(
      request: request, operationLabel: operation.label, protocolName: protocolName, key: keyRecord?.key, epoch: epoch,
      certificate: certificate, quorum: quorum, operationDigest: operationDigest
    ).session
  }
}
