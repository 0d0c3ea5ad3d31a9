import Curves
import Secrets

/// Scalars of secp256k1 one behind the other in memory that is wiped: a multiplication has thousands of them, far too
/// many for a ``SecretScalar`` each. All arithmetic is libsecp256k1's, in constant time.
struct ScalarVector: ~Copyable, Sendable {
  private static let size = ECDSAParameters.scalarByteCount

  let count: Int
  /// One more scalar lies behind the last, for products.
  private let storage: SecretMemory

  init(count: Int) {
    self.count = count
    storage = SecretMemory(zeroed: (count + 1) * Self.size)
  }

  private var start: UnsafeMutableRawPointer { unsafe storage.start }

  private func pointer(_ index: Int) -> UnsafeMutableRawPointer {
    precondition(index >= 0 && index < count)
    return unsafe start + index * Self.size
  }

  private var scratch: UnsafeMutableRawPointer { unsafe start + count * Self.size }

  mutating func withUnsafeScalars(_ index: Int, count length: Int, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
    precondition(index >= 0 && length >= 0 && length <= count && index <= count - length)
    unsafe body(UnsafeMutableRawBufferPointer(start: start + index * Self.size, count: length * Self.size))
  }

  // MARK: Arithmetic

  mutating func set(_ index: Int, to other: borrowing ScalarVector, _ place: Int) {
    unsafe pointer(index).copyMemory(from: other.pointer(place), byteCount: Self.size)
  }

  /// `self[index] += other[place]`
  mutating func add(_ index: Int, _ other: borrowing ScalarVector, _ place: Int) {
    unsafe Secp256k1Secrets.add(pointer(index), pointer(index), other.pointer(place))
  }

  /// `self[index] += left[i] · right[j]`
  mutating func addProduct(
    _ index: Int, _ left: borrowing ScalarVector, _ i: Int, _ right: borrowing ScalarVector, _ j: Int
  ) {
    unsafe Secp256k1Secrets.multiply(scratch, left.pointer(i), right.pointer(j))
    unsafe Secp256k1Secrets.add(pointer(index), pointer(index), UnsafeRawPointer(scratch))
  }

  mutating func negate(_ index: Int) {
    unsafe Secp256k1Secrets.negate(scratch, UnsafeRawPointer(pointer(index)))
    unsafe pointer(index).copyMemory(from: UnsafeRawPointer(scratch), byteCount: Self.size)
  }

  /// `self[index] += other[place]` where the mask is all ones, nothing where it is zero; always the same work.
  mutating func add(_ index: Int, _ other: borrowing ScalarVector, _ place: Int, mask: UInt64) {
    for part in 0..<Self.size / 8 {
      let offset = 8 * part
      let word = unsafe other.pointer(place).load(fromByteOffset: offset, as: UInt64.self)
      unsafe scratch.storeBytes(of: word & mask, toByteOffset: offset, as: UInt64.self)
    }
    unsafe Secp256k1Secrets.add(pointer(index), pointer(index), UnsafeRawPointer(scratch))
  }

  // MARK: Pads, 256 bits that need not be below the order

  /// Takes 256 bits for a number and reduces it.
  mutating func reduce(_ index: Int) { unsafe Secp256k1Secrets.reduceOnce(pointer(index)) }

  /// `self[index] ^= other[place]`
  mutating func xor(_ index: Int, _ other: borrowing ScalarVector, _ place: Int) {
    for part in 0..<Self.size / 8 {
      let word = unsafe other.pointer(place).load(fromByteOffset: 8 * part, as: UInt64.self)
      unsafe xor(word, at: pointer(index) + 8 * part)
    }
  }

  /// `self[index] ^= bytes` where the mask is all ones, nothing where it is zero; always the same work.
  ///
  /// - Parameter start: where the 32 bytes begin in `bytes`.
  mutating func xor(_ index: Int, _ bytes: [UInt8], at start: Int, mask: UInt64) {
    precondition(start >= 0 && start <= bytes.count - Self.size)
    let target = unsafe pointer(index)
    unsafe bytes.withUnsafeBytes { source in
      for part in 0..<Self.size / 8 {
        let word = unsafe source.loadUnaligned(fromByteOffset: start + 8 * part, as: UInt64.self)
        unsafe xor(word & mask, at: target + 8 * part)
      }
    }
  }

  private func xor(_ word: UInt64, at place: UnsafeMutableRawPointer) {
    let old = unsafe place.load(as: UInt64.self)
    unsafe place.storeBytes(of: old ^ word, as: UInt64.self)
  }

  // MARK: In and out

  mutating func set(_ index: Int, to scalar: borrowing SecretScalar<Secp256k1>) {
    let bytes = scalar.canonicalBytes()
    unsafe bytes.withUnsafePointer { unsafe pointer(index).copyMemory(from: $0, byteCount: Self.size) }
  }

  /// All scalars from what a peer sent: 32 bytes each, big-endian; false unless each is below the order.
  mutating func setAll(canonical bytes: [UInt8]) -> Bool {
    guard bytes.count == count * Self.size else { return false }
    return unsafe bytes.withUnsafeBytes { source in
      guard let first = source.baseAddress else { return false }
      unsafe start.copyMemory(from: first, byteCount: source.count)
      return (0..<count).allSatisfy { unsafe Secp256k1Secrets.isCanonical(UnsafeRawPointer(pointer($0))) }
    }
  }

  func scalar(_ index: Int) -> SecretScalar<Secp256k1> {
    var bytes = SecretBytes(zeroed: Self.size)
    unsafe bytes.withUnsafeMutablePointer { unsafe $0.copyMemory(from: pointer(index), byteCount: Self.size) }
    // Results of the arithmetic are canonical.
    return (try? SecretScalar(canonicalBytes: bytes)) ?? SecretScalar(.zero)
  }

  /// Makes all scalars public: every call is a decision that anyone may see them.
  func publicBytes() -> [UInt8] {
    unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count * Self.size))
  }

  borrowing func withUnsafeBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
    unsafe body(UnsafeRawBufferPointer(start: start, count: count * Self.size))
  }
}
