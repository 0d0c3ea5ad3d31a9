public import Identifiers

/// Makes evidence: the one place that talks to a trusted execution environment, or to what stands in for one.
public protocol EvidenceProvider: Sendable {
  var kind: EvidenceKind { get }

  /// A new report over `reportData`, at every call.
  /// - Throws: when the environment refuses or is not there; the node cannot prove itself then.
  func evidence(over reportData: ReportData) async throws -> Evidence
}

/// Checks evidence of one kind down to the pinned root of its maker. What the result must say is up to the policy.
///
/// A new environment is a new type with this conformance, handed to ``AttestationPolicy``.
public protocol EvidenceVerifier: Sendable {
  var kind: EvidenceKind { get }

  /// - Parameter now: for the validity of certificates.
  /// - Throws: ``AttestationRefusal`` when the evidence cannot even be read.
  func findings(in evidence: Evidence, now: Timestamp) throws(AttestationRefusal) -> EvidenceFindings
}

/// What evidence claims, and what is wrong with the proof of it.
public struct EvidenceFindings: Sendable, Hashable {
  /// As the maker names it, such as "Milan-B0"; starts with "DEV-" for software.
  public var product: String
  /// Anyone with a key file could have made this.
  public var isDevelopment: Bool
  public var measurement: Measurement
  /// Nil where the evidence carries something that cannot be report data of this project.
  public var reportData: ReportData?
  /// The host can read the memory of this environment.
  public var isDebug: Bool
  /// The host can move this environment to another machine with the help of a migration agent.
  public var allowsMigration: Bool
  /// The machine, where evidence of this kind tells machines apart.
  public var platform: PlatformID?
  /// What the maker thinks of the platform's firmware, and its advisories about it, where evidence comes with that.
  public var firmwareStatus: FirmwareStatus?
  public var advisories: Set<String> = []
  /// Every check that failed of signatures, certificates, form, and what is required of this kind alone.
  public var faults: [FailedCheck]

  public init(
    product: String, isDevelopment: Bool, measurement: Measurement, reportData: ReportData?, isDebug: Bool,
    allowsMigration: Bool, platform: PlatformID? = nil, faults: [FailedCheck]
  ) {
    self.product = product
    self.isDevelopment = isDevelopment
    self.measurement = measurement
    self.reportData = reportData
    self.isDebug = isDebug
    self.allowsMigration = allowsMigration
    self.platform = platform
    self.faults = faults
  }
}
