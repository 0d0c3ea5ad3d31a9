#if DEBUG
  import Synchronization

  /// How many ``SecretBytes`` some code made and how many of those were wiped since.
  ///
  /// Tests ask for it to see that nothing outlives a protocol run. Release builds have neither this type nor the field
  /// that refers to it.
  public final class SecretCount: Sendable {
    @TaskLocal private static var current: SecretCount?

    private let madeCount = Atomic<Int>(0)
    private let wipedCount = Atomic<Int>(0)

    public init() {}

    public var made: Int { madeCount.load(ordering: .relaxed) }
    public var wiped: Int { wipedCount.load(ordering: .relaxed) }
    public var living: Int { made - wiped }

    /// Counts what `body` and the tasks it starts make, wherever and whenever it is wiped.
    public func counting<Result>(_ body: () throws -> Result) rethrows -> Result {
      try Self.$current.withValue(self, operation: body)
    }

    static func oneMade() -> SecretCount? {
      let count = current
      count?.madeCount.add(1, ordering: .relaxed)
      return count
    }

    func oneWiped() { wipedCount.add(1, ordering: .relaxed) }
  }
#endif
