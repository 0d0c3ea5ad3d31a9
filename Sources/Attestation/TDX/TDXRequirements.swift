/// What a network asks of TDX platforms and domains beyond what is asked of every environment.
public struct TDXRequirements: Sendable, Hashable {
  /// What Intel may think of the platform and its TDX module, at the start of the domain and now, and of the enclave that
  /// signs. What was revoked counts in no case.
  public var statuses: Set<FirmwareStatus> = [.upToDate]
  /// Advisories that may stand against the platform.
  public var advisories: Set<String> = []
  /// The lowest `tcbEvaluationDataNumber`: how recent Intel's criteria have to be.
  public var minimumEvaluation = 0
  /// How old Intel's statements may be, in seconds, even where they are still current.
  public var maximumCollateralAge: Int64 = 30 * 86_400
  /// TD attributes that may be set, besides SEPT_VE_DISABLE which has to be.
  public var attributes: UInt64 = 0
  /// MRCONFIGID, 48 bytes; nil where it does not matter.
  public var configurationID: [UInt8]?
  /// MRSERVICETD, 48 bytes: zeros where no other domain may act on this one.
  public var serviceDomains = [UInt8](repeating: 0, count: 48)

  public init() {}
}
