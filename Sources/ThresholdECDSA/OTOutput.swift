import Crypto
import Curves
import Identifiers
import Secrets
import Transcripts

/// `H(key, j, row)`: what an extended OT transfers. Tweakable, because a row and the same row ⊕ Δ must look unrelated.
///
/// The key is a hash of everything that fixes the run, both salts included.
struct OTOutput: ~Copyable {
  private static let keyByteCount = 32
  private static let indexByteCount = 4
  private static let rowByteCount = 16
  private static let outputByteCount = 32

  /// `key ‖ u32 index ‖ row`, and behind it room for the hash of that. The key is a tagged hash, so it keeps these apart
  /// from all other hashes as a tag would; 52 bytes are one block of SHA-256.
  private var memory: SecretBytes
  private static let inputByteCount = keyByteCount + indexByteCount + rowByteCount

  init(key: Digest32) {
    memory = SecretBytes(
      copying: TaggedHash.sha256(.otOutput, [key.bytes]).bytes
        + [UInt8](repeating: 0, count: Self.indexByteCount + Self.rowByteCount + Self.outputByteCount))
  }

  /// - Parameters:
  ///   - low: first word of the row.
  ///   - body: gets the 32 bytes of the hash.
  private mutating func hash(_ index: Int, _ low: UInt64, _ high: UInt64, _ body: (UnsafeMutableRawPointer) -> Void) {
    unsafe memory.withUnsafeMutableBytes { bytes in
      let row = Self.keyByteCount + Self.indexByteCount
      unsafe bytes.storeBytes(
        of: UInt32(truncatingIfNeeded: index).bigEndian, toByteOffset: Self.keyByteCount, as: UInt32.self)
      unsafe bytes.storeBytes(of: low.littleEndian, toByteOffset: row, as: UInt64.self)
      unsafe bytes.storeBytes(of: high.littleEndian, toByteOffset: row + 8, as: UInt64.self)
      var hash = SHA256()
      unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[..<Self.inputByteCount]))
      let digest = hash.finalize()
      unsafe digest.withUnsafeBytes { digest in
        guard let from = digest.baseAddress, let start = bytes.baseAddress else { return }
        let output = unsafe start + Self.inputByteCount
        unsafe output.copyMemory(from: from, byteCount: Self.outputByteCount)
        unsafe body(output)
      }
    }
  }

  /// As many scalars as an OT of a multiplication transfers, one behind the other: the hash, expanded. Reducing 256 bits
  /// modulo the order is off uniform by 2⁻¹²⁸.
  mutating func scalars(_ index: Int, _ low: UInt64, _ high: UInt64, into scalars: inout ScalarVector, at place: Int) {
    pads(index, low, high, into: &scalars, at: place)
    for offset in 0..<ECDSAParameters.width { scalars.reduce(place + offset) }
  }

  /// The same before they are reduced.
  mutating func pads(_ index: Int, _ low: UInt64, _ high: UInt64, into scalars: inout ScalarVector, at place: Int) {
    unsafe scalars.withUnsafeScalars(place, count: ECDSAParameters.width) { output in
      unsafe hash(index, low, high) { unsafe SeedExpansion.fill(output, onceFrom: $0) }
    }
  }

  mutating func key(_ index: Int, _ low: UInt64, _ high: UInt64) -> SecretBytes {
    var key = SecretBytes(zeroed: Self.outputByteCount)
    unsafe key.withUnsafeMutablePointer { key in
      unsafe hash(index, low, high) { unsafe key.copyMemory(from: $0, byteCount: Self.outputByteCount) }
    }
    return key
  }
}
