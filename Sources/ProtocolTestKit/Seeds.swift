import Foundation

/// How many seeds a sweep runs: `QUORATE_SEEDS` when it is set, else what the test thinks is quick.
public enum Seeds {
  public static func range(_ quick: Int) -> Range<UInt64> {
    let wanted = ProcessInfo.processInfo.environment["QUORATE_SEEDS"].flatMap { UInt64($0) }
    return 0..<(wanted ?? UInt64(max(quick, 0)))
  }
}
