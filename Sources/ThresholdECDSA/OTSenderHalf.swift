import Secrets

/// What the sender of extended OTs keeps: Δ, and every leaf but the one at `y* = Δ_i` of every block's tree.
///
/// A receiver that cheats in the consistency check learns bits of Δ from whether it is caught. Whoever holds this half
/// therefore gives it up at the first failed check; see ``PairSetup``.
struct OTSenderHalf: ~Copyable, Sendable {
  private let delta: SecretBytes
  /// Leaf `y` at place `y ⊕ y*`; place 0 of each block is empty.
  private let leaves: SecretKeys
  private let parameters: OTParameters

  init(delta: consuming SecretBytes, leaves: consuming SecretKeys, _ parameters: OTParameters = .standard) {
    self.delta = delta
    self.leaves = leaves
    self.parameters = parameters
  }

  /// Both messages of extended OTs: the hashes of `w_j` and of `w_j ⊕ Δ`.
  struct Extension: ~Copyable {
    let rows: SecretWords
    /// Two words.
    let delta: SecretWords
  }

  /// One extension.
  ///
  /// - Returns: nil when the consistency check fails: the receiver cheated.
  borrowing func extend(
    _ message: OTExtensionMessage, _ shape: ExtensionShape, _ label: OTLabel
  ) -> Extension? {
    let (k, words) = (parameters.fieldBits, shape.columnWords)
    let nonce = OTExtensionMessage.nonce(label, salt: message.salt)
    let delta = deltaWords()
    var columns = SecretWords(count: OTParameters.columnCount * words)
    var stream = SecretWords(count: words)
    for block in 0..<parameters.blockCount {
      // w_i = Σ_y (y ⊕ Δ_i)·r_y, whatever Δ_i is, because leaves lie at y ⊕ Δ_i.
      for place in 1..<parameters.leafCount {
        stream.expand(leaves, block * parameters.leafCount + place, nonce: nonce)
        for bit in 0..<k where place & (1 << bit) != 0 {
          for word in 0..<words { columns[(block * k + bit) * words + word] ^= stream[word] }
        }
      }
      // and Δ_i·c_i
      for bit in 0..<k {
        let mask = delta.mask(block * k + bit)
        for word in 0..<words {
          columns[(block * k + bit) * words + word] ^= message.corrections[block * words + word] & mask
        }
      }
    }
    let rows = columns.transposed(shape)
    let hash = ConsistencyHash(label, shape, salt: message.salt, corrections: message.corrections)
    let rowHashes = hash.rows(of: rows)
    // h(w) = t ⊕ x·Δ, row by row; how many rows differ, and which, stays unknown.
    var difference: UInt64 = 0
    for row in 0..<OTParameters.columnCount {
      let choice = 0 &- ((message.choiceHash[row / 64] >> UInt64(row % 64)) & 1)
      for word in 0..<2 {
        difference |= rowHashes[2 * row + word] ^ message.rowHashes[2 * row + word] ^ (delta[word] & choice)
      }
    }
    return difference == 0 ? Extension(rows: rows, delta: delta) : nil
  }

  private borrowing func deltaWords() -> SecretWords {
    var words = SecretWords(count: 2)
    unsafe delta.withUnsafeBytes { bytes in
      for index in 0..<OTParameters.columnByteCount {
        words[index / 8] |= unsafe UInt64(bytes[index]) << UInt64(8 * (index % 8))
      }
    }
    return words
  }
}
