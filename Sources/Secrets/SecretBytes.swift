internal import CSodium

/// Bytes that are wiped when their owner lets go of them.
///
/// They live behind one heap pointer, so moving the value leaves no copy behind. They cannot be copied, printed,
/// encoded or compared by accident; ``isEqual(to:)`` takes the same time for all contents.
@safe
public struct SecretBytes: ~Copyable, @unchecked Sendable {
  // Sendable: the pointer has exactly one owner, which the compiler enforces for a noncopyable type, and shared
  // borrows only read.
  private let storage: UnsafeMutableRawPointer
  public let count: Int

  public init(zeroed count: Int) {
    let size = max(count, 1)
    unsafe storage = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    unsafe storage.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    self.count = count
  }

  /// Copies `bytes`. The caller still owns its own copy and wipes it where it can.
  public init(copying bytes: some Collection<UInt8>) {
    self.init(zeroed: bytes.count)
    unsafe withUnsafeMutableBytes { target in
      for (index, byte) in bytes.enumerated() { unsafe target[index] = byte }
    }
  }

  public init(count: Int, from random: inout some RandomSource) {
    self.init(zeroed: count)
    unsafe withUnsafeMutableBytes { unsafe random.fill($0) }
  }

  deinit {
    unsafe sodium_memzero(storage, count)
    unsafe storage.deallocate()
  }

  public borrowing func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeRawBufferPointer(start: storage, count: count))
  }

  public mutating func withUnsafeMutableBytes<Result: ~Copyable, Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeMutableRawBufferPointer(start: storage, count: count))
  }

  /// The start of the bytes, for libraries that take fixed-size operands. Valid only inside `body`.
  public borrowing func withUnsafePointer<Result: ~Copyable>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe body(UnsafeRawPointer(storage))
  }

  public mutating func withUnsafeMutablePointer<Result: ~Copyable>(
    _ body: (UnsafeMutableRawPointer) -> Result
  ) -> Result {
    unsafe body(storage)
  }

  public borrowing func clone() -> SecretBytes {
    var copy = SecretBytes(zeroed: count)
    unsafe withUnsafeBytes { source in
      unsafe copy.withUnsafeMutableBytes { target in unsafe target.copyMemory(from: source) }
    }
    return copy
  }

  /// Compares contents in constant time; different lengths are public and unequal.
  public borrowing func isEqual(to other: borrowing SecretBytes) -> Bool {
    guard count == other.count else { return false }
    return unsafe sodium_memcmp(storage, other.storage, count) == 0
  }
}
