/// How often something can be done with several tasks at it.
struct Rate {
  var milliseconds: [Double]
  var perSecond: Double

  /// Every task does it again and again until `duration` is over; what is under way then is finished and counted.
  static func measure(
    tasks: Int, for duration: Duration, _ body: @escaping @Sendable () async throws -> Void
  ) async throws -> Rate {
    let start = ContinuousClock.now
    let took = try await withThrowingTaskGroup(of: [Double].self) { group in
      for _ in 0..<tasks {
        group.addTask {
          var took: [Double] = []
          while ContinuousClock.now - start < duration {
            let began = ContinuousClock.now
            try await body()
            took.append((ContinuousClock.now - began).milliseconds)
          }
          return took
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    return Rate(
      milliseconds: took, perSecond: Double(took.count) * 1000 / (ContinuousClock.now - start).milliseconds)
  }
}
