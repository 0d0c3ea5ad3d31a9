import ProtocolTestKit

/// Changes bytes the way a fuzzer does, the same way for the same seed.
struct Mutation {
  private var random: SeededRandom
  private let others: [[UInt8]]

  /// - Parameter others: inputs whose pieces may be spliced in; not empty.
  init(seed: UInt64, others: [[UInt8]]) {
    random = SeededRandom(seed: seed)
    self.others = others
  }

  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.next(below: 3) { mutateOnce(&bytes) }
    return bytes
  }

  private mutating func mutateOnce(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = [UInt8(truncatingIfNeeded: random.next())]
      return
    }
    let place = random.next(below: bytes.count)
    switch random.next(below: 8) {
    case 0: bytes[place] ^= 1 << UInt8(random.next(below: 8))
    case 1: bytes[place] = [0, 0x7f, 0x80, 0xff][random.next(below: 4)]
    case 2: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 3: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
    case 4: bytes.removeSubrange(place..<min(place + 1 + random.next(below: 8), bytes.count))
    case 5: bytes.removeLast(bytes.count - place)
    case 6: bytes.insert(contentsOf: piece(of: bytes), at: place)
    default: bytes.insert(contentsOf: piece(of: others[random.next(below: others.count)]), at: place)
    }
  }

  private mutating func piece(of bytes: [UInt8]) -> [UInt8] {
    guard !bytes.isEmpty else { return [0] }
    let start = random.next(below: bytes.count)
    return Array(bytes[start..<min(start + 1 + random.next(below: 64), bytes.count)])
  }
}
