extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }

  /// Saturates after 292 years.
  var nanoseconds: Int64 {
    let (whole, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = whole.addingReportingOverflow(components.attoseconds / 1_000_000_000)
    return overflow || carry ? (components.seconds < 0 ? .min : .max) : sum
  }
}
