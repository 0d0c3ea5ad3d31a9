internal import Identifiers

/// The digest of BIP-143 or BIP-341 over the whole transaction: SIGHASH_ALL, or for taproot also SIGHASH_DEFAULT.
struct SignatureHash {
  private let transaction: BitcoinTransaction
  private let spent: [BitcoinOutput]
  private let outpoints: [UInt8]
  private let sequences: [UInt8]
  private let outputs: [UInt8]

  init(_ transaction: BitcoinTransaction, spending spent: [BitcoinOutput]) {
    self.transaction = transaction
    self.spent = spent
    outpoints = transaction.inputs.flatMap(\.outpoint.encoded)
    sequences = transaction.inputs.flatMap(\.sequence.littleEndianBytes)
    outputs = transaction.outputs.flatMap(\.encoded)
  }

  /// BIP-143 for an input that spends a P2WPKH output.
  ///
  /// - Parameter keyHash: 20 bytes.
  func witnessPublicKeyHash(input: Int, keyHash: [UInt8]) -> Digest32? {
    guard transaction.inputs.indices.contains(input), spent.indices.contains(input) else { return nil }
    // OP_DUP OP_HASH160 <20 bytes> OP_EQUALVERIFY OP_CHECKSIG
    let scriptCode: [UInt8] = [0x19, 0x76, 0xa9, 0x14] + keyHash + [0x88, 0xac]
    let head =
      transaction.version.littleEndianBytes + BitcoinHash.twice(outpoints) + BitcoinHash.twice(sequences)
      + transaction.inputs[input].outpoint.encoded
    let own = scriptCode + spent[input].amount.littleEndianBytes + transaction.inputs[input].sequence.littleEndianBytes
    let tail =
      BitcoinHash.twice(outputs) + transaction.lockTime.littleEndianBytes
      + UInt32(SignatureHashType.all.rawValue).littleEndianBytes
    return try? Digest32(bytes: BitcoinHash.twice(head + own + tail))
  }

  /// BIP-341, "Common signature message", for the key path and without an annex.
  func taproot(input: Int, type: SignatureHashType) -> Digest32? {
    guard transaction.inputs.indices.contains(input), let index = UInt32(exactly: input) else { return nil }
    let amounts = spent.flatMap(\.amount.littleEndianBytes)
    let scripts = spent.flatMap { BitcoinCoding.sized($0.script) }
    let control =
      [type.rawValue] + transaction.version.littleEndianBytes + transaction.lockTime.littleEndianBytes
    let data =
      BitcoinHash.once(outpoints) + BitcoinHash.once(amounts) + BitcoinHash.once(scripts)
      + BitcoinHash.once(sequences) + BitcoinHash.once(outputs)
    // Epoch 0 before everything; spend type 0 behind it.
    return try? Digest32(
      bytes: BitcoinHash.tagged("TapSighash", [0] + control + data + [0] + index.littleEndianBytes))
  }
}

/// The signature hash types that cover every input and output.
enum SignatureHashType: UInt8, Sendable {
  case `default` = 0
  case all = 1
}
