/// PSBTs as wallets write them: version 0, with a copy of each spent output and no proof of it.
public enum WrittenPSBT {
  public typealias Coin = (amount: UInt64, script: [UInt8])

  public static func bytes(spending coins: [Coin], to outputs: [Coin]) -> [UInt8] {
    var transaction = little(2, 4) + size(coins.count)
    for place in coins.indices {
      transaction += [UInt8](repeating: UInt8(truncatingIfNeeded: place + 1), count: 32) + little(0, 4)
      transaction += [0] + little(0xffff_fffd, 4)
    }
    transaction += size(outputs.count)
    for coin in outputs { transaction += output(coin) }
    transaction += little(0, 4)
    var bytes = Array("psbt".utf8) + [0xff, 1, 0] + sized(transaction) + [0]
    for coin in coins { bytes += [1, 1] + sized(output(coin)) + [0] }
    return bytes + [UInt8](repeating: 0, count: outputs.count)
  }

  private static func output(_ coin: Coin) -> [UInt8] { little(coin.amount, 8) + sized(coin.script) }

  private static func sized(_ bytes: [UInt8]) -> [UInt8] { size(bytes.count) + bytes }

  /// Bitcoin's compact size, up to 65535.
  private static func size(_ count: Int) -> [UInt8] {
    count < 0xfd ? [UInt8(truncatingIfNeeded: count)] : [0xfd] + little(UInt64(count), 2)
  }

  private static func little(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
