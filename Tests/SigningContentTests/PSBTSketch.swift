import Curves
import Identifiers
import Secrets

@testable import SigningContent

/// A PSBT written pair by pair, right or wrong.
struct PSBTSketch {
  typealias Pairs = [(type: UInt8, value: [UInt8])]

  var magic: [UInt8] = Array("psbt".utf8) + [0xff]
  var global: Pairs
  var inputs: [Pairs] = []
  var outputs: [Pairs] = []

  var encoded: [UInt8] { magic + ([global] + inputs + outputs).flatMap(Self.map) }

  private static func map(_ pairs: Pairs) -> [UInt8] {
    pairs.flatMap { [1, $0.type] + BitcoinCoding.sized($0.value) } + [0]
  }
}

/// A key of the test with two coins, a stranger with one, and transactions that spend them.
struct TestCoins {
  static let foreignScript: [UInt8] = [0x00, 0x14] + [UInt8](repeating: 0x77, count: 20)
  static let target: [UInt8] = [0x51, 0x20] + [UInt8](repeating: 0x99, count: 32)

  let key: BitcoinKey
  /// Transactions whose output 1 belongs to the key, or for the last to the stranger.
  let previous: [BitcoinTransaction]
  static let amounts: [UInt64] = [1_000_000, 2_000_000, 500_000]

  init(_ key: BitcoinKey) throws {
    self.key = key
    var previous: [BitcoinTransaction] = []
    for (place, amount) in Self.amounts.enumerated() {
      let input = BitcoinTransaction.Input(
        outpoint: BitcoinOutpoint(transactionID: [UInt8](repeating: UInt8(place + 1), count: 32), index: 0),
        scriptSig: [], sequence: .max, witness: [[1, 2, 3]])
      previous.append(
        BitcoinTransaction(
          version: 2, inputs: [input],
          outputs: [
            try BitcoinOutput(amount: 7, script: [0x6a]),
            try BitcoinOutput(amount: amount, script: place < 2 ? key.script : Self.foreignScript),
          ], lockTime: 0))
    }
    self.previous = previous
  }

  /// - Parameters:
  ///   - coins: which of the three are spent.
  ///   - outputs: amounts and scripts.
  ///   - proves: whether the previous transactions are included.
  func version0(
    spending coins: [Int], to outputs: [(UInt64, [UInt8])], proves: Bool = true, states: Bool = true
  ) throws -> PSBTSketch {
    let unsigned = BitcoinTransaction(
      version: 2,
      inputs: coins.map {
        .init(
          outpoint: BitcoinOutpoint(transactionID: previous[$0].id, index: 1), scriptSig: [], sequence: 0xffff_fffd,
          witness: [])
      }, outputs: try outputs.map { try BitcoinOutput(amount: $0.0, script: $0.1) }, lockTime: 800_000)
    var sketch = PSBTSketch(global: [(0, unsigned.encoded)])
    sketch.inputs = coins.map { pairs(of: $0, proves, states) }
    sketch.outputs = outputs.map { _ in [] }
    return sketch
  }

  func version2(
    spending coins: [Int], to outputs: [(UInt64, [UInt8])], proves: Bool = true, states: Bool = true
  ) -> PSBTSketch {
    var sketch = PSBTSketch(global: [
      (2, [2, 0, 0, 0]), (3, UInt32(800_000).littleEndianBytes), (4, [UInt8(coins.count)]),
      (5, [UInt8(outputs.count)]), (6, [3]), (0xfb, [2, 0, 0, 0]),
    ])
    sketch.inputs = coins.map { coin in
      let outpoint: PSBTSketch.Pairs = [
        (0x0e, previous[coin].id), (0x0f, [1, 0, 0, 0]), (0x10, [0xfd, 0xff, 0xff, 0xff]),
      ]
      return pairs(of: coin, proves, states) + outpoint
    }
    for (amount, script) in outputs { sketch.outputs.append([(3, amount.littleEndianBytes), (4, script)]) }
    return sketch
  }

  private func pairs(of coin: Int, _ proves: Bool, _ states: Bool) -> PSBTSketch.Pairs {
    var pairs: PSBTSketch.Pairs = []
    if proves { pairs.append((0, previous[coin].encoded)) }
    if states { pairs.append((1, previous[coin].outputs[1].encoded)) }
    return pairs
  }
}
