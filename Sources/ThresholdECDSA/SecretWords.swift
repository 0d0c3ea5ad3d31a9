import Secrets
import Transcripts

/// 64-bit words of secret bits in memory that is wiped; the matrices of OT extension. All reading and writing is bounds
/// checked, by indices that are public.
struct SecretWords: ~Copyable, Sendable {
  let count: Int
  private let storage: SecretMemory

  init(count: Int) {
    self.count = count
    storage = SecretMemory(zeroed: 8 * count)
  }

  private var words: UnsafeMutablePointer<UInt64> { unsafe storage.start.assumingMemoryBound(to: UInt64.self) }

  init(count: Int, from random: inout some RandomSource) {
    self.init(count: count)
    unsafe random.fill(UnsafeMutableRawBufferPointer(start: words, count: 8 * count))
  }

  subscript(index: Int) -> UInt64 {
    get {
      precondition(index >= 0 && index < count)
      return unsafe words[index]
    }
    set {
      precondition(index >= 0 && index < count)
      unsafe words[index] = newValue
    }
  }

  /// Overwrites the first bytes, least significant first.
  mutating func replacePrefix(with bytes: borrowing SecretBytes) {
    precondition(bytes.count <= 8 * count)
    unsafe bytes.withUnsafePointer { source in
      unsafe UnsafeMutableRawPointer(words).copyMemory(from: source, byteCount: bytes.count)
    }
  }

  /// Bit `index`, counted from the least significant of the first word, as a mask of all zeros or all ones.
  func mask(_ index: Int) -> UInt64 { 0 &- ((self[index >> 6] >> UInt64(index & 63)) & 1) }

  /// Fills all words with the expansion of a seed.
  mutating func expand(_ seed: borrowing SecretKeys, _ index: Int, nonce: [UInt8]) {
    unsafe seed.withUnsafeKey(index) { key in
      unsafe SeedExpansion.fill(
        UnsafeMutableRawBufferPointer(start: words, count: 8 * count), seed: key, nonce: nonce)
    }
  }

}

extension [UInt64] {
  /// Words as they travel: 8 bytes each, least significant first.
  var littleEndianBytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 8 * count)
    unsafe bytes.withUnsafeMutableBytes { output in
      for (index, word) in enumerated() {
        unsafe output.storeBytes(of: word.littleEndian, toByteOffset: 8 * index, as: UInt64.self)
      }
    }
    return bytes
  }

  init(littleEndianBytes bytes: some Collection<UInt8>) {
    self.init()
    reserveCapacity(bytes.count / 8)
    var word: UInt64 = 0
    var filled: UInt64 = 0
    for byte in bytes {
      word |= UInt64(byte) << (8 * filled)
      filled += 1
      if filled == 8 {
        append(word)
        (word, filled) = (0, 0)
      }
    }
  }
}
