public import Identifiers
internal import Secrets

/// A registry as far as this node knew it: update number and digest.
public struct SeenRegistry: Sendable, Hashable {
  public let number: UInt64
  public let digest: Digest32

  public init(number: UInt64, digest: Digest32) {
    self.number = number
    self.digest = digest
  }
}

/// Values that only rise. A node that finds itself below one refuses to work.
extension Vault {
  private static let clockAddress = RowAddress(.highestWallClock)
  private static let registryAddress = RowAddress(.highestRegistry)

  public func highestWallClock() throws(VaultError) -> Timestamp? {
    guard let row = try read(Self.clockAddress) else { return nil }
    do {
      var reader = ByteReader(unsafe row.withUnsafeBytes { unsafe [UInt8]($0) })
      let seconds = try reader.u64()
      try reader.finish()
      return Timestamp(secondsSince1970: Int64(clamping: seconds))
    } catch {
      throw .rowRefused(Self.clockAddress, .malformed)
    }
  }

  /// Keeps the time if it is above the highest kept.
  public func raiseHighestWallClock(to time: Timestamp) throws(VaultError) {
    if let highest = try highestWallClock(), highest >= time { return }
    try write(
      SecretBytes(copying: UInt64(clamping: time.secondsSince1970).bigEndianBytes), at: Self.clockAddress)
  }

  public func highestRegistry() throws(VaultError) -> SeenRegistry? {
    guard let row = try read(Self.registryAddress) else { return nil }
    do {
      var reader = ByteReader(unsafe row.withUnsafeBytes { unsafe [UInt8]($0) })
      let number = try reader.u64()
      let digest = try Digest32(bytes: reader.raw(32))
      try reader.finish()
      return SeenRegistry(number: number, digest: digest)
    } catch {
      throw .rowRefused(Self.registryAddress, .malformed)
    }
  }

  /// Keeps the registry state if it is higher than the one kept; throws if it is lower, or differs at the same number.
  public func raiseHighestRegistry(to seen: SeenRegistry) throws(VaultError) {
    if let highest = try highestRegistry() {
      guard seen.number >= highest.number, seen.number > highest.number || seen.digest == highest.digest else {
        throw .registryWentBack(seen: highest.number)
      }
      guard seen != highest else { return }
    }
    try write(SecretBytes(copying: seen.number.bigEndianBytes + seen.digest.bytes), at: Self.registryAddress)
  }
}
