import CValgrind
import ProtocolTestKit
import Secrets

/// A reproducible source whose secret draws valgrind takes for uninitialised memory.
///
/// Salts, blindings and the parts of the zero sharing's seed are drawn in 32 bytes and go to the other party as they
/// are; nearly all secrets have other sizes.
struct TaintedRandom: RandomSource {
  private static let publicByteCount = 32

  private var random: SeededRandom
  /// Which draws of 32 bytes are secret all the same, counted from 0.
  private let secretDraws: Set<Int>
  private var drawCount = 0

  init(seed: UInt64, secretDraws: Set<Int> = []) {
    random = SeededRandom(seed: seed)
    self.secretDraws = secretDraws
  }

  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    unsafe random.fill(buffer)
    var isSecret = true
    if buffer.count == Self.publicByteCount {
      isSecret = secretDraws.contains(drawCount)
      drawCount += 1
    }
    if isSecret { unsafe make_secret(buffer.baseAddress, buffer.count) }
  }
}

/// Tells valgrind that everybody may know these bytes, because they are on their way to another party.
func made(public bytes: [UInt8]) -> [UInt8] {
  unsafe bytes.withUnsafeBytes { unsafe make_public($0.baseAddress, $0.count) }
  return bytes
}

/// And that nobody may.
func made(secret bytes: [UInt8]) -> [UInt8] {
  unsafe bytes.withUnsafeBytes { unsafe make_secret($0.baseAddress, $0.count) }
  return bytes
}
