internal import Identifiers

/// A Bitcoin transaction, signed or not.
struct BitcoinTransaction: Sendable, Hashable {
  struct Input: Sendable, Hashable {
    let outpoint: BitcoinOutpoint
    var scriptSig: [UInt8]
    let sequence: UInt32
    var witness: [[UInt8]]
  }

  let version: UInt32
  var inputs: [Input]
  let outputs: [BitcoinOutput]
  let lockTime: UInt32
}

/// Which output of which transaction an input spends.
public struct BitcoinOutpoint: Sendable, Hashable {
  /// 32 bytes in the order transactions carry them, which is the reverse of how they are shown.
  public let transactionID: [UInt8]
  public let index: UInt32

  var encoded: [UInt8] { transactionID + index.littleEndianBytes }
}

/// An amount and the script that has to be satisfied to spend it.
public struct BitcoinOutput: Sendable, Hashable {
  /// In satoshi; at most ``mostSatoshi``.
  public let amount: UInt64
  public let script: [UInt8]

  /// 21 million bitcoin.
  public static let mostSatoshi: UInt64 = 21_000_000 * 100_000_000

  init(amount: UInt64, script: [UInt8]) throws(BitcoinFormatError) {
    guard amount <= Self.mostSatoshi else { throw .amountOutOfRange }
    self.amount = amount
    self.script = script
  }

  init(_ reader: inout BitcoinReader) throws(BitcoinFormatError) {
    try self.init(amount: reader.u64(), script: reader.sized())
  }

  /// Exactly one output.
  init(decoding bytes: [UInt8]) throws(BitcoinFormatError) {
    var reader = BitcoinReader(bytes)
    try self.init(&reader)
    try reader.finish()
  }

  var encoded: [UInt8] { amount.littleEndianBytes + BitcoinCoding.sized(script) }
}

extension BitcoinTransaction {
  /// - Parameter allowsWitness: false where the format asks for a transaction without witness (BIP-174).
  init(decoding bytes: [UInt8], allowsWitness: Bool) throws(BitcoinFormatError) {
    var reader = BitcoinReader(bytes)
    version = try reader.u32()
    var hasWitness = false
    if allowsWitness, reader.next == 0 {
      // BIP-144: marker 0, flag 1.
      guard try reader.raw(2) == [0, 1] else { throw .malformedTransaction }
      hasWitness = true
    }
    var inputs: [Input] = []
    for _ in 0..<(try reader.count(itemSize: 41)) {
      let outpoint = BitcoinOutpoint(transactionID: try reader.raw(32), index: try reader.u32())
      inputs.append(Input(outpoint: outpoint, scriptSig: try reader.sized(), sequence: try reader.u32(), witness: []))
    }
    var outputs: [BitcoinOutput] = []
    for _ in 0..<(try reader.count(itemSize: 9)) { outputs.append(try BitcoinOutput(&reader)) }
    if hasWitness {
      for index in inputs.indices { inputs[index].witness = try Self.witness(&reader) }
      guard inputs.contains(where: { !$0.witness.isEmpty }) else { throw .malformedTransaction }
    }
    lockTime = try reader.u32()
    try reader.finish()
    guard !inputs.isEmpty, !outputs.isEmpty, Set(inputs.map(\.outpoint)).count == inputs.count else {
      throw .malformedTransaction
    }
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Exactly one witness stack.
  static func witness(decoding bytes: [UInt8]) throws(BitcoinFormatError) -> [[UInt8]] {
    var reader = BitcoinReader(bytes)
    let items = try witness(&reader)
    try reader.finish()
    return items
  }

  private static func witness(_ reader: inout BitcoinReader) throws(BitcoinFormatError) -> [[UInt8]] {
    var items: [[UInt8]] = []
    for _ in 0..<(try reader.count(itemSize: 1)) { items.append(try reader.sized()) }
    return items
  }

  static func encoded(witness: [[UInt8]]) -> [UInt8] {
    BitcoinCoding.compactSize(witness.count) + witness.flatMap(BitcoinCoding.sized)
  }

  /// BIP-144 where an input has a witness, else the older form.
  var encoded: [UInt8] {
    inputs.contains { !$0.witness.isEmpty } ? encoded(withWitness: true) : encoded(withWitness: false)
  }

  /// The double SHA-256 of the form without witness.
  var id: [UInt8] { BitcoinHash.twice(encoded(withWitness: false)) }

  private func encoded(withWitness: Bool) -> [UInt8] {
    let marker: [UInt8] = withWitness ? [0, 1] : []
    let spends = inputs.flatMap {
      $0.outpoint.encoded + BitcoinCoding.sized($0.scriptSig) + $0.sequence.littleEndianBytes
    }
    let body =
      BitcoinCoding.compactSize(inputs.count) + spends + BitcoinCoding.compactSize(outputs.count)
      + outputs.flatMap(\.encoded)
    let witnesses = withWitness ? inputs.flatMap { Self.encoded(witness: $0.witness) } : []
    return version.littleEndianBytes + marker + body + witnesses + lockTime.littleEndianBytes
  }
}
