public import Attestation
import Identifiers
public import Wire

/// What whoever founds a network decides; see ``FoundingDocument`` for the meaning of each.
public struct FoundingTerms: Sendable, Hashable {
  public var registry: RegistryPlace
  public var name: String
  public var evidenceKinds: [String]
  public var developmentRoots: [[UInt8]]
  public var developmentEndpoints: [Endpoint] = []
  public var minimumMembers: Int
  public var minimumStake: UInt64
  public var domain: String
  public var chainID: UInt64
  public var maximumSnapshotAgeSeconds: Int
  public var stakers: [FoundingStaker]
  /// Code that may run from the beginning: evidence kind → SHA-384 measurements (48 bytes).
  public var measurements: [String: Set<[UInt8]>] = [:]
  /// What is asked of evidence from the beginning.
  public var requirements = EvidenceRequirements()

  static let developmentRootByteCount = 49
  static let developmentEndpointLimit = 4

  public init(
    name: String, evidenceKinds: [String], developmentRoots: [[UInt8]], minimumMembers: Int, minimumStake: UInt64,
    domain: String, chainID: UInt64, maximumSnapshotAgeSeconds: Int, stakers: [FoundingStaker],
    registry: RegistryPlace = .file
  ) {
    self.registry = registry
    self.name = name
    self.evidenceKinds = evidenceKinds
    self.developmentRoots = developmentRoots
    self.minimumMembers = minimumMembers
    self.minimumStake = minimumStake
    self.domain = domain
    self.chainID = chainID
    self.maximumSnapshotAgeSeconds = maximumSnapshotAgeSeconds
    self.stakers = stakers.sorted { $0.address < $1.address }
  }

  func check() throws(FormatError) {
    try registry.check()
    guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
      throw .invalid("name")
    }
    guard (1...8).contains(evidenceKinds.count), Set(evidenceKinds).count == evidenceKinds.count,
      evidenceKinds.allSatisfy(EvidenceName.isValid)
    else { throw .invalid("evidenceKinds") }
    let isDevelopment = evidenceKinds.contains(FoundingDocument.developmentEvidenceKind)
    guard developmentRoots.count <= 4, developmentRoots.isEmpty == !isDevelopment,
      developmentRoots.allSatisfy({ $0.count == Self.developmentRootByteCount })
    else { throw .invalid("developmentRoots") }
    guard developmentEndpoints.isEmpty || isDevelopment,
      developmentEndpoints.count <= Self.developmentEndpointLimit,
      Set(developmentEndpoints).count == developmentEndpoints.count,
      developmentEndpoints.allSatisfy({ ["127.0.0.1", "::1"].contains($0.host) })
    else { throw .invalid("developmentEndpoints") }
    // On a chain code is voted for, and the contract says which counts.
    guard measurements.isEmpty || registry == .file else { throw .invalid("measurements") }
    guard Set(measurements.keys).isSubset(of: evidenceKinds), measurements.values.allSatisfy({ !$0.isEmpty }) else {
      throw .invalid("measurements")
    }
    guard requirements.kinds.allSatisfy({ evidenceKinds.contains($0.text) }) else { throw .invalid("requirements") }
    guard (1...WireLimits.members).contains(minimumMembers) else { throw .invalid("minimumMembers") }
    guard (1...UInt64(JSONValue.largestInteger)).contains(minimumStake) else { throw .invalid("minimumStake") }
    guard (1...253).contains(domain.utf8.count), domain.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      throw .invalid("domain")
    }
    guard (1...UInt64(JSONValue.largestInteger)).contains(chainID) else { throw .invalid("chainID") }
    guard (1...60).contains(maximumSnapshotAgeSeconds) else { throw .invalid("maximumSnapshotAge") }
    guard (minimumMembers...WireLimits.members).contains(stakers.count) else { throw .invalid("stakers") }
    for (earlier, later) in zip(stakers, stakers.dropFirst()) {
      guard earlier.address < later.address else { throw .invalid("stakers") }
    }
    guard stakers.allSatisfy({ (minimumStake...UInt64(JSONValue.largestInteger)).contains($0.stake) }) else {
      throw .invalid("stakers")
    }
  }
}

extension FoundingTerms {
  /// Takes the members of a whole document out of an object.
  init(_ fields: inout JSONFields) throws(FormatError) {
    let place = try RegistryPlace(fields.value("registry"))
    try self.init(&fields, at: place)
    try check()
  }

  /// A document from which `registry` is left out, for a registry whose place is not known yet; the stakers in any order.
  /// Judged when a ``FoundingDocument`` is made of it.
  public init(draft bytes: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(bytes, limit: FoundingDocument.sizeLimit))
    try self.init(&fields, at: .file)
    try fields.finish()
    stakers.sort { $0.address < $1.address }
  }

  private init(_ fields: inout JSONFields, at place: RegistryPlace) throws(FormatError) {
    guard try fields.unsigned("version") == 1 else { throw .invalid("version") }
    registry = place
    guard try fields.string("threshold", limit: 16) == "two-thirds" else { throw .invalid("threshold") }
    guard try fields.value("signers") == UpdateSigners.json else { throw .invalid("signers") }
    name = try fields.string("name", limit: 64)
    evidenceKinds = []
    for value in try fields.array("evidenceKinds", limit: 8) {
      guard case .string(let kind) = value else { throw .invalid("evidenceKinds") }
      evidenceKinds.append(kind)
    }
    developmentRoots = []
    for value in try fields.array("developmentRoots", limit: 4) {
      guard case .string(let text) = value, let root = try? Hex.decode(text) else { throw .invalid("developmentRoots") }
      developmentRoots.append(root)
    }
    if fields.has("developmentEndpoints") {
      for value in try fields.array("developmentEndpoints", limit: Self.developmentEndpointLimit) {
        guard case .string(let text) = value, let endpoint = try? Endpoint(text: text) else {
          throw .invalid("developmentEndpoints")
        }
        developmentEndpoints.append(endpoint)
      }
      // There is one way to say that there are none.
      guard !developmentEndpoints.isEmpty else { throw .invalid("developmentEndpoints") }
    }
    minimumMembers = Int(try fields.unsigned("minimumMembers"))
    minimumStake = try fields.unsigned("minimumStake")
    domain = try fields.string("domain", limit: 253)
    chainID = try fields.unsigned("chainID")
    maximumSnapshotAgeSeconds = Int(try fields.unsigned("maximumSnapshotAge"))
    stakers = []
    for value in try fields.array("stakers", limit: WireLimits.members) {
      var staker = try JSONFields(value)
      stakers.append(
        FoundingStaker(address: try staker.identifier("address"), stake: try staker.unsigned("stake")))
      try staker.finish()
    }
    // Both are left out where they say nothing, so that a document has one form.
    if fields.has("measurements") {
      measurements = try MeasurementList.read(&fields)
      guard !measurements.isEmpty else { throw .invalid("measurements") }
    }
    if let value = fields.optional("requirements") {
      requirements = try EvidenceRequirements(canonical: value)
      guard requirements != EvidenceRequirements() else { throw .invalid("requirements") }
    }
  }

  var encoded: [UInt8] {
    let endpoints = JSONMember("developmentEndpoints", .array(developmentEndpoints.map { .string($0.text) }))
    let measured =
      measurements.isEmpty ? [] : [JSONMember("measurements", .array(MeasurementList.json(measurements)))]
    let required =
      requirements == EvidenceRequirements() ? [] : [JSONMember("requirements", requirements.json)]
    let beginning = [
      JSONMember("version", .integer(1)),
      JSONMember("registry", registry.json),
      JSONMember("name", .string(name)),
      JSONMember("evidenceKinds", .array(evidenceKinds.map { .string($0) })),
      JSONMember("developmentRoots", .array(developmentRoots.map { .string(Hex.encode($0)) })),
    ]
    let rest = [
      JSONMember("threshold", .string("two-thirds")),
      JSONMember("minimumMembers", JSONValue(minimumMembers)),
      JSONMember("minimumStake", JSONValue(minimumStake)),
      JSONMember("domain", .string(domain)),
      JSONMember("chainID", JSONValue(chainID)),
      JSONMember("maximumSnapshotAge", JSONValue(maximumSnapshotAgeSeconds)),
      JSONMember(
        "stakers",
        .array(
          stakers.map {
            .object([JSONMember("address", .text($0.address)), JSONMember("stake", JSONValue($0.stake))])
          })),
      JSONMember("signers", UpdateSigners.json),
    ]
    let optional = developmentEndpoints.isEmpty ? [] : [endpoints]
    return JSONValue.object(beginning + optional + rest + measured + required).serialized
  }
}

/// The rule of this version for who signs which update, spelled out in every founding document.
enum UpdateSigners {
  static let json = JSONValue.object(
    RegistryUpdateKind.allCases.map { JSONMember($0.rawValue, .string($0.signers.rawValue)) })
}

/// Names of kinds of evidence: 1 … 32 of `a-z`, `0-9`, `-`.
enum EvidenceName {
  static func isValid(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0)
      }
  }
}
