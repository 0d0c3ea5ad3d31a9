/// The framing of a Nitro document around any payload.
enum SampleNitro {
  /// COSE_Sign1 of ES384 with a signature that is none.
  static func document(payload: [UInt8]) -> [UInt8] {
    [0x84] + string([0xA1, 0x01, 0x38, 0x22]) + [0xA0] + string(payload) + string([UInt8](repeating: 1, count: 96))
  }

  private static func string(_ bytes: [UInt8]) -> [UInt8] {
    let head: [UInt8] =
      switch bytes.count {
      case ..<24: [0x40 | UInt8(bytes.count)]
      case ..<256: [0x58, UInt8(bytes.count)]
      default: [0x59, UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)]
      }
    return head + bytes
  }
}
