public import Identifiers

/// A policy for evidence as a person writes it, to judge evidence in files by. Nothing of it counts in a network, whose
/// policy is in its registry.
///
/// One JSON object; `docs/attestation.md` lists the members. A member that is not known is refused.
public struct EvidencePolicyFile: Sendable {
  public static let maximumSize = 1 << 20

  let allowed: [EvidenceKind: Set<Measurement>]
  let developmentRoots: [DevelopmentRootKey]
  let requirements: EvidenceRequirements

  /// What a network's registry says, for judging evidence in files by it.
  public init(
    allowed: [EvidenceKind: Set<Measurement>], developmentRoots: [DevelopmentRootKey],
    requirements: EvidenceRequirements
  ) {
    self.allowed = allowed
    self.developmentRoots = developmentRoots
    self.requirements = requirements
  }

  public init(json: [UInt8]) throws(EvidencePolicyFileError) {
    guard let value = try? JSONValue(parsing: json, limit: Self.maximumSize) else { throw .notJSON }
    var record = try StrictRecord(value)
    var allowed: [EvidenceKind: Set<Measurement>] = [:]
    guard var measurements = try record.record("measurements") else { throw record.fault("measurements") }
    for name in measurements.names {
      guard let kind = try? EvidenceKind(text: name) else { throw measurements.fault(name) }
      allowed[kind] = try measurements.list(name) { try? Measurement(text: $0) }.map(Set.init)
    }
    self.allowed = allowed
    developmentRoots = try record.list("developmentRoots") { try? DevelopmentRootKey(text: $0) } ?? []
    requirements = try EvidenceRequirements(&record)
    try record.finish()
  }

  /// What ``init(json:)`` reads.
  public var json: JSONValue {
    let measurements = allowed.sorted { $0.key.text < $1.key.text }.map { kind, list in
      JSONMember(kind.text, .array(list.map(\.text).sorted().map { .string($0) }))
    }
    let roots = developmentRoots.map { JSONValue.string($0.text) }
    return .object(
      [JSONMember("measurements", .object(measurements))]
        + (roots.isEmpty ? [] : [JSONMember("developmentRoots", .array(roots))]) + requirements.members)
  }
}

public enum EvidencePolicyFileError: Error, Sendable, Hashable, CustomStringConvertible {
  case notJSON
  /// The member is unknown, missing, or not what it has to be.
  case member(String)

  public var description: String {
    switch self {
    case .notJSON: "not JSON of the form this project reads"
    case .member(let name): "\(name) is unknown, missing or not in its form"
    }
  }
}
