import SigningContent

/// An amount of a coin as people write it: a decimal number and its unit, exact to the last digit.
struct CoinAmount: Equatable {
  enum Coin: Equatable {
    case ether
    case bitcoin
  }

  let coin: Coin
  /// In wei or satoshi.
  let smallest: UInt256

  private static let units: [(name: String, coin: Coin, decimals: Int)] = [
    ("gwei", .ether, 9), ("wei", .ether, 0), ("ether", .ether, 18), ("eth", .ether, 18), ("sat", .bitcoin, 0),
    ("btc", .bitcoin, 8),
  ]

  /// For example `0.5eth`, `20 gwei`, `1000sat`. There is no unit that goes without saying.
  init(_ text: String) throws(CommandFailure) {
    let lower = text.lowercased()
    guard let unit = Self.units.first(where: { lower.hasSuffix($0.name) }),
      let smallest = Self.smallest(lower.dropLast(unit.name.count).trimmed, unit.decimals)
    else {
      throw CommandFailure(
        .badInput, "\(text) is not an amount",
        advice: "a number and its unit, such as 0.5eth, 20gwei, 1wei, 0.01btc or 1000sat")
    }
    coin = unit.coin
    self.smallest = smallest
  }

  /// Nil for anything but digits with at most one point, and for more decimals than the unit has.
  private static func smallest(_ text: Substring, _ decimals: Int) -> UInt256? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? parts[1] : ""
    guard let whole = parts.first, !whole.isEmpty, parts.count == 1 || !fraction.isEmpty, fraction.count <= decimals
    else { return nil }
    let digits = whole + fraction + String(repeating: "0", count: decimals - fraction.count)
    let significant = digits.drop { $0 == "0" }
    return UInt256(decimal: significant.isEmpty && !digits.isEmpty ? "0" : String(significant))
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var rest = self
    while rest.last == " " { rest.removeLast() }
    return rest
  }
}
