internal import Synchronization

/// So much of something for everybody together.
final class Budget: Sendable {
  private let left: Mutex<Int>

  init(_ amount: Int) {
    left = Mutex(amount)
  }

  fileprivate func take(_ amount: Int) -> Bool {
    left.withLock { left in
      guard left >= amount else { return false }
      left -= amount
      return true
    }
  }

  fileprivate func giveBack(_ amount: Int) {
    left.withLock { $0 += amount }
  }
}

/// What one user of a budget has taken; given back when this goes away.
struct BudgetLease: ~Copyable {
  private let budget: Budget
  private var taken = 0

  init(_ budget: Budget) {
    self.budget = budget
  }

  mutating func take(_ amount: Int) -> Bool {
    guard budget.take(amount) else { return false }
    taken += amount
    return true
  }

  deinit {
    budget.giveBack(taken)
  }
}
