/// Why the vault refused. After any of these nothing was recorded and nothing may be signed that relied on it.
public enum VaultError: Error, Sendable, Hashable {
  /// The disk or the database failed; the previous state is still there.
  case storage(StorageFault)
  /// A row is not the one this vault wrote last at this place.
  case rowRefused(RowAddress, RowFault)
  /// The list of rows does not open: another sealing key, another owner, or a changed file.
  case manifestRefused
  /// The file was written by another release.
  case unknownFormat(version: Int)
  case sealingKeyUnavailable(reason: String)
  /// This node signed another key certificate for this epoch and never signs a second one.
  case anotherCertificateSigned(epoch: UInt64)
  /// A registry number went down, or the same number came with another digest.
  case registryWentBack(seen: UInt64)
  case tooManyRows
  case alreadyThere(RowAddress)
  case notThere(RowAddress)
  /// The vault was closed, or a write failed in a way after which the file cannot be trusted until it is reopened.
  case closed
}

/// What the operator has to look at.
public enum StorageFault: Sendable, Hashable {
  case full
  case readOnly
  /// Another process has this vault open.
  case inUse
  case cannotOpen
  case inputOutput(code: Int32)
  case damaged
  case other(code: Int32)
}

public enum RowFault: Sendable, Hashable {
  /// The row's bytes were changed, cut, or belong to another kind, id, epoch, generation, owner or vault.
  case sealBroken
  /// The row is an older or newer copy of what the vault last wrote there.
  case otherGeneration
  case missing
  /// A row that the vault never wrote, or deleted.
  case unexpected
  /// The seal opened but the content has not the length its kind has.
  case malformed
}
