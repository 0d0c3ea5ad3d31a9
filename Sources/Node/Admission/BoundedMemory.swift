/// Remembers so much, and forgets first what was remembered longest ago.
struct BoundedMemory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Turn: Sendable {
    let key: Key
    let number: UInt64
  }

  let limit: Int
  private var values: [Key: (value: Value, turn: UInt64)] = [:]
  /// What was remembered when; what was remembered again since, or forgotten, stands there for nothing.
  private var turns = Queue<Turn>()
  private var latest: UInt64 = 0

  init(limit: Int) { self.limit = limit }

  var count: Int { values.count }

  subscript(key: Key) -> Value? { values[key]?.value }

  mutating func remember(_ value: Value, for key: Key) {
    latest += 1
    values[key] = (value, latest)
    turns.append(Turn(key: key, number: latest))
    while values.count > limit, let oldest = turns.first {
      turns.removeFirst()
      if values[oldest.key]?.turn == oldest.number { values[oldest.key] = nil }
    }
    if turns.count > 2 * limit { dropIdleTurns() }
  }

  mutating func forget(_ key: Key) { values[key] = nil }

  private mutating func dropIdleTurns() {
    turns = Queue()
    for (key, entry) in values.sorted(by: { $0.value.turn < $1.value.turn }) {
      turns.append(Turn(key: key, number: entry.turn))
    }
  }
}
