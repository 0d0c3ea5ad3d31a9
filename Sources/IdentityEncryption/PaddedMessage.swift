internal import Secrets

/// `uleb128(length) ‖ message`, filled with zeros to at least 32 bytes.
enum PaddedMessage {
  static let minimumByteCount = 32

  static func pad(_ message: borrowing SecretBytes) -> SecretBytes {
    let length = UnsignedLEB128.encode(message.count)
    var padded = SecretBytes(zeroed: max(minimumByteCount, length.count + message.count))
    padded.replaceBytes(at: 0, with: length)
    padded.replaceBytes(at: length.count, with: message)
    return padded
  }

  /// Nil unless the bytes are those `pad` gives for some message.
  static func unpad(_ padded: borrowing SecretBytes) -> SecretBytes? {
    let head = unsafe padded.withUnsafeBytes { unsafe UnsignedLEB128.decode($0) }
    guard let head, let message = padded.copy(of: head.byteCount..<head.byteCount + head.value) else { return nil }
    guard padded.isEqual(to: pad(message)) else { return nil }
    return message
  }
}
