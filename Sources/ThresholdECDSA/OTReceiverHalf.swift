import Secrets

/// What the receiver of extended OTs keeps: every leaf of every block's tree (ePrint 2022/192, section 3).
struct OTReceiverHalf: ~Copyable, Sendable {
  private let leaves: SecretKeys
  private let parameters: OTParameters

  /// - Parameter leaves: block by block, `2^k` each.
  init(leaves: consuming SecretKeys, _ parameters: OTParameters = .standard) {
    self.leaves = leaves
    self.parameters = parameters
  }

  /// One extension: OTs in which this party gets the message each of its choice bits names.
  ///
  /// - Parameter choices: one bit for every row, least significant first; those behind ``ExtensionShape/count`` are
  ///   random.
  /// - Returns: the message to the sender, and the rows `v_j` that the chosen messages are hashes of.
  borrowing func extend(
    choices: borrowing SecretWords, _ shape: ExtensionShape, _ label: OTLabel, salt: [UInt8]
  ) -> ReceiverExtension {
    precondition(choices.count == shape.columnWords, "a fixed length of the caller")
    let (k, words) = (parameters.fieldBits, shape.columnWords)
    let nonce = OTExtensionMessage.nonce(label, salt: salt)
    var columns = SecretWords(count: OTParameters.columnCount * words)
    var sums = SecretWords(count: parameters.blockCount * words)
    var stream = SecretWords(count: words)
    for block in 0..<parameters.blockCount {
      for leaf in 0..<parameters.leafCount {
        stream.expand(leaves, block * parameters.leafCount + leaf, nonce: nonce)
        // u_i = Σ_y r_y
        for word in 0..<words { sums[block * words + word] ^= stream[word] }
        // v_i = Σ_y y·r_y, bit by bit of y
        for bit in 0..<k where leaf & (1 << bit) != 0 {
          for word in 0..<words { columns[(block * k + bit) * words + word] ^= stream[word] }
        }
      }
    }
    // c_i = u_i ⊕ u
    var corrections: [UInt64] = []
    for block in 0..<parameters.blockCount {
      for word in 0..<words { corrections.append(sums[block * words + word] ^ choices[word]) }
    }
    let rows = columns.transposed(shape)
    let hash = ConsistencyHash(label, shape, salt: salt, corrections: corrections)
    let rowHashes = hash.rows(of: rows)
    let message = OTExtensionMessage(
      salt: salt, corrections: corrections, choiceHash: hash.bits(of: choices),
      rowHashes: (0..<rowHashes.count).map { rowHashes[$0] })
    return ReceiverExtension(message: message, rows: rows)
  }
}

/// One extension as its receiver has it.
struct ReceiverExtension: ~Copyable {
  let message: OTExtensionMessage
  private let rows: SecretWords

  init(message: OTExtensionMessage, rows: consuming SecretWords) {
    self.message = message
    self.rows = rows
  }

  consuming func takeRows() -> SecretWords { rows }
}
