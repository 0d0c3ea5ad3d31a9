/// First in, first out, each in constant time.
struct Queue<Element: Sendable>: Sendable {
  private var items: [Element?] = []
  private var head = 0

  var isEmpty: Bool { first == nil }
  var count: Int { items.count - head }

  var first: Element? { head < items.count ? items[head] : nil }

  mutating func append(_ element: Element) {
    items.append(element)
  }

  mutating func removeFirst() {
    guard head < items.count else { return }
    items[head] = nil
    head += 1
    if head > 64, head * 2 > items.count {
      items.removeFirst(head)
      head = 0
    }
  }
}
