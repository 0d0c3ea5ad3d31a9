import Foundation

/// What the providers of evidence ask of a kernel. Tests answer in its place.
public protocol KernelInterface: Sendable {
  func exists(_ path: String) -> Bool

  /// The whole file in one opening; refused with `EFBIG` when it has more than `limit` bytes.
  func read(_ path: String, limit: Int) throws(KernelFault) -> [UInt8]

  /// All bytes to a file that exists, in one opening and one call.
  func write(_ bytes: [UInt8], to path: String) throws(KernelFault)

  func makeFolder(_ path: String) throws(KernelFault)
  func removeFolder(_ path: String) throws(KernelFault)

  /// Opens a device, has it do one thing (ioctl) and closes it.
  ///
  /// - Parameter argument: memory as large as `request` says, with addresses of more memory in it.
  func control(_ path: String, request: UInt, argument: UnsafeMutableRawPointer) throws(KernelFault)
}

/// What the kernel did not do, and its error number.
public struct KernelFault: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Action: String, Sendable, Hashable {
    case open, read, write
    case control = "use"
    case makeFolder = "make"
    case removeFolder = "remove"
  }

  public let action: Action
  public let path: String
  public let code: Int32

  public init(_ action: Action, _ path: String, code: Int32) {
    self.action = action
    self.path = path
    self.code = code
  }

  /// Whether the same may work a moment later.
  public var isTemporary: Bool { [EBUSY, EAGAIN, EINTR, ETIMEDOUT].contains(code) }

  public var description: String {
    "cannot \(action.rawValue) \(path): \(unsafe String(cString: strerror(code)))"
  }
}
