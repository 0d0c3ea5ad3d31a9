import Secrets

extension SecretBytes {
  /// One bit, counted from the least significant of the first byte, as a byte of 0 or 1.
  borrowing func bit(_ index: Int) -> SecretBytes {
    precondition(index >= 0 && index < 8 * count)
    var result = SecretBytes(zeroed: 1)
    unsafe withUnsafeBytes { source in
      unsafe result.withUnsafeMutableBytes { unsafe $0[0] = (source[index >> 3] >> UInt8(index & 7)) & 1 }
    }
    return result
  }

  /// The same bit as a mask: 0 or 0xff.
  borrowing func mask(_ index: Int) -> UInt8 {
    precondition(index >= 0 && index < 8 * count)
    return unsafe withUnsafeBytes { unsafe 0 &- (($0[index >> 3] >> UInt8(index & 7)) & 1) }
  }

  /// `own` and `other` one behind the other: `own` first when this bit is 0, second when it is 1; always the same work.
  borrowing func select(_ own: [UInt8], _ other: [UInt8]) -> [UInt8] {
    let mask = mask(0)
    var first: [UInt8] = []
    var second: [UInt8] = []
    for (a, b) in zip(own, other) {
      let difference = (a ^ b) & mask
      first.append(a ^ difference)
      second.append(b ^ difference)
    }
    return first + second
  }

  borrowing func prefix(_ length: Int) -> SecretBytes {
    precondition(length >= 0 && length <= count)
    var part = SecretBytes(zeroed: length)
    unsafe withUnsafeBytes { source in
      unsafe part.withUnsafeMutableBytes {
        unsafe $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<length]))
      }
    }
    return part
  }

  borrowing func suffix(_ length: Int) -> SecretBytes {
    precondition(length >= 0 && length <= count)
    var part = SecretBytes(zeroed: length)
    let start = count - length
    unsafe withUnsafeBytes { source in
      unsafe part.withUnsafeMutableBytes {
        unsafe $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start...]))
      }
    }
    return part
  }

  /// Makes the first bytes public: every call is a decision that anyone may see them.
  borrowing func publicPrefix(_ length: Int) -> [UInt8] {
    precondition(length >= 0 && length <= count)
    return unsafe withUnsafeBytes { unsafe [UInt8]($0.prefix(length)) }
  }
}
