internal import CSodium

extension SecretBytes {
  public borrowing func clone() -> SecretBytes {
    var copy = SecretBytes(zeroed: count)
    copy.replaceBytes(at: 0, with: self)
    return copy
  }

  /// The same bytes in guarded memory.
  public borrowing func guardedClone() throws(SecretStorageError) -> SecretBytes {
    var copy = try SecretBytes(guardedZeroed: count)
    copy.replaceBytes(at: 0, with: self)
    return copy
  }

  /// Compares contents in constant time; different lengths are public and unequal.
  public borrowing func isEqual(to other: borrowing SecretBytes) -> Bool {
    guard count == other.count else { return false }
    return unsafe withUnsafePointer { left in
      unsafe other.withUnsafePointer { unsafe sodium_memcmp(left, $0, count) == 0 }
    }
  }

  /// The bytes in `range`, nil when they do not all lie inside.
  public borrowing func copy(of range: Range<Int>) -> SecretBytes? {
    guard range.lowerBound >= 0, range.upperBound <= count else { return nil }
    var part = SecretBytes(zeroed: range.count)
    unsafe withUnsafeBytes { source in
      unsafe part.withUnsafeMutableBytes { unsafe $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[range])) }
    }
    return part
  }

  /// Overwrites the bytes from `offset` on; false, and nothing written, when they do not fit.
  @discardableResult
  public mutating func replaceBytes(at offset: Int, with other: borrowing SecretBytes) -> Bool {
    guard offset >= 0, offset <= count, other.count <= count - offset else { return false }
    unsafe withUnsafeMutableBytes { target in
      unsafe other.withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset...]).copyMemory(from: source)
      }
    }
    return true
  }

  @discardableResult
  public mutating func replaceBytes(at offset: Int, with other: some Collection<UInt8>) -> Bool {
    guard offset >= 0, offset <= count, other.count <= count - offset else { return false }
    unsafe withUnsafeMutableBytes { target in
      unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset...]).copyBytes(from: other)
    }
    return true
  }
}
