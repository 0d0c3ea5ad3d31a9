/// What Intel thinks of one kind of platform (Intel PCS API version 4, "Get TDX TCB info", version 3).
struct TCBInfo: Sendable {
  struct Level: Sendable {
    let platform: [UInt8]
    let enclaveVersion: Int
    let domain: [UInt8]
    let judgement: FirmwareJudgement
  }

  struct Module: Sendable {
    let signer: [UInt8]
    let attributes: MaskedBytes
    let levels: [(securityVersion: Int, judgement: FirmwareJudgement)]
  }

  /// FMSPC, 6 bytes.
  let platformKind: [UInt8]
  let enclaveID: [UInt8]
  let evaluation: Int
  private let levels: [Level]
  private let firstModule: Module
  /// By the name of their major version: "TDX_01".
  private let modules: [String: Module]

  init(_ record: JSONRecord) throws(IntelCollateralError) {
    guard try record.text("id") == "TDX", try record.integer("version", 3...3) == 3,
      try record.integer("tcbType", 0...0) == 0
    else { throw .malformed }
    platformKind = try record.bytes("fmspc", count: 6)
    enclaveID = try record.bytes("pceId", count: 2)
    evaluation = try record.integer("tcbEvaluationDataNumber", 0...1_000_000)
    firstModule = try Module(record.record("tdxModule"), hasLevels: false)
    var modules: [String: Module] = [:]
    if record.has("tdxModuleIdentities") {
      for value in try record.list("tdxModuleIdentities", limit: 64) {
        let identity = try JSONRecord(value)
        let module = try Module(identity, hasLevels: true)
        guard modules.updateValue(module, forKey: try identity.text("id")) == nil else { throw .malformed }
      }
    }
    self.modules = modules
    var levels: [Level] = []
    for value in try record.list("tcbLevels", limit: 256) { levels.append(try Level(JSONRecord(value))) }
    self.levels = levels
  }

  /// What the platform's certificate and 16 security versions of a report together come to; nil where they are older than
  /// all Intel speaks of.
  func judgement(of platform: PlatformEndorsement, _ versions: [UInt8]) -> FirmwareJudgement? {
    // A module with a major version of its own is judged by its identity, and its first two numbers are left out here.
    let first = versions[1] > 0 ? 2 : 0
    return levels.first { level in
      zip(platform.securityVersions, level.platform).allSatisfy { $0 >= $1 }
        && platform.enclaveVersion >= level.enclaveVersion
        && zip(versions, level.domain).dropFirst(first).allSatisfy { $0 >= $1 }
    }?.judgement
  }

  /// Nil where Intel speaks of no such module.
  func module(_ versions: [UInt8]) -> Module? {
    let major = versions[1]
    guard major > 0 else { return firstModule }
    let digits = String(major, radix: 16, uppercase: true)
    return modules["TDX_" + (digits.utf8.count < 2 ? "0" : "") + digits]
  }
}

extension TCBInfo.Level {
  init(_ record: JSONRecord) throws(IntelCollateralError) {
    let tcb = try record.record("tcb")
    platform = try Self.components(tcb, "sgxtcbcomponents")
    domain = try Self.components(tcb, "tdxtcbcomponents")
    enclaveVersion = try tcb.integer("pcesvn", 0...65_535)
    judgement = try record.judgement()
  }

  private static func components(_ record: JSONRecord, _ name: String) throws(IntelCollateralError) -> [UInt8] {
    var components: [UInt8] = []
    for value in try record.list(name, limit: 16) {
      components.append(UInt8(truncatingIfNeeded: try JSONRecord(value).integer("svn", 0...255)))
    }
    guard components.count == 16 else { throw .malformed }
    return components
  }
}

extension TCBInfo.Module {
  init(_ record: JSONRecord, hasLevels: Bool) throws(IntelCollateralError) {
    signer = try record.bytes("mrsigner", count: 48)
    attributes = MaskedBytes(
      value: try record.bytes("attributes", count: 8), mask: try record.bytes("attributesMask", count: 8))
    levels = hasLevels ? try SecurityVersionLevels.read(record) : []
  }

  func describes(_ report: TDReport) -> Bool {
    signer == report.moduleSigner && attributes.matches(report.moduleAttributes)
  }

  /// Nil where the module is older than all that Intel speaks of. A module without levels is judged with the platform.
  func judgement(of versions: [UInt8]) -> FirmwareJudgement? {
    guard versions[1] > 0 else { return FirmwareJudgement(status: .upToDate, advisories: []) }
    return levels.first { $0.securityVersion <= Int(versions[0]) }?.judgement
  }
}
