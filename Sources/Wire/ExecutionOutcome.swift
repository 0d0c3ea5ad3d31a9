public import ActionNames
public import Identifiers

/// What one node says became of an action. Logs, usage and failed operations are the node's own; everything else is
/// alike on all nodes on which the action did the same.
public struct ExecutionOutcome: Sendable, Hashable {
  /// The name of the code that ran.
  public let action: ActionID
  /// What the action answered, nil when it answered nothing. At most ``WireLimits/response`` bytes.
  public let response: String?
  /// Ordered by name, each name once. None where the run failed.
  public let signatures: [NamedShare]
  /// Nil when the action ran to its end.
  public let failure: Failure?
  /// What it printed on this node, also when it failed. At most ``WireLimits/logs`` bytes.
  public let logs: String
  public let usage: ExecutionUsage
  /// The first of those that failed together with other nodes, at most ``WireLimits/failedOperations``, in the order in
  /// which they did. The action may have gone on without them.
  public let failedOperations: [FailedOperation]

  /// Why a run did not come to its end.
  public enum Failure: Sendable, Hashable {
    /// The code threw; its own text, at most ``WireLimits/failureText`` bytes.
    case code(String)
    /// The code wanted more than it may use.
    case limit(ActionLimit)
    /// The process it ran in broke.
    case worker
  }

  /// - Parameter signatures: dropped where the run failed.
  /// - Throws: ``FormatError/invalid(_:)`` for what is over its limit, and for a name that comes twice.
  public init(
    action: ActionID, response: String?, signatures: [NamedShare], failure: Failure?, logs: String,
    usage: ExecutionUsage, failedOperations: [FailedOperation] = []
  ) throws(FormatError) {
    guard (response?.utf8.count ?? 0) <= WireLimits.response else { throw .invalid("response") }
    guard logs.utf8.count <= WireLimits.logs else { throw .invalid("logs") }
    if case .code(let text) = failure, text.utf8.count > WireLimits.failureText { throw .invalid("failure") }
    let shares = failure == nil ? signatures.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } : []
    guard shares.count <= WireLimits.signaturesOfAction else { throw .invalid("signatures") }
    for (earlier, later) in zip(shares, shares.dropFirst()) {
      guard !earlier.name.utf8.elementsEqual(later.name.utf8) else { throw .invalid("signatures") }
    }
    self.action = action
    self.response = response
    self.signatures = shares
    self.failure = failure
    self.logs = logs
    self.usage = usage
    self.failedOperations = Array(failedOperations.prefix(WireLimits.failedOperations))
  }
}

/// A share of a signature that an action asked for, under the name it gave it.
public struct NamedShare: Sendable, Hashable {
  public let name: String
  public let key: KeyID
  /// At most ``WireLimits/contentOfAction`` bytes of it.
  public let content: ContentToSign
  public let share: Share

  public enum Share: Sendable, Hashable {
    case schnorr(SignatureShareOutcome)
    case ecdsa(ECDSAShareOutcome)
  }

  /// - Throws: ``FormatError/invalid(_:)`` for a name or content over its limit.
  public init(name: String, key: KeyID, content: ContentToSign, share: Share) throws(FormatError) {
    guard name.utf8.count <= WireLimits.nameOfSignature else { throw .invalid("name") }
    guard content.byteCount <= WireLimits.contentOfAction else { throw .invalid("sign") }
    self.name = name
    self.key = key
    self.content = content
    self.share = share
  }
}

extension ContentToSign {
  /// Of what is sent.
  public var byteCount: Int {
    switch self {
    case .message(let bytes), .raw(let bytes), .personalMessage(let bytes), .typedData(let bytes),
      .transaction(let bytes), .psbt(let bytes, _):
      bytes.count
    case .file: 32
    }
  }
}

/// What a run used up on one node, its nested calls included.
public struct ExecutionUsage: Sendable, Hashable {
  public var fetches: UInt64 = 0
  public var signatures: UInt64 = 0
  public var broadcasts: UInt64 = 0
  public var contractCalls: UInt64 = 0
  public var decryptions: UInt64 = 0
  public var calls: UInt64 = 0
  /// Operations of every kind.
  public var operations: UInt64 = 0
  /// Bytes printed.
  public var logBytes: UInt64 = 0

  public init() {}
}
