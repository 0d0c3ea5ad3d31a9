import Secrets
import Testing

@Suite struct SecretBytesTests {
  func revealed(_ secret: borrowing SecretBytes) -> [UInt8] {
    unsafe secret.withUnsafeBytes { unsafe Array($0) }
  }

  func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    SecretBytes(copying: left).isEqual(to: SecretBytes(copying: right))
  }

  @Test func `new memory is zero and has the length asked for`() {
    let secret = SecretBytes(zeroed: 33)
    #expect(secret.count == 33)
    #expect(revealed(secret) == [UInt8](repeating: 0, count: 33))
    #expect(SecretBytes(zeroed: 0).count == 0)
  }

  @Test func `bytes go in and come out in order`() {
    let bytes = (0..<100).map { UInt8($0) }
    #expect(revealed(SecretBytes(copying: bytes)) == bytes)
    #expect(revealed(SecretBytes(copying: bytes[10..<20])) == Array(10..<20))
    #expect(revealed(SecretBytes(copying: [])) == [])
    #expect(revealed(SecretBytes(copying: bytes.reversed())) == bytes.reversed())
  }

  @Test func `a clone is equal and independent`() {
    let original = SecretBytes(copying: [1, 2, 3])
    var clone = original.clone()
    #expect(revealed(clone) == [1, 2, 3])
    clone.replaceBytes(at: 0, with: [9])
    #expect(revealed(clone) == [9, 2, 3])
    #expect(revealed(original) == [1, 2, 3])
  }

  @Test func `equality looks at every byte and at the length`() {
    let bytes = [UInt8](repeating: 7, count: 40)
    for index in bytes.indices {
      var other = bytes
      other[index] ^= 0x80
      #expect(!areEqual(bytes, other))
      #expect(!constantTimeEqual(bytes, other))
    }
    #expect(!areEqual(bytes, bytes.dropLast()))
    #expect(areEqual(bytes, bytes))
    #expect(!constantTimeEqual(bytes, bytes.dropLast()))
    #expect(!constantTimeEqual([], [0]))
    #expect(constantTimeEqual([], []))
    #expect(constantTimeEqual(bytes, bytes))
    #expect(areEqual([], []))
  }

  @Test func `parts are copied only from inside`() {
    let secret = SecretBytes(copying: [1, 2, 3, 4])
    for (range, expected): (Range<Int>, [UInt8]?) in [
      (1..<3, [2, 3]), (0..<4, [1, 2, 3, 4]), (4..<4, []), (3..<5, nil), (5..<6, nil), (-1..<2, nil),
    ] {
      let part = secret.copy(of: range)
      #expect((part == nil) == (expected == nil), "\(range)")
      if let part { #expect(revealed(part) == expected) }
    }
  }

  @Test func `bytes are replaced only inside`() {
    var secret = SecretBytes(copying: [1, 2, 3, 4])
    for offset in [-1, 3, 5, .max, .min] {
      let plain = secret.replaceBytes(at: offset, with: [8, 9])
      let other = secret.replaceBytes(at: offset, with: SecretBytes(copying: [8, 9]))
      #expect(!plain && !other)
    }
    #expect(revealed(secret) == [1, 2, 3, 4])
    secret.replaceBytes(at: 2, with: SecretBytes(copying: [8, 9]))
    secret.replaceBytes(at: 0, with: [7])
    let nothing = secret.replaceBytes(at: 4, with: [])
    #expect(nothing)
    #expect(revealed(secret) == [7, 2, 8, 9])
  }

  @Test func `guarded memory holds the same bytes`() throws {
    let secret = SecretBytes(copying: [1, 2, 3])
    let guarded = try secret.guardedClone()
    #expect(revealed(guarded) == [1, 2, 3])
    #expect(revealed(try SecretBytes(guardedZeroed: 5)) == [0, 0, 0, 0, 0])
    #expect(try SecretBytes(guardedZeroed: 0).count == 0)
    #expect(revealed(guarded.clone()) == [1, 2, 3])
  }

  @Test func `an array is wiped in place`() {
    var bytes: [UInt8] = [1, 2, 3]
    wipe(&bytes)
    #expect(bytes == [0, 0, 0])
    var empty: [UInt8] = []
    wipe(&empty)
    #expect(empty == [])
  }

  @Test func `the system's random bytes differ and fill any length`() {
    var random = SystemRandom()
    #expect(random.bytes(0) == [])
    #expect(random.bytes(32) != random.bytes(32))
    #expect(revealed(SecretBytes(count: 32, from: &random)) != [UInt8](repeating: 0, count: 32))
  }
}
