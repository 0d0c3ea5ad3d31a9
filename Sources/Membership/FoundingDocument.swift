public import Attestation
public import Identifiers
import Transcripts
public import Wire

/// What a network fixes for ever; its hash is the network id.
///
/// JSON, kept as the exact bytes it came in:
/// ```
/// { "version": 1, "registry": "file" or the contracts (``ChainRegistryTerms``), "name": text,
///   "evidenceKinds": [text, …], "developmentRoots": [hex of 49 bytes, …],
///   "developmentEndpoints": ["127.0.0.1:port", …],     only where there are some
///   "threshold": "two-thirds", "minimumMembers": n, "minimumStake": u64,
///   "domain": text, "chainID": u64, "maximumSnapshotAge": seconds,
///   "stakers": [{"address", "stake"}, …], "signers": {"members": "stakers", …, "keyRecord": "owner", …},
///   "measurements": [{"kind", "value": hex of 48 bytes}, …],  optional; on a chain they are voted for
///   "requirements": {…} }                                     optional, see `EvidenceRequirements`
/// ```
public struct FoundingDocument: Sendable, Hashable {
  /// The exact JSON; what the network id is the hash of.
  public let bytes: [UInt8]
  public let network: NetworkID
  public let registry: RegistryPlace
  /// For people; 1 … 64 printable ASCII characters.
  public let name: String
  /// The kinds of evidence the registry may ever accept, e.g. `software`.
  public let evidenceKinds: [String]
  /// P-384 public keys (SEC 1 compressed, 49 bytes) that endorse software attesters; empty without `software`.
  public let developmentRoots: [[UInt8]]
  /// Services of the nodes' own machine that actions may fetch from; empty without `software`. A development network has
  /// all of its nodes on one machine, and says here to everybody what that machine shows to their actions.
  public let developmentEndpoints: [Endpoint]
  /// The fewest members a list of members may have.
  public let minimumMembers: Int
  /// The stake below which a member is not spoken to, until the registry's policy says otherwise. On a chain in gwei.
  public let minimumStake: UInt64
  /// The EIP-4361 domain and chain id of every capability.
  public let domain: String
  public let chainID: UInt64
  /// How long a node acts on a snapshot it cannot renew: 1 … 60 seconds.
  public let maximumSnapshotAge: Duration
  /// Who signs the first list of members.
  public let stakers: [FoundingStaker]
  /// Code that may run until the registry says otherwise: evidence kind → SHA-384 measurements (48 bytes).
  public let measurements: [String: Set<[UInt8]>]
  /// What is asked of evidence until the registry's policy says otherwise.
  public let requirements: EvidenceRequirements

  public static let developmentEvidenceKind = "software"
  static let sizeLimit = 64 << 10

  /// Whether evidence that is not from a TEE is accepted; every tool says so.
  public var isDevelopment: Bool {
    evidenceKinds.contains(Self.developmentEvidenceKind)
  }

  /// Reads a document; every rule of this version is checked.
  public init(decoding bytes: [UInt8]) throws(FormatError) {
    try self.init(Self.terms(bytes), bytes: bytes)
  }

  /// Reads a document that founds a network now: beside the rules of this version those for new networks are checked.
  ///
  /// - Throws: ``FormatError/invalid(_:)`` with `finalityDepth` for a registry on a chain whose newest block counts at
  ///   once, unless all evidence is software: blocks that others replace would give permissions and take them back. With
  ///   another name for what the contracts' constructors refuse.
  public init(founding bytes: [UInt8]) throws(FormatError) {
    let terms = try Self.terms(bytes)
    try terms.checkNew()
    try self.init(terms, bytes: bytes)
  }

  /// Writes a new document.
  ///
  /// - Throws: as ``init(founding:)``.
  public init(_ terms: FoundingTerms) throws(FormatError) {
    try terms.check()
    try terms.checkNew()
    try self.init(terms, bytes: terms.encoded)
  }

  private static func terms(_ bytes: [UInt8]) throws(FormatError) -> FoundingTerms {
    var fields = try JSONFields(JSONValue.parse(bytes, limit: sizeLimit))
    let terms = try FoundingTerms(&fields)
    try fields.finish()
    return terms
  }

  private init(_ terms: FoundingTerms, bytes: [UInt8]) throws(FormatError) {
    guard terms.registry == .file || bytes.count <= ChainRegistryTerms.documentLimit else {
      throw .invalid("registry")
    }
    self.bytes = bytes
    network = NetworkID(TaggedHash.sha256(.founding, [bytes]))
    registry = terms.registry
    name = terms.name
    evidenceKinds = terms.evidenceKinds
    developmentRoots = terms.developmentRoots
    developmentEndpoints = terms.developmentEndpoints
    minimumMembers = terms.minimumMembers
    minimumStake = terms.minimumStake
    domain = terms.domain
    chainID = terms.chainID
    maximumSnapshotAge = .seconds(terms.maximumSnapshotAgeSeconds)
    stakers = terms.stakers
    measurements = terms.measurements
    requirements = terms.requirements
  }
}

/// Somebody who put down a stake before there was a list of members.
public struct FoundingStaker: Sendable, Hashable {
  public let address: WalletAddress
  public let stake: UInt64

  public init(address: WalletAddress, stake: UInt64) {
    self.address = address
    self.stake = stake
  }
}
