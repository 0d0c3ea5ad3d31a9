/// Places for whatever is held for a while: so many in all, and of them so many to each.
struct FairPlaces<Taker: Hashable & Sendable>: Sendable {
  enum Verdict: Sendable, Hashable {
    case taken
    case shareFull
    case allFull
  }

  let all: Int
  let each: Int
  private(set) var count = 0
  private var shares: [Taker: Int] = [:]

  init(all: Int, each: Int) {
    self.all = all
    self.each = each
  }

  /// Takes places, to be given back with ``giveBack(_:for:)``.
  mutating func take(_ amount: Int = 1, for taker: Taker) -> Verdict {
    guard amount <= all - count else { return .allFull }
    guard amount <= each - shares[taker, default: 0] else { return .shareFull }
    count += amount
    shares[taker, default: 0] += amount
    return .taken
  }

  /// What was not taken cannot be given back.
  mutating func giveBack(_ amount: Int = 1, for taker: Taker) {
    guard let held = shares[taker], amount <= held else { return }
    count -= amount
    shares[taker] = held > amount ? held - amount : nil
  }
}
