/// What Intel thinks of a version of firmware or of an enclave, the best first.
public enum FirmwareStatus: String, Sendable, Hashable, CaseIterable, Comparable {
  case upToDate = "UpToDate"
  case softwareHardeningNeeded = "SWHardeningNeeded"
  case configurationNeeded = "ConfigurationNeeded"
  case configurationAndSoftwareHardeningNeeded = "ConfigurationAndSWHardeningNeeded"
  case outOfDate = "OutOfDate"
  case outOfDateConfigurationNeeded = "OutOfDateConfigurationNeeded"
  case revoked = "Revoked"

  private var badness: Int {
    switch self {
    case .upToDate: 0
    case .softwareHardeningNeeded: 1
    case .configurationNeeded: 2
    case .configurationAndSoftwareHardeningNeeded: 3
    case .outOfDate: 4
    case .outOfDateConfigurationNeeded: 5
    case .revoked: 6
    }
  }

  public static func < (left: FirmwareStatus, right: FirmwareStatus) -> Bool { left.badness < right.badness }
}

/// A status and the advisories that explain it.
struct FirmwareJudgement: Sendable, Hashable {
  var status: FirmwareStatus
  var advisories: Set<String>

  /// The worse status; all advisories. A platform out of date that needs configuration too says both.
  func joined(with other: FirmwareJudgement) -> FirmwareJudgement {
    let (better, worse) = (min(status, other.status), max(status, other.status))
    let needsConfiguration = [.configurationNeeded, .configurationAndSoftwareHardeningNeeded].contains(better)
    return FirmwareJudgement(
      status: worse == .outOfDate && needsConfiguration ? .outOfDateConfigurationNeeded : worse,
      advisories: advisories.union(other.advisories))
  }
}
