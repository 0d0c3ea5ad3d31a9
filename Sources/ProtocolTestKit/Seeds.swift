import Foundation

/// How many seeds a sweep runs: `QUORATE_SEEDS` when it is set, else what the test thinks is quick.
public enum Seeds {
  public static func range(_ quick: Int) -> Range<UInt64> {
    let wanted = ProcessInfo.processInfo.environment["QUORATE_SEEDS"].flatMap { UInt64($0) }
    return 0..<(wanted ?? UInt64(max(quick, 0)))
  }

  /// A sweep cut into parts that run side by side, each in a test case of its own; sweeps of the protocols run the 10³
  /// seeds that every change has to survive, and more where `QUORATE_SEEDS` asks for it.
  public static let parts = 0..<8

  public static func part(_ part: Int, of quick: Int = 1000) -> StrideTo<UInt64> {
    let all = range(quick)
    return stride(from: all.lowerBound + UInt64(part), to: all.upperBound, by: parts.count)
  }
}
