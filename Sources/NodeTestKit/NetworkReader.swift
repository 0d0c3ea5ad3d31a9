public import ChainRegistry
internal import Identifiers
public import Membership

/// A user's view of a test network's registry, wherever that is.
public enum NetworkReader: MembershipSource {
  case file(FileRegistry)
  case chain(ChainRegistry)

  private var source: any MembershipSource {
    switch self {
    case .file(let registry): registry
    case .chain(let registry): registry
    }
  }

  public var current: MembershipSnapshot? { source.current }
  public var updates: AsyncStream<MembershipSnapshot> { source.updates }
  public var readingPeriod: Duration { source.readingPeriod }

  /// Looks at a file; a chain is looked at by ``run()``.
  public func refresh() {
    if case .file(let registry) = self { registry.refresh() }
  }

  public func run() async {
    switch self {
    case .file(let registry): await registry.run()
    case .chain(let registry): await registry.run()
    }
  }

  /// Waits until the record is there, and says how far the registry has come.
  func number(with key: KeyID, within limit: Duration = .seconds(20)) async throws -> UInt64 {
    let deadline = ContinuousClock.now + limit
    while true {
      refresh()
      if let current, current.keyRecord(key) != nil { return current.number }
      guard ContinuousClock.now < deadline else { throw TestNetworkError.noKeys }
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}
