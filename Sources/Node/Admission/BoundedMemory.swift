/// Remembers so much, and forgets first what it has known longest.
struct BoundedMemory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  let limit: Int
  private var values: [Key: Value] = [:]
  /// In the order they came; the first `forgotten` are over.
  private var order: [Key] = []
  private var forgotten = 0

  init(limit: Int) { self.limit = limit }

  var count: Int { values.count }

  subscript(key: Key) -> Value? { values[key] }

  mutating func remember(_ value: Value, for key: Key) {
    guard values.updateValue(value, forKey: key) == nil else { return }
    order.append(key)
    guard values.count > limit else { return }
    values[order[forgotten]] = nil
    forgotten += 1
    if forgotten >= limit {
      order.removeFirst(forgotten)
      forgotten = 0
    }
  }
}
