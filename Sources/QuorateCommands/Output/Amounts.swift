/// Byte counts as people read them: powers of 1024, one decimal from a KiB up.
enum ByteCount {
  static func text(_ count: UInt64) -> String {
    guard count >= 1024 else { return "\(count) B" }
    var value = Double(count)
    var unit = "B"
    for next in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
      value /= 1024
      unit = next
    }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(unit)"
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }

  var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }

  /// `340 ms`, `2.4 s`, `3 min 12 s`.
  var text: String {
    let total = milliseconds
    if total < 1000 { return "\(total) ms" }
    if total < 60_000 { return "\(total / 1000).\(total % 1000 / 100) s" }
    return "\(total / 60_000) min \(total % 60_000 / 1000) s"
  }
}
