import Secrets

/// Many 32-byte keys in one piece of memory that is wiped.
struct SecretKeys: ~Copyable, Sendable {
  static let keyByteCount = OTParameters.keyByteCount

  private var bytes: SecretBytes
  let count: Int

  init(count: Int) {
    bytes = SecretBytes(zeroed: count * Self.keyByteCount)
    self.count = count
  }

  func key(_ index: Int) -> SecretBytes {
    var copy = SecretBytes(zeroed: Self.keyByteCount)
    unsafe withUnsafeKey(index) { source in
      unsafe copy.withUnsafeMutablePointer { unsafe $0.copyMemory(from: source, byteCount: Self.keyByteCount) }
    }
    return copy
  }

  mutating func set(_ index: Int, to key: borrowing SecretBytes) {
    precondition(index >= 0 && index < count && key.count == Self.keyByteCount)
    bytes.replaceBytes(at: index * Self.keyByteCount, with: key)
  }

  /// Both halves of a 64-byte expansion become neighbouring keys.
  mutating func setPair(_ index: Int, to pair: borrowing SecretBytes) {
    precondition(index >= 0 && index + 1 < count && pair.count == 2 * Self.keyByteCount)
    bytes.replaceBytes(at: index * Self.keyByteCount, with: pair)
  }

  /// `keys[index] ^= key & mask`
  mutating func xor(_ index: Int, with key: borrowing SecretBytes, mask: UInt8 = 0xff) {
    precondition(index >= 0 && index < count && key.count == Self.keyByteCount)
    unsafe bytes.withUnsafeMutableBytes { target in
      unsafe key.withUnsafeBytes { source in
        for offset in 0..<Self.keyByteCount {
          unsafe target[index * Self.keyByteCount + offset] ^= source[offset] & mask
        }
      }
    }
  }

  /// Exchanges two keys when the mask is all ones and leaves them when it is zero, doing the same work.
  mutating func swap(_ left: Int, _ right: Int, mask: UInt8) {
    precondition(left >= 0 && left < count && right >= 0 && right < count)
    unsafe bytes.withUnsafeMutableBytes { keys in
      for offset in 0..<Self.keyByteCount {
        let (a, b) = (left * Self.keyByteCount + offset, right * Self.keyByteCount + offset)
        let difference = unsafe (keys[a] ^ keys[b]) & mask
        unsafe keys[a] ^= difference
        unsafe keys[b] ^= difference
      }
    }
  }

  func withUnsafeKey(_ index: Int, _ body: (UnsafeRawPointer) -> Void) {
    precondition(index >= 0 && index < count)
    unsafe bytes.withUnsafePointer { unsafe body($0 + index * Self.keyByteCount) }
  }

  /// Makes one key public: it is masked by another that only its receiver can know.
  func publicBytes(_ index: Int) -> [UInt8] { key(index).publicPrefix(Self.keyByteCount) }
}
