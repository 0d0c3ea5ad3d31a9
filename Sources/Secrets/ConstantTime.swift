internal import CSodium

/// Compares public-length byte strings in time that depends only on the length.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  guard left.count == right.count else { return false }
  return unsafe left.withUnsafeBytes { a in
    unsafe right.withUnsafeBytes { b in
      guard let a = a.baseAddress, let b = b.baseAddress else { return true }
      return unsafe sodium_memcmp(a, b, left.count) == 0
    }
  }
}

/// Overwrites a byte array in place. Copies made earlier are out of reach: prefer ``SecretBytes``.
public func wipe(_ bytes: inout [UInt8]) {
  unsafe bytes.withUnsafeMutableBytes { buffer in
    guard let start = buffer.baseAddress else { return }
    unsafe sodium_memzero(start, buffer.count)
  }
}
