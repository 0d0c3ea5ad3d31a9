/// Keccak-f[1600] (FIPS 202 section 3.2): 24 rounds over 25 lanes, lane (x, y) at index x + 5y. No step branches on
/// data or uses it as an address.
enum KeccakPermutation {
  static func apply(to lanes: UnsafeMutableBufferPointer<UInt64>) {
    for constant in roundConstants {
      unsafe theta(lanes)
      unsafe rhoAndPi(lanes)
      unsafe chi(lanes)
      unsafe lanes[0] ^= constant
    }
  }

  private static func theta(_ a: UnsafeMutableBufferPointer<UInt64>) {
    let parity = (
      unsafe a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20], unsafe a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21],
      unsafe a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22], unsafe a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23],
      unsafe a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24]
    )
    let mix = (
      parity.4 ^ rotate(parity.1, 1), parity.0 ^ rotate(parity.2, 1), parity.1 ^ rotate(parity.3, 1),
      parity.2 ^ rotate(parity.4, 1), parity.3 ^ rotate(parity.0, 1)
    )
    for y in stride(from: 0, to: 25, by: 5) {
      unsafe a[y] ^= mix.0
      unsafe a[y + 1] ^= mix.1
      unsafe a[y + 2] ^= mix.2
      unsafe a[y + 3] ^= mix.3
      unsafe a[y + 4] ^= mix.4
    }
  }

  /// Follows the one cycle that π makes of all lanes but the first; the rotations of ρ along it are the triangular
  /// numbers.
  private static func rhoAndPi(_ a: UnsafeMutableBufferPointer<UInt64>) {
    var carried = unsafe a[1]
    var (x, y) = (1, 0)
    var rotation: UInt64 = 0
    for step in 1...24 {
      rotation += UInt64(step)
      (x, y) = (y, (2 * x + 3 * y) % 5)
      let index = x + 5 * y
      let next = unsafe a[index]
      unsafe a[index] = rotate(carried, rotation % 64)
      carried = next
    }
  }

  private static func chi(_ a: UnsafeMutableBufferPointer<UInt64>) {
    for y in stride(from: 0, to: 25, by: 5) {
      let row = unsafe (a[y], a[y + 1], a[y + 2], a[y + 3], a[y + 4])
      unsafe a[y] = row.0 ^ (~row.1 & row.2)
      unsafe a[y + 1] = row.1 ^ (~row.2 & row.3)
      unsafe a[y + 2] = row.2 ^ (~row.3 & row.4)
      unsafe a[y + 3] = row.3 ^ (~row.4 & row.0)
      unsafe a[y + 4] = row.4 ^ (~row.0 & row.1)
    }
  }

  private static func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
    count == 0 ? word : word << count | word >> (64 - count)
  }

  /// The constants of ι come from the linear feedback shift register of FIPS 202 section 3.2.5.
  private static let roundConstants: [UInt64] = {
    var register: UInt8 = 1
    return (0..<24).map { _ in
      var constant: UInt64 = 0
      for exponent in 0..<7 {
        if register & 1 == 1 { constant |= 1 << ((1 << UInt64(exponent)) - 1) }
        register = register & 0x80 != 0 ? register << 1 ^ 0x71 : register << 1
      }
      return constant
    }
  }()
}
