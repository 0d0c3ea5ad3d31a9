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
  private let isGuarded: Bool
  public let count: Int
  #if DEBUG
    private let counted: SecretCount?
  #endif

  public init(zeroed count: Int) {
    let size = max(count, 1)
    unsafe storage = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    unsafe storage.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    self.count = count
    isGuarded = false
    #if DEBUG
      counted = .oneMade()
    #endif
  }

  /// Memory between inaccessible pages, kept out of swap where the system's limit on locked memory allows it. It costs
  /// several pages and some 30 µs: one such value holds all the secrets that live long together.
  public init(guardedZeroed count: Int) throws(SecretStorageError) {
    guard Sodium.isReady, let start = unsafe sodium_malloc(max(count, 1)) else { throw .noGuardedMemory }
    unsafe storage = start
    unsafe storage.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    self.count = count
    isGuarded = true
    #if DEBUG
      counted = .oneMade()
    #endif
  }

  /// Copies `bytes`. The caller still owns its own copy and wipes it where it can.
  public init(copying bytes: some Collection<UInt8>) {
    self.init(zeroed: bytes.count)
    unsafe withUnsafeMutableBytes { unsafe $0.copyBytes(from: bytes) }
  }

  public init(count: Int, from random: inout some RandomSource) {
    self.init(zeroed: count)
    unsafe withUnsafeMutableBytes { unsafe random.fill($0) }
  }

  deinit {
    unsafe sodium_memzero(storage, count)
    #if DEBUG
      counted?.oneWiped()
    #endif
    if isGuarded {
      unsafe sodium_free(storage)
    } else {
      unsafe storage.deallocate()
    }
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
}

public enum SecretStorageError: Error, Equatable {
  /// The system gives no more guarded pages: raise `vm.max_map_count`.
  case noGuardedMemory
}
