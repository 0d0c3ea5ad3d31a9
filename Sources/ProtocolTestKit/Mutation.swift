/// Bytes for decoders to survive: garbage, and valid encodings with something wrong.
extension SeededRandom {
  /// Any length up to a little more than the given one.
  public mutating func garbage(around count: Int) -> [UInt8] {
    let length = next(below: 2) == 0 ? count : next(below: count + 40)
    return (0..<length).map { _ in UInt8(truncatingIfNeeded: next()) }
  }

  /// One to three small changes: bits, bytes of the ends of a range, cuts, repeats, and lengths that lie.
  public mutating func mutated(_ valid: [UInt8]) -> [UInt8] {
    var bytes = valid
    for _ in 0..<(1 + next(below: 3)) { mutate(&bytes) }
    return bytes
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return bytes = garbage(around: 8) }
    let place = next(below: bytes.count)
    switch next(below: 8) {
    case 0: bytes[place] ^= 1 << UInt8(next(below: 8))
    case 1: bytes[place] = [0, 1, 0x7f, 0x80, 0xff][next(below: 5)]
    case 2: bytes.removeLast(next(below: bytes.count + 1))
    case 3: bytes.removeFirst(next(below: min(bytes.count, 40) + 1))
    case 4: bytes += garbage(around: 1 + next(below: 40))
    case 5: bytes.insert(contentsOf: bytes[place...].prefix(33), at: next(below: bytes.count))
    case 6:
      for index in place..<min(place + 4, bytes.count) { bytes[index] = next(below: 2) == 0 ? 0xff : 0 }
    default:
      let end = min(place + 1 + next(below: 40), bytes.count)
      for index in place..<end { bytes[index] = UInt8(truncatingIfNeeded: next()) }
    }
  }
}
