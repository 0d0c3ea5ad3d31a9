import Identifiers
import Transcripts

/// The universal hash of SoftSpokenOT's consistency check (ePrint 2022/192, section 4): a random 128-row matrix over
/// F₂ applied to the data rows, plus the mask rows. It is drawn by Fiat–Shamir from everything the receiver sent before.
///
/// A uniformly random matrix is universal with error 2⁻¹²⁸ and needs no field arithmetic. It is public, so indexing
/// tables by its bytes tells nobody anything.
struct ConsistencyHash {
  private static let height = OTParameters.columnCount

  private let shape: ExtensionShape
  /// The bytes of the matrix: for each eight data rows, a byte for each of its own rows.
  private let matrix: [UInt8]

  init(_ label: OTLabel, _ shape: ExtensionShape, salt: [UInt8], corrections: [UInt64]) {
    let seed = TaggedHash.sha256(.otChallenge, label.fields + [salt, corrections.littleEndianBytes])
    self.shape = shape
    matrix = SeedExpansion.bytes(Self.height * shape.dataRows / 8, seed: seed.bytes)
  }

  /// Of one column.
  func bits(of column: borrowing SecretWords) -> [UInt64] {
    var hash: [UInt64] = [0, 0]
    for row in 0..<Self.height {
      var parity: UInt8 = 0
      for group in 0..<shape.dataRows / 8 {
        let byte = UInt8(truncatingIfNeeded: column[group / 8] >> UInt64(8 * (group % 8)))
        parity ^= byte & matrix[group * Self.height + row]
      }
      parity ^= parity >> 4
      parity ^= parity >> 2
      parity ^= parity >> 1
      let mask = column[(shape.dataRows + row) / 64] >> UInt64(row % 64)
      hash[row / 64] |= ((UInt64(parity) ^ mask) & 1) << UInt64(row % 64)
    }
    return hash
  }

  /// Of all 128 columns at once, given by rows of two words (the "four Russians" method, eight rows at a time).
  func rows(of rows: borrowing SecretWords) -> SecretWords {
    var sums = SecretWords(count: 2 * Self.height)
    for row in 0..<2 * Self.height { sums[row] = rows[2 * shape.dataRows + row] }
    var table = SecretWords(count: 2 * 256)
    for group in 0..<shape.dataRows / 8 {
      for bit in 0..<8 {
        let (low, high) = (rows[2 * (8 * group + bit)], rows[2 * (8 * group + bit) + 1])
        for place in 0..<(1 << bit) {
          let target = 2 * (place | 1 << bit)
          table[target] = table[2 * place] ^ low
          table[target + 1] = table[2 * place + 1] ^ high
        }
      }
      for row in 0..<Self.height {
        let place = 2 * Int(matrix[group * Self.height + row])
        sums[2 * row] ^= table[place]
        sums[2 * row + 1] ^= table[place + 1]
      }
    }
    return sums
  }
}
