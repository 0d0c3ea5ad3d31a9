/// Keccak-256 with the original padding, as Ethereum uses it (not SHA3-256).
public enum Keccak256 {
  private static let rate = 136

  public static func hash(_ message: [UInt8]) -> [UInt8] {
    var state = [UInt64](repeating: 0, count: 25)
    var padded = message + [1]
    padded += [UInt8](repeating: 0, count: (rate - padded.count % rate) % rate)
    padded[padded.count - 1] |= 0x80
    for block in stride(from: 0, to: padded.count, by: rate) {
      for lane in 0..<(rate / 8) {
        var word: UInt64 = 0
        for byte in (0..<8).reversed() { word = word << 8 | UInt64(padded[block + 8 * lane + byte]) }
        state[lane] ^= word
      }
      permute(&state)
    }
    return state.prefix(4).flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }
  }

  /// Keccak-f[1600] (FIPS 202 section 3.2): θ, ρ and π, χ, ι, 24 times.
  private static func permute(_ a: inout [UInt64]) {
    for constant in roundConstants {
      var parity = [UInt64](repeating: 0, count: 5)
      for x in 0..<5 { parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] }
      for x in 0..<5 {
        let mix = parity[(x + 4) % 5] ^ rotate(parity[(x + 1) % 5], 1)
        for y in stride(from: 0, to: 25, by: 5) { a[x + y] ^= mix }
      }
      var moved = [UInt64](repeating: 0, count: 25)
      for x in 0..<5 {
        for y in 0..<5 { moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(a[x + 5 * y], rotations[x + 5 * y]) }
      }
      for x in 0..<5 {
        for y in stride(from: 0, to: 25, by: 5) {
          a[x + y] = moved[x + y] ^ (~moved[(x + 1) % 5 + y] & moved[(x + 2) % 5 + y])
        }
      }
      a[0] ^= constant
    }
  }

  private static func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
    count == 0 ? word : word << count | word >> (64 - count)
  }

  private static let rotations: [UInt64] = [
    0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
  ]

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
