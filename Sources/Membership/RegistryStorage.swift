/// Where a registry's bytes lie. The real one is ``RegistryFile``.
public protocol RegistryStorage: Sendable {
  /// Changes whenever the content may have changed.
  func stamp() throws(RegistryStorageError) -> RegistryStamp
  /// The whole content, and the stamp of exactly this content.
  func read() throws(RegistryStorageError) -> (bytes: [UInt8], stamp: RegistryStamp)
  /// Replaces the content so that a crash leaves either the old or the new one, on disk when this returns.
  func replace(with bytes: [UInt8]) throws(RegistryStorageError)
  /// Takes the right to replace the content, if nobody else has it; released when the value goes.
  func lock() throws(RegistryStorageError) -> (any RegistryLock)?
}

/// The right to replace a registry's content, held until the value goes.
public protocol RegistryLock: Sendable, AnyObject {}

public struct RegistryStamp: Sendable, Hashable {
  public let modifiedSeconds: Int64
  public let modifiedNanoseconds: Int64
  public let size: Int64
  public let inode: UInt64

  public init(modifiedSeconds: Int64, modifiedNanoseconds: Int64, size: Int64, inode: UInt64) {
    self.modifiedSeconds = modifiedSeconds
    self.modifiedNanoseconds = modifiedNanoseconds
    self.size = size
    self.inode = inode
  }
}

/// The world failed: which step, and the system's error number.
public struct RegistryStorageError: Error, Sendable, Hashable {
  public let step: Step
  public let errorNumber: Int32

  public enum Step: String, Sendable, Hashable {
    case open, inspect, read, write, synchronize, rename, lock
    case alreadyThere, tooLarge
  }

  public init(_ step: Step, errorNumber: Int32) {
    self.step = step
    self.errorNumber = errorNumber
  }
}
