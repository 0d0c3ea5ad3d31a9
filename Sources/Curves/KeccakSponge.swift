internal import Secrets

/// The sponge of FIPS 202 over Keccak-f[1600]; its state is wiped, since it may absorb secrets.
struct KeccakSponge: ~Copyable {
  private static let laneCount = 25

  private var state = SecretBytes(zeroed: 8 * laneCount)
  private let rate: Int
  private let padding: UInt8
  private var position = 0

  /// - Parameters:
  ///   - rate: bytes per permutation.
  ///   - padding: the first byte behind the message: its domain bits and the first bit of the padding.
  init(rate: Int, padding: UInt8) {
    self.rate = rate
    self.padding = padding
  }

  mutating func absorb(_ message: UnsafeRawBufferPointer) {
    for index in message.indices {
      mix(unsafe message[index], at: position)
      position += 1
      if position == rate {
        permute()
        position = 0
      }
    }
  }

  /// Pads, for the message ends here, and gives `count` bytes.
  consuming func squeeze(_ count: Int) -> SecretBytes {
    mix(padding, at: position)
    mix(0x80, at: rate - 1)
    var output = SecretBytes(zeroed: count)
    for start in stride(from: 0, to: count, by: rate) {
      permute()
      if let block = state.copy(of: 0..<min(rate, count - start)) { output.replaceBytes(at: start, with: block) }
    }
    return output
  }

  private mutating func mix(_ byte: UInt8, at index: Int) {
    unsafe state.withUnsafeMutableBytes { unsafe $0[index] ^= byte }
  }

  private mutating func permute() {
    unsafe state.withUnsafeMutableBytes { bytes in
      let lanes = unsafe bytes.bindMemory(to: UInt64.self)
      unsafe lanes.toggleByteOrder()
      unsafe KeccakPermutation.apply(to: lanes)
      unsafe lanes.toggleByteOrder()
    }
  }
}

extension UnsafeMutableBufferPointer<UInt64> {
  /// Between the little-endian order of the standard and the machine's.
  fileprivate func toggleByteOrder() {
    for index in indices { unsafe self[index] = self[index].littleEndian }
  }
}
