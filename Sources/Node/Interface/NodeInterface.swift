public import Identifiers
public import PeerLink
public import Wire

/// What a node does for those outside it: for users, for its operator, and for the process it runs in.
///
/// A listener calls nothing else. All of it may be called at any time and from many tasks at once.
public protocol NodeInterface: Sendable {
  /// Keys, instance and certificate of this process; TLS on the client port presents it.
  var identity: NodeIdentity { get }

  /// The answer to `GET /v1/network`.
  /// - Throws: ``NodeRefusal`` with `not_ready` while there is no registry view.
  func describeNetwork() async throws(NodeRefusal) -> NetworkDescription

  /// Judges a request, takes part in it and gives its sealed outcome.
  ///
  /// - Parameters:
  ///   - kind: the route it came by; a request for another kind of operation is malformed.
  ///   - origin: whose part of what is bounded for everybody it takes.
  /// - Returns: the encoded ``SealedReply``. A second arrival of the same request gets the identical bytes.
  func answer(
    _ submission: RequestSubmission, _ kind: RequestKind, from origin: RequestOrigin?
  ) async throws(NodeRefusal) -> [UInt8]

  /// Whether ``answer(_:_:from:)`` would take a request now.
  func readiness() async -> NodeReadiness

  func status() async -> NodeStatus

  /// Binds the peer port. To be called once, before ``run()``.
  /// - Returns: the bound address.
  func start() async throws -> ListenAddress

  /// Follows the registry, keeps links and keys, renews the certificate. Returns after ``stop()`` or when its task is
  /// cancelled, with everything closed and wiped.
  /// - Throws: when the node cannot go on and only its operator can help.
  func run() async throws

  /// From now on no request is taken; those already taken are finished.
  func drain() async

  /// Ends ``run()``. Requests that are still worked on fail.
  func stop() async
}

extension NodeInterface {
  /// For whoever is no listener.
  public func answer(_ submission: RequestSubmission, _ kind: RequestKind) async throws(NodeRefusal) -> [UInt8] {
    try await answer(submission, kind, from: nil)
  }
}

/// The kinds of requests users send, each with a route of its own.
public enum RequestKind: String, Sendable, Hashable, CaseIterable {
  case sign
  case decrypt
  case execute
}

/// Why a node gives a user an error instead of a sealed reply.
public struct NodeRefusal: Error, Sendable, Hashable {
  public let code: ErrorCode
  /// Nil until both signatures of the session key hold.
  public let request: RequestID?
  /// When it may be worth asking again; only for codes that are retried later.
  public let retryAfter: Duration?

  public init(_ code: ErrorCode, request: RequestID? = nil, retryAfter: Duration? = nil) {
    self.code = code
    self.request = request
    self.retryAfter = retryAfter
  }
}

/// Whether a node serves requests, and if not, why.
public enum NodeReadiness: Sendable, Hashable {
  case ready
  /// - Parameters:
  ///   - reason: a fixed word, for programs.
  ///   - detail: a sentence for the operator.
  case notReady(reason: String, detail: String)
}

/// What an operator sees of a node at one moment. Nothing secret and nothing of any request is in it.
public struct NodeStatus: Sendable, Hashable {
  public var network: NetworkID
  public var node: NodeID
  public var instance: Instance
  /// Ed25519, 32 bytes.
  public var identityKey: [UInt8]
  /// Whether the network accepts evidence that is not from a TEE.
  public var isDevelopment: Bool
  /// The kind of evidence this node makes of itself, such as `sev-snp`.
  public var evidence: String
  /// What of the node outlives its process.
  public var memory: RestartMemory
  /// Nil while the registry cannot be read.
  public var registry: RegistryPosition?
  public var epoch: UInt64?
  public var readiness: NodeReadiness
  public var keys: Keys
  public var pairSetups: PairSetups
  public var actions: Actions
  /// All other members, ordered by node.
  public var peers: [Peer]
  /// Requests being worked on.
  public var pendingRequests: Int
  /// Sessions of requests and key generations that are running.
  public var sessions: Int

  public init(
    network: NetworkID, node: NodeID, instance: Instance, identityKey: [UInt8], isDevelopment: Bool,
    evidence: String = "software", memory: RestartMemory = .sealed, registry: RegistryPosition?, epoch: UInt64?,
    readiness: NodeReadiness, keys: Keys,
    pairSetups: PairSetups = PairSetups(), actions: Actions = .off, peers: [Peer], pendingRequests: Int, sessions: Int
  ) {
    self.network = network
    self.node = node
    self.instance = instance
    self.identityKey = identityKey
    self.isDevelopment = isDevelopment
    self.evidence = evidence
    self.memory = memory
    self.registry = registry
    self.epoch = epoch
    self.readiness = readiness
    self.keys = keys
    self.pairSetups = pairSetups
    self.actions = actions
    self.peers = peers
    self.pendingRequests = pendingRequests
    self.sessions = sessions
  }

  /// How far the keys of the current epoch are.
  public struct Keys: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
      /// This node is in no epoch.
      case none
      /// Some members are not linked.
      case waiting
      case generating
      /// Shares are there; not all members have signed the key certificate.
      case certifying
      case active
      /// There is a certificate without usable shares; only a new epoch helps.
      case unusable
    }

    public var state: State
    /// Key generations begun in this process.
    public var attempt: Int
    /// The members waited for.
    public var missing: [NodeID]
    /// Digest of the complete key certificate.
    public var certificate: Digest32?
    /// Whether the registry names that digest.
    public var isRegistered: Bool
    /// Why the last attempt failed.
    public var problem: String?

    public init(
      state: State, attempt: Int = 0, missing: [NodeID] = [], certificate: Digest32? = nil, isRegistered: Bool = false,
      problem: String? = nil
    ) {
      self.state = state
      self.attempt = attempt
      self.missing = missing
      self.certificate = certificate
      self.isRegistered = isRegistered
      self.problem = problem
    }
  }

  /// How many other members this node can sign by ECDSA with now; each pair makes its own set-up.
  public struct PairSetups: Sendable, Hashable {
    /// Other members of the key certificate; 0 while this node has no keys.
    public var total: Int
    public var ready: Int
    public var making: Int
    /// Waiting after a failed attempt or a failed check.
    public var backingOff: Int

    public init(total: Int = 0, ready: Int = 0, making: Int = 0, backingOff: Int = 0) {
      self.total = total
      self.ready = ready
      self.making = making
      self.backingOff = backingOff
    }
  }

  /// Whether this node runs actions.
  public enum Actions: Sendable, Hashable {
    case off
    /// What the sandbox needs is being looked for.
    case examining
    /// A part of the sandbox is not there, so no action runs here.
    case missing(part: String, detail: String)
    /// - Parameter waiting: workers that are ready.
    case running(waiting: Int)
  }

  public struct Peer: Sendable, Hashable {
    public var node: NodeID
    /// Nil while there is no link.
    public var instance: Instance?
    /// Whether this node dials it, or waits to be dialled.
    public var dials: Bool
    /// Why the last link ended or was refused.
    public var problem: String?

    public init(node: NodeID, instance: Instance?, dials: Bool, problem: String?) {
      self.node = node
      self.instance = instance
      self.dials = dials
      self.problem = problem
    }
  }
}
