public import Identifiers

/// What a network asks of evidence beside the code that may run. It is a part of the network's registry.
///
/// That nobody can debug or move an environment is asked in every network and cannot be left out.
public struct EvidenceRequirements: Sendable, Hashable {
  /// Machines that count; nil where every machine does. Evidence that names no machine fails a list.
  public var platforms: Set<PlatformID>?
  /// As it stands here no product of AMD's counts.
  public var snp = SNPRequirements(minimumFirmware: [:])
  public var tdx = TDXRequirements()
  public var nitro = NitroRequirements()

  public init() {}

  /// The kinds of evidence of which something else is asked than by default.
  public var kinds: Set<EvidenceKind> {
    let standard = EvidenceRequirements()
    var kinds = Set((platforms ?? []).map(\.kind))
    if snp != standard.snp { kinds.insert(.sevSNP) }
    if tdx != standard.tdx { kinds.insert(.tdx) }
    if nitro != standard.nitro { kinds.insert(.nitro) }
    return kinds
  }

  /// Verifiers of hardware that ask for this.
  public func verifiers(_ knowledge: VendorKnowledge) -> [any EvidenceVerifier] {
    [
      SNPVerifier(requirements: snp, authorities: knowledge.roots.amd, revocations: knowledge.revocations),
      TDXVerifier(requirements: tdx, collateral: knowledge.intel, root: knowledge.roots.intel),
      NitroVerifier(requirements: nitro, root: knowledge.roots.nitro),
    ]
  }
}

extension EvidenceRequirements {
  /// Reads the members `platforms`, `snp`, `tdx` and `nitro`; `docs/attestation.md` lists what is in them. Members that
  /// are not known are refused.
  public init(_ value: JSONValue) throws(EvidencePolicyFileError) {
    var record = try StrictRecord(value)
    try self.init(&record)
    try record.finish()
  }

  init(_ record: inout StrictRecord) throws(EvidencePolicyFileError) {
    platforms = try record.list("platforms") { try? PlatformID(text: $0) }.map(Set.init)
    snp = try SNPRequirements(record.record("snp"))
    tdx = try TDXRequirements(record.record("tdx"))
    nitro = try NitroRequirements(record.record("nitro"))
  }

  /// The one form in which a registry holds requirements: members in a fixed order, lists sorted, and what is asked by
  /// default left out.
  public var json: JSONValue { .object(members) }

  var members: [JSONMember] {
    let standard = EvidenceRequirements()
    let kinds: [(String, [JSONMember])] = [
      ("snp", snp.members(beside: standard.snp)), ("tdx", tdx.members(beside: standard.tdx)),
      ("nitro", nitro.members(beside: standard.nitro)),
    ]
    return [.list("platforms", platforms?.map(\.description))].compactMap(\.self)
      + kinds.filter { !$0.1.isEmpty }.map { JSONMember($0.0, .object($0.1)) }
  }
}
