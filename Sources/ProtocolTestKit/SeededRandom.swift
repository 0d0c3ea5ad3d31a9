public import Secrets

/// A reproducible stream of bytes for tests (SplitMix64): the same seed gives the same bytes, and no test needs more.
public struct SeededRandom: RandomSource {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number below `bound`; the slight bias does not matter to a test.
  public mutating func next(below bound: Int) -> Int {
    precondition(bound > 0)
    return Int(next() % UInt64(bound))
  }

  public mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    var word: UInt64 = 0
    for index in buffer.indices {
      if index.isMultiple(of: 8) { word = next() }
      unsafe buffer[index] = UInt8(truncatingIfNeeded: word)
      word >>= 8
    }
  }

  /// A source that depends on this one's seed and on a label, and on nothing drawn from this one so far.
  public func split(_ label: UInt64) -> SeededRandom {
    var derived = SeededRandom(seed: state ^ (label &+ 1) &* 0xD6E8_FEB8_6659_FD93)
    return SeededRandom(seed: derived.next())
  }
}

extension SeededRandom: RandomNumberGenerator {}
