public import Identifiers

/// Writes registries: founds one, and appends updates that verify.
public struct RegistryWriter: Sendable {
  private let storage: any RegistryStorage
  private let clock: any LocalClock

  private static let patience: Duration = .seconds(5)
  private static let retryInterval: Duration = .milliseconds(20)

  public init(storage: any RegistryStorage, clock: any LocalClock) {
    self.storage = storage
    self.clock = clock
  }

  /// Writes a registry without updates where there is none yet.
  public func found(_ founding: FoundingDocument) async throws(RegistryTrouble) {
    try await locked { () throws(RegistryTrouble) in
      if (try? storage.stamp()) != nil {
        throw .unreadable(RegistryStorageError(.alreadyThere, errorNumber: 0))
      }
      try replace(with: RegistryDocument(founding: founding))
    }
  }

  /// Appends one update and returns the view after it.
  ///
  /// The view is verified from the file's first byte and the update is made while nobody else can append, so that what
  /// the signers sign is the next entry.
  ///
  /// - Parameter make: proposes a change to the latest view (``MembershipSnapshot/proposing(_:)``) and has it signed.
  public func append(
    to network: NetworkID, _ make: (MembershipSnapshot) throws(RegistryFault) -> RegistryUpdate
  ) async throws(RegistryTrouble) -> MembershipSnapshot {
    try await locked { () throws(RegistryTrouble) in
      var (document, _) = try storage.document()
      let next: MembershipSnapshot
      do throws(RegistryFault) {
        let latest = try MembershipSnapshot(verifying: document, network: network)
        let update = try make(latest)
        next = try latest.applying(update)
        document.append(update)
      } catch {
        throw .refused(error)
      }
      try replace(with: document)
      return next
    }
  }

  private func replace(with document: RegistryDocument) throws(RegistryTrouble) {
    do { try storage.replace(with: document.encoded) } catch { throw .unreadable(error) }
  }

  private func locked<Value>(
    _ body: () throws(RegistryTrouble) -> Value
  ) async throws(RegistryTrouble) -> Value {
    let deadline = clock.monotonicNow() + Self.patience
    while true {
      let lock: (any RegistryLock)?
      do { lock = try storage.lock() } catch { throw .unreadable(error) }
      if let lock {
        return try withExtendedLifetime(lock) { () throws(RegistryTrouble) in try body() }
      }
      guard clock.monotonicNow() < deadline, (try? await clock.sleep(for: Self.retryInterval)) != nil else {
        throw .locked
      }
    }
  }
}
