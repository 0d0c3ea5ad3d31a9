public import ActionNames
public import Identifiers
public import Membership
public import PublicKeys
public import Wire

/// An operation a user may order of this node, now. Only ``Authorizer`` makes one.
public struct AuthorizedOperation: Sendable {
  public let request: RequestID
  public let wallet: WalletAddress
  /// Ed25519 public key of the session, 32 bytes.
  public let sessionKey: [UInt8]
  /// The request's, 16 bytes.
  public let nonce: [UInt8]
  /// What the user or an action asks for; the run's own for what is an action's alone.
  public let operation: Operation
  /// The operation's name within its request. What an action asks for has names such as `sign#0` and `call#0/sign#1`.
  public let label: String
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
  /// What the wallet let the session key do.
  let capability: VerifiedCapability

  public enum Work: Sendable, Hashable {
    /// Sign these bytes under the record's key and purpose.
    case sign(KeyRecord, message: [UInt8])
    /// Release a share for this identity.
    case decrypt(identity: [UInt8])
    /// Run the code of this name; what it asks for is authorised one by one.
    case execute(ActionID)
    /// Sign these bytes under the key of the action that asks.
    case signAsAction(KeyID, KeyPurpose, message: [UInt8])
    /// Give the other nodes a value of a run, and take theirs.
    case exchange
  }

  init(
    _ request: SignedRequest, id: RequestID, capability: VerifiedCapability, certificate: Digest32,
    replyContext: ReplyContext, work: Work
  ) {
    let payload = request.payload
    self.request = id
    wallet = capability.wallet
    sessionKey = request.sessionKey
    nonce = payload.nonce
    operation = payload.operation
    label = payload.operation.label
    operationDigest = payload.operation.digest
    quorum = payload.quorum
    epoch = payload.epoch
    self.certificate = certificate
    expiresAt = payload.expiresAt
    replyKey = payload.replyKey
    self.replyContext = replyContext
    self.work = work
    self.capability = capability
  }

  /// An operation of an action that runs for the request `run` is of.
  init(_ order: ActionOrder, within run: AuthorizedOperation, work: Work) {
    request = run.request
    wallet = run.wallet
    sessionKey = run.sessionKey
    nonce = run.nonce
    operation = order.operation ?? run.operation
    label = order.label
    operationDigest = order.digest
    quorum = run.quorum
    epoch = run.epoch
    certificate = run.certificate
    expiresAt = run.expiresAt
    replyKey = run.replyKey
    replyContext = run.replyContext
    self.work = work
    capability = run.capability
  }

  public var keyRecord: KeyRecord? {
    if case .sign(let record, _) = work { record } else { nil }
  }

  /// The key that signs; nil for operations that use no derived key.
  public var key: KeyID? {
    switch work {
    case .sign(let record, _): record.key
    case .signAsAction(let key, _, _): key
    case .decrypt, .execute, .exchange: nil
    }
  }

  /// The resources of what the wallet granted, sorted.
  public var grantedResources: [String] { Set(capability.reCap.grants.map(\.resource)).sorted() }

  /// Where frames of this operation arrive.
  public var route: RouteID {
    RouteID.derive(sessionKey: sessionKey, nonce: nonce, operationLabel: label)
  }

  /// The one session of `protocolName` this operation can be part of.
  public func session(protocolName: String) -> SessionID {
    RequestSessionInputs(
      request: request, operationLabel: label, protocolName: protocolName, key: key, epoch: epoch,
      certificate: certificate, quorum: quorum, operationDigest: operationDigest
    ).session
  }
}
