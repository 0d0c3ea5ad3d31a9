import Synchronization

/// What answers to one order decoded to. The same bytes are decoded once, however often the answers are looked at and
/// however many nodes repeat them.
final class Decoded<Value: Sendable>: Sendable {
  private let known = Mutex<[[UInt8]: Value]>([:])

  /// - Parameter decode: nil for bytes that are not a value; those are tried again.
  func value(of bytes: [UInt8], decode: ([UInt8]) -> Value?) -> Value? {
    if let value = known.withLock({ $0[bytes] }) { return value }
    guard let value = decode(bytes) else { return nil }
    known.withLock { $0[bytes] = value }
    return value
  }
}
