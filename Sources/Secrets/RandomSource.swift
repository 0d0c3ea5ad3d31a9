internal import CSodium

/// Where random bytes come from; injected everywhere so that protocols can be replayed in tests.
public protocol RandomSource: Sendable {
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer)
}

extension RandomSource {
  /// Public random bytes, such as nonces and salts. Secrets go into ``SecretBytes`` instead.
  public mutating func bytes(_ count: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    unsafe result.withUnsafeMutableBytes { unsafe fill($0) }
    return result
  }
}

/// The operating system's generator.
public struct SystemRandom: RandomSource {
  /// ThreadSanitizer looks at the address of whatever is passed `inout`, and a value without a byte has none.
  private let byte: UInt8 = 0

  public init() {}

  public mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    guard let start = buffer.baseAddress else { return }
    precondition(Sodium.isReady, "the system's random generator does not answer")
    unsafe randombytes_buf(start, buffer.count)
  }
}
