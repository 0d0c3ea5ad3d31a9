internal import CSodium

/// Memory for many secret numbers that is wiped when its owner lets go of it, with its start at hand: for inner loops,
/// in which a closure for every access as ``SecretBytes`` asks for costs more than the work.
///
/// Whoever wraps it checks every offset.
@safe
public struct SecretMemory: ~Copyable, @unchecked Sendable {
  // Sendable: the pointer has exactly one owner, which the compiler enforces for a noncopyable type, and shared
  // borrows only read.
  /// Valid as long as this value; it never moves.
  public let start: UnsafeMutableRawPointer
  public let count: Int

  public init(zeroed count: Int) {
    let size = max(count, 1)
    unsafe start = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    self.count = count
  }

  deinit {
    unsafe sodium_memzero(start, count)
    unsafe start.deallocate()
  }
}
