/// An SGX report body, 384 bytes, of the enclave that signs for others (Intel SGX ECDSA QuoteLibReference, appendix A.4).
struct EnclaveReport: Sendable {
  static let byteCount = 384

  let bytes: [UInt8]

  /// - Returns: nil unless there are exactly 384 bytes.
  init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  var miscellaneous: [UInt8] { field(16, 4) }
  var attributes: [UInt8] { field(48, 16) }
  var signer: [UInt8] { field(128, 32) }
  var productID: Int { Int(bytes[256]) | Int(bytes[257]) << 8 }
  var securityVersion: Int { Int(bytes[258]) | Int(bytes[259]) << 8 }
  var reportData: [UInt8] { field(320, 64) }

  private func field(_ offset: Int, _ count: Int) -> [UInt8] { Array(bytes[offset..<offset + count]) }
}
