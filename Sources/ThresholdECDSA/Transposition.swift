extension SecretWords {
  /// Turns 128 columns of `shape` into rows of two words, 64×64 bits at a time.
  borrowing func transposed(_ shape: ExtensionShape) -> SecretWords {
    var rows = SecretWords(count: 2 * shape.rows)
    var square = SecretWords(count: 64)
    for block in 0..<shape.columnWords {
      for half in 0..<2 {
        for column in 0..<64 { square[column] = self[(64 * half + column) * shape.columnWords + block] }
        square.transposeSquare()
        for row in 0..<64 { rows[2 * (64 * block + row) + half] = square[row] }
      }
    }
    return rows
  }

  /// Exchanges ever smaller off-diagonal squares (Warren, *Hacker's Delight*, section 7-3).
  private mutating func transposeSquare() {
    var width = 32
    var mask: UInt64 = 0xffff_ffff
    while width > 0 {
      var row = 0
      while row < 64 {
        let difference = ((self[row] >> UInt64(width)) ^ self[row + width]) & mask
        self[row] ^= difference << UInt64(width)
        self[row + width] ^= difference
        row = (row + width + 1) & ~width
      }
      width >>= 1
      mask ^= mask << UInt64(width)
    }
  }
}
