internal import Identifiers

/// A partially signed Bitcoin transaction, version 0 (BIP-174) or 2 (BIP-370), whose every input states its amount.
public struct PartiallySignedTransaction: Sendable, Hashable {
  public static let byteLimit = 384 << 10
  public static let mostInputs = 256
  public static let mostOutputs = 1024

  var global: PSBTMap
  var inputMaps: [PSBTMap]
  let outputMaps: [PSBTMap]
  let transaction: BitcoinTransaction
  /// What each input spends.
  public let spentOutputs: [BitcoinOutput]
  /// Whether every amount was read from the transaction that its outpoint names by hash.
  public let amountsAreProven: Bool
  public let fee: UInt64

  public var outputs: [BitcoinOutput] { transaction.outputs }
  public var outpoints: [BitcoinOutpoint] { transaction.inputs.map(\.outpoint) }
  public var lockTime: UInt32 { transaction.lockTime }

  public init(decoding bytes: [UInt8]) throws(PSBTError) {
    guard bytes.count <= Self.byteLimit else { throw .tooLarge }
    guard bytes.starts(with: PSBTField.magic) else { throw .magic }
    var reader = BitcoinReader(bytes.dropFirst(PSBTField.magic.count))
    global = try PSBTMap(&reader)
    let shape = try PSBTShape(global)
    guard shape.inputCount <= Self.mostInputs else { throw .tooManyInputs }
    guard shape.outputCount <= Self.mostOutputs else { throw .tooManyOutputs }
    var inputMaps: [PSBTMap] = []
    for _ in 0..<shape.inputCount { inputMaps.append(try PSBTMap(&reader)) }
    var outputMaps: [PSBTMap] = []
    for _ in 0..<shape.outputCount { outputMaps.append(try PSBTMap(&reader)) }
    do { try reader.finish() } catch { throw .format(error) }
    transaction = try shape.transaction(global, inputMaps, outputMaps)
    self.inputMaps = inputMaps
    self.outputMaps = outputMaps

    var spent: [BitcoinOutput] = []
    var areProven = true
    for (map, input) in zip(inputMaps, transaction.inputs) {
      let output = try PSBTSpentOutput(map, input.outpoint)
      spent.append(output.output)
      areProven = areProven && output.isProven
    }
    spentOutputs = spent
    amountsAreProven = areProven
    // No sum overflows: amounts are at most 2.1 · 10¹⁵, and there are at most 1024 of them.
    let total = spent.reduce(0) { $0 + $1.amount }
    let paid = transaction.outputs.reduce(0) { $0 + $1.amount }
    guard paid <= total, total <= BitcoinOutput.mostSatoshi else { throw .outputsExceedInputs }
    fee = total - paid
  }

  public var encoded: [UInt8] {
    PSBTField.magic + global.encoded + inputMaps.flatMap(\.encoded) + outputMaps.flatMap(\.encoded)
  }
}
