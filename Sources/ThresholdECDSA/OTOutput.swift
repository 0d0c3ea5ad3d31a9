import Crypto
import Curves
import Identifiers
import Secrets
import Transcripts

/// `H(key, j, row)`: what an extended OT transfers. Tweakable, because a row and the same row ⊕ Δ must look unrelated.
///
/// The key is a hash of everything that fixes the run, both salts included.
struct OTOutput: ~Copyable {
  private static let rowByteCount = 16

  /// `tag ‖ lp(key) ‖ lp(u64 index) ‖ lp(row)`, in one place whose last 16 bytes change.
  private var input: SecretBytes
  private let indexOffset: Int
  private let rowOffset: Int

  init(key: Digest32) {
    let blank = TaggedHash.encoding(
      .otOutput, [key.bytes, [UInt8](repeating: 0, count: 8), [UInt8](repeating: 0, count: Self.rowByteCount)])
    rowOffset = blank.count - Self.rowByteCount
    indexOffset = rowOffset - 4 - 8
    input = SecretBytes(copying: blank)
  }

  /// - Parameters:
  ///   - low: first word of the row.
  ///   - output: where the 32 bytes of the hash go.
  mutating func hash(_ index: Int, _ low: UInt64, _ high: UInt64, into output: UnsafeMutableRawPointer) {
    let (indexOffset, rowOffset) = (indexOffset, rowOffset)
    unsafe input.withUnsafeMutableBytes { bytes in
      unsafe bytes.storeBytes(of: UInt64(index).bigEndian, toByteOffset: indexOffset, as: UInt64.self)
      unsafe bytes.storeBytes(of: low.littleEndian, toByteOffset: rowOffset, as: UInt64.self)
      unsafe bytes.storeBytes(of: high.littleEndian, toByteOffset: rowOffset + 8, as: UInt64.self)
      var hash = SHA256()
      unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
      let digest = hash.finalize()
      unsafe digest.withUnsafeBytes { digest in
        guard let start = digest.baseAddress else { return }
        unsafe output.copyMemory(from: start, byteCount: 32)
      }
    }
  }

  /// A scalar; reducing 256 bits modulo the order is off uniform by 2⁻¹²⁸.
  mutating func scalar(_ index: Int, _ low: UInt64, _ high: UInt64, into scalars: inout ScalarVector, at place: Int) {
    unsafe scalars.withUnsafeScalar(place) { scalar in
      unsafe hash(index, low, high, into: scalar)
      unsafe Secp256k1Secrets.reduceOnce(scalar)
    }
  }

  mutating func key(_ index: Int, _ low: UInt64, _ high: UInt64) -> SecretBytes {
    var key = SecretBytes(zeroed: 32)
    unsafe key.withUnsafeMutablePointer { unsafe hash(index, low, high, into: $0) }
    return key
  }
}
