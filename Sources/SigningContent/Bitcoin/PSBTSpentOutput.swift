/// What an input spends: from the transaction that made it, from its copy in the map, or from both if they agree.
struct PSBTSpentOutput {
  let output: BitcoinOutput
  /// Whether the outpoint's hash vouches for it.
  let isProven: Bool

  init(_ map: PSBTMap, _ outpoint: BitcoinOutpoint) throws(PSBTError) {
    let stated = try map.single(PSBTField.Input.witnessOutput).map { bytes throws(PSBTError) in
      do throws(BitcoinFormatError) { return try BitcoinOutput(decoding: bytes) } catch { throw .format(error) }
    }
    let proven = try map.single(PSBTField.Input.nonWitnessOutput).map { bytes throws(PSBTError) in
      try Self.output(of: bytes, at: outpoint)
    }
    if let stated, let proven, stated != proven { throw .amountsDiffer }
    guard let output = proven ?? stated else { throw .missingAmount }
    self.output = output
    isProven = proven != nil
  }

  private static func output(of bytes: [UInt8], at outpoint: BitcoinOutpoint) throws(PSBTError) -> BitcoinOutput {
    let transaction: BitcoinTransaction
    do { transaction = try BitcoinTransaction(decoding: bytes, allowsWitness: true) } catch { throw .format(error) }
    guard transaction.id == outpoint.transactionID, let index = Int(exactly: outpoint.index),
      transaction.outputs.indices.contains(index)
    else { throw .wrongPreviousTransaction }
    return transaction.outputs[index]
  }
}
