public import Attestation
public import Identifiers
public import Wire

/// What an update says, decoded from its body.
public enum RegistryChange: Sendable, Hashable {
  case members([Member])
  case epoch(UInt64)
  /// - Parameter requirements: of evidence, all of them anew; nil leaves those that are in force.
  case policy(evidenceKinds: [String], minimumStake: UInt64, requirements: EvidenceRequirements? = nil)
  /// Evidence kind → SHA-384 measurements (48 bytes).
  case measurements([String: Set<[UInt8]>])
  case keyCertificate(epoch: UInt64, digest: Digest32)
  case keyRecord(KeyRecord)
  case notBefore(wallet: WalletAddress, Timestamp)

  public var kind: RegistryUpdateKind {
    switch self {
    case .members: .members
    case .epoch: .epoch
    case .policy: .policy
    case .measurements: .measurements
    case .keyCertificate: .keyCertificate
    case .keyRecord: .keyRecord
    case .notBefore: .notBefore
    }
  }
}

extension RegistryChange {
  public init(kind: RegistryUpdateKind, body: [UInt8], network: NetworkID) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(body, limit: RegistryLimits.body))
    switch kind {
    case .members:
      var members: [Member] = []
      for value in try fields.array("members", limit: WireLimits.members) { members.append(try Member(value)) }
      self = .members(members)
    case .epoch:
      self = .epoch(try fields.unsigned("epoch"))
    case .policy:
      let kinds = try Self.strings(&fields, "evidenceKinds", limit: 8)
      self = .policy(
        evidenceKinds: kinds, minimumStake: try fields.unsigned("minimumStake"),
        requirements: try fields.optional("requirements").map { (value) throws(FormatError) in
          try EvidenceRequirements(canonical: value)
        })
    case .measurements:
      self = .measurements(try MeasurementList.read(&fields))
    case .keyCertificate:
      let epoch = try fields.unsigned("epoch")
      self = .keyCertificate(epoch: epoch, digest: try fields.identifier("digest"))
    case .keyRecord:
      self = .keyRecord(try KeyRecord(&fields, network: network))
    case .notBefore:
      let wallet: WalletAddress = try fields.identifier("wallet")
      self = .notBefore(wallet: wallet, try fields.timestamp("notBefore"))
    }
    try fields.finish()
  }

  /// The body of an update that says this: JSON in its one form.
  public var body: [UInt8] {
    let json: JSONValue =
      switch self {
      case .members(let members):
        .object([JSONMember("members", .array(members.map(\.json)))])
      case .epoch(let epoch):
        .object([JSONMember("epoch", JSONValue(epoch))])
      case .policy(let kinds, let stake, let requirements):
        .object(
          [
            JSONMember("evidenceKinds", .array(kinds.map { .string($0) })),
            JSONMember("minimumStake", JSONValue(stake)),
          ] + (requirements.map { [JSONMember("requirements", $0.json)] } ?? []))
      case .measurements(let measurements):
        .object([JSONMember("measurements", .array(MeasurementList.json(measurements)))])
      case .keyCertificate(let epoch, let digest):
        .object([JSONMember("epoch", JSONValue(epoch)), JSONMember("digest", .text(digest))])
      case .keyRecord(let record):
        record.json
      case .notBefore(let wallet, let moment):
        .object([JSONMember("wallet", .text(wallet)), JSONMember("notBefore", .string(moment.text))])
      }
    return json.serialized
  }

  static func strings(_ fields: inout JSONFields, _ name: String, limit: Int) throws(FormatError) -> [String] {
    var texts: [String] = []
    for value in try fields.array(name, limit: limit) {
      guard case .string(let text) = value, !texts.contains(text) else { throw .invalid(name) }
      texts.append(text)
    }
    return texts
  }
}

extension Member {
  init(_ value: JSONValue) throws(FormatError) {
    var fields = try JSONFields(value)
    let registration = Registration(
      node: try fields.identifier("node"),
      identityKey: try fields.bytes("identityKey", count: Registration.identityKeyByteCount),
      peerEndpoint: try Self.endpoint(&fields, "peer"), clientEndpoint: try Self.endpoint(&fields, "client"),
      proof: try fields.bytes("proof", count: Registration.proofByteCount))
    self.init(registration: registration, stake: try fields.unsigned("stake"))
    try fields.finish()
  }

  private static func endpoint(_ fields: inout JSONFields, _ name: String) throws(FormatError) -> Endpoint {
    guard let endpoint = try? Endpoint(text: fields.string(name, limit: 300)) else { throw .invalid(name) }
    return endpoint
  }

  var json: JSONValue {
    .object([
      JSONMember("node", .text(node)),
      JSONMember("identityKey", .base64URL(identityKey)),
      JSONMember("peer", .string(peerEndpoint.text)),
      JSONMember("client", .string(clientEndpoint.text)),
      JSONMember("stake", JSONValue(stake)),
      JSONMember("proof", .base64URL(registration.proof)),
    ])
  }
}
