import Synchronization

/// How many incoming handshakes are under way, in total and for each address.
final class HandshakeSlots: Sendable {
  private let limit: Int
  private let limitPerAddress: Int
  private let taken = Mutex<[String: Int]>([:])

  init(limit: Int, limitPerAddress: Int) {
    self.limit = limit
    self.limitPerAddress = limitPerAddress
  }

  func take(_ address: String) -> Bool {
    taken.withLock { taken in
      let count = taken[address] ?? 0
      guard count < limitPerAddress, taken.values.reduce(0, +) < limit else { return false }
      taken[address] = count + 1
      return true
    }
  }

  func release(_ address: String) {
    taken.withLock { taken in
      guard let count = taken[address] else { return }
      taken[address] = count > 1 ? count - 1 : nil
    }
  }
}

/// One taken slot, given back once.
final class HandshakeSlot: Sendable {
  private let slots: HandshakeSlots
  private let address: String
  private let isTaken = Mutex(true)

  init(_ slots: HandshakeSlots, _ address: String) {
    self.slots = slots
    self.address = address
  }

  func release() {
    let wasTaken = isTaken.withLock { isTaken in
      defer { isTaken = false }
      return isTaken
    }
    if wasTaken { slots.release(address) }
  }
}
