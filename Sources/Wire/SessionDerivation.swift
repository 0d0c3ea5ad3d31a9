public import ActionNames
public import Identifiers
import Transcripts

extension SignedRequest {
  /// SHA-256 over the texts as received, so two requests that differ in a byte are two requests.
  public var id: RequestID {
    RequestID(
      TaggedHash.sha256(
        .request, [payload.network.bytes, Array(protectedText.utf8), Array(payloadText.utf8)]))
  }
}

extension Operation {
  /// Digest of the operation's canonical encoding; equal for every spelling of the same operation.
  public var digest: Digest32 { TaggedHash.sha256(.operation, canonicalFields) }

  /// Tag, label, then the operation's fields in a fixed order, each length-prefixed.
  public var canonicalEncoding: [UInt8] { TaggedHash.encoding(.operation, canonicalFields) }

  private var canonicalFields: [[UInt8]] {
    switch self {
    case .sign(let key, let content):
      [Array(label.utf8), key.bytes, Array(content.kind.rawValue.utf8)] + content.canonicalFields
    case .decrypt(let policy, let dataKeyHash):
      [Array(label.utf8), policy, dataKeyHash.bytes]
    case .execute(let code, let parameters):
      [Array(label.utf8), code, parameters]
    case .executeNamed(let action, let parameters):
      [Array("execute-named".utf8), action.digest, parameters]
    }
  }
}

/// What nodes agree on before their runs of an action do something together that is no operation of a user's.
public enum ActionExchangeDigest {
  /// An exchange of values, by the name the action gave it. The values are each node's own.
  public static func digest(name: String) -> Digest32 {
    digest("exchange", [Array(name.utf8)])
  }

  /// One node's value for all, by the name the action gave it.
  public static func digest(runOnce name: String) -> Digest32 {
    digest("run-once", [Array(name.utf8)])
  }

  /// The shares of an operation, exchanged so that each node combines them.
  public static func digest(sharesOf operation: Digest32) -> Digest32 {
    digest("shares", [operation.bytes])
  }

  /// A signature under the action's own key.
  ///
  /// - Parameter purpose: the name of the key's purpose.
  public static func digest(signingAs action: ActionID, purpose: String, content: ContentToSign) -> Digest32 {
    digest(
      "sign-as-action",
      [action.digest, Array(purpose.utf8), Array(content.kind.rawValue.utf8)] + content.canonicalFields)
  }

  private static func digest(_ what: String, _ fields: [[UInt8]]) -> Digest32 {
    TaggedHash.sha256(.operation, [Array(what.utf8)] + fields)
  }
}

extension ContentToSign {
  fileprivate var canonicalFields: [[UInt8]] {
    switch self {
    case .message(let message): [message]
    case .file(let digest, let byteCount): [digest.bytes, byteCount.bigEndianBytes]
    case .raw(let bytes), .personalMessage(let bytes), .typedData(let bytes), .transaction(let bytes): [bytes]
    case .psbt(let bytes, let input): [bytes, input.bigEndianBytes]
    }
  }

  /// The bytes the key signs, or for schemes that sign 32 bytes the bytes they hash first. Nil for content that other
  /// standards say how to hash.
  public var framed: [UInt8]? {
    switch self {
    case .message(let message): TaggedHash.encoding(.messageToSign, [message])
    case .file(let digest, let byteCount): TaggedHash.encoding(.fileToSign, [digest.bytes, byteCount.bigEndianBytes])
    case .raw(let bytes): bytes
    case .personalMessage, .typedData, .transaction, .psbt: nil
    }
  }
}

/// Everything a request session is derived from; two nodes that differ in any of it are in different sessions.
public struct RequestSessionInputs: Sendable, Hashable {
  public let request: RequestID
  public let operationLabel: String
  /// The name of the multi-party protocol.
  public let protocolName: String
  /// Nil for operations that use no derived key.
  public let key: KeyID?
  public let epoch: UInt64
  public let certificate: Digest32
  public let quorum: Quorum
  public let operationDigest: Digest32

  public init(
    request: RequestID, operationLabel: String, protocolName: String, key: KeyID?, epoch: UInt64,
    certificate: Digest32, quorum: Quorum, operationDigest: Digest32
  ) {
    self.request = request
    self.operationLabel = operationLabel
    self.protocolName = protocolName
    self.key = key
    self.epoch = epoch
    self.certificate = certificate
    self.quorum = quorum
    self.operationDigest = operationDigest
  }

  public var session: SessionID {
    SessionID(
      TaggedHash.sha256(
        .session,
        [
          request.bytes, Array(operationLabel.utf8), Array(protocolName.utf8), key?.bytes ?? [],
          epoch.bigEndianBytes, certificate.bytes, quorum.encoded, operationDigest.bytes,
        ]))
  }
}

extension RouteID {
  /// Where frames of an operation of a request go before the node that receives them knows the session.
  ///
  /// - Parameters:
  ///   - sessionKey: 32 bytes.
  ///   - nonce: the request's, 16 bytes.
  public static func derive(sessionKey: [UInt8], nonce: [UInt8], operationLabel: String) -> RouteID {
    RouteID(TaggedHash.sha256(.route, [sessionKey, nonce, Array(operationLabel.utf8)]))
  }
}

/// Everything a network session is derived from, by each node from its own registry snapshot.
public struct NetworkSessionInputs: Sendable, Hashable {
  public let network: NetworkID
  public let epoch: UInt64
  public let registryNumber: UInt64
  public let registryDigest: Digest32
  /// What the session is for, e.g. `key-generation`.
  public let purpose: String
  /// Ordered by node id.
  public let participants: [Participant]

  public struct Participant: Sendable, Hashable {
    public let node: NodeID
    public let instance: Instance
    /// 32 random bytes for this session alone.
    public let nonce: [UInt8]

    public init(node: NodeID, instance: Instance, nonce: [UInt8]) {
      self.node = node
      self.instance = instance
      self.nonce = nonce
    }
  }

  public init(
    network: NetworkID, epoch: UInt64, registryNumber: UInt64, registryDigest: Digest32, purpose: String,
    participants: [Participant]
  ) {
    self.network = network
    self.epoch = epoch
    self.registryNumber = registryNumber
    self.registryDigest = registryDigest
    self.purpose = purpose
    self.participants = participants.sorted { $0.node < $1.node }
  }

  public var session: SessionID {
    var list = ByteWriter()
    for participant in participants {
      list.lp(participant.node.text.utf8)
      list.lp(participant.instance.bytes)
      list.lp(participant.nonce)
    }
    return SessionID(
      TaggedHash.sha256(
        .networkSession,
        [
          network.bytes, epoch.bigEndianBytes, registryNumber.bigEndianBytes, registryDigest.bytes,
          Array(purpose.utf8), list.bytes,
        ]))
  }
}
