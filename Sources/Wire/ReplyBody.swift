public import Identifiers

/// What one node says about one request, before its identity key signs it.
public struct ReplyBody: Sendable, Hashable {
  public let request: RequestID
  public let node: NodeID
  public let instance: Instance
  public let epoch: UInt64
  /// The digest of the key certificate the node used.
  public let certificate: Digest32
  public let operationDigest: Digest32
  public let outcome: ReplyOutcome

  public init(
    request: RequestID, node: NodeID, instance: Instance, epoch: UInt64, certificate: Digest32,
    operationDigest: Digest32, outcome: ReplyOutcome
  ) {
    self.request = request
    self.node = node
    self.instance = instance
    self.epoch = epoch
    self.certificate = certificate
    self.operationDigest = operationDigest
    self.outcome = outcome
  }

  public var context: ReplyContext { ReplyContext(request: request, node: node, instance: instance) }
}

public enum ReplyOutcome: Sendable, Hashable {
  case signatureShare(SignatureShareOutcome)
  case ecdsaShare(ECDSAShareOutcome)
  /// A BLS share of the data key: a G2 element, compressed.
  case decryptionShare([UInt8])
  case execution(ExecutionOutcome)
  case failed(FailedOutcome)
}

/// A FROST share and the commitments it was made for. Elements and scalars are in the key's canonical encodings.
public struct SignatureShareOutcome: Sendable, Hashable {
  /// One entry per member of the quorum, ordered by party.
  public let commitments: [Commitment]
  public let share: [UInt8]

  public struct Commitment: Sendable, Hashable {
    public let party: UInt16
    public let hiding: [UInt8]
    public let binding: [UInt8]

    public init(party: UInt16, hiding: [UInt8], binding: [UInt8]) {
      self.party = party
      self.hiding = hiding
      self.binding = binding
    }
  }

  public init(commitments: [Commitment], share: [UInt8]) {
    self.commitments = commitments
    self.share = share
  }
}

/// One signer's part of an ECDSA signature: `s = Σ w / Σ u`, where every signer of the quorum gives the same `R`.
public struct ECDSAShareOutcome: Sendable, Hashable {
  public static let noncePointByteCount = 33
  public static let scalarByteCount = 32

  /// `R`, compressed as in SEC 1.
  public let noncePoint: [UInt8]
  /// Big-endian, as `w`.
  public let u: [UInt8]
  public let w: [UInt8]

  public init(noncePoint: [UInt8], u: [UInt8], w: [UInt8]) {
    self.noncePoint = noncePoint
    self.u = u
    self.w = w
  }
}

/// Why there is no share, and which nodes this node holds responsible.
public struct FailedOutcome: Sendable, Hashable {
  public let code: ErrorCode
  /// Ordered by node id, every node at most once.
  public let suspects: [Suspicion]

  public struct Suspicion: Sendable, Hashable {
    public let node: NodeID
    public let reason: Reason

    public init(node: NodeID, reason: Reason) {
      self.node = node
      self.reason = reason
    }
  }

  public enum Reason: String, CaseIterable, Sendable, Hashable {
    case cheated
    case missing
    case disagreed
  }

  /// Orders the suspects; of two suspicions against one node the first given stays.
  public init(code: ErrorCode, suspects: [Suspicion] = []) {
    self.code = code
    var byNode: [NodeID: Suspicion] = [:]
    for suspicion in suspects where byNode[suspicion.node] == nil { byNode[suspicion.node] = suspicion }
    self.suspects = byNode.values.sorted { $0.node < $1.node }
  }
}
