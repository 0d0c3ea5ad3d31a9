import Identifiers
import Secrets

/// Small files that hold a secret, written from wiped memory and read into it.
enum SecretFile {
  /// As ``PrivateFile/write(_:to:overwriting:)``.
  static func write(
    _ content: borrowing SecretBytes, to path: String, overwriting: Bool = true
  ) throws(CommandFailure) {
    let output = try TemporaryOutput(destination: path, mode: 0o600)
    try unsafe content.withUnsafeBytes { bytes throws(CommandFailure) in try unsafe output.write(bytes) }
    try output.commit(overwriting: overwriting)
  }

  static func read(_ path: String, maximum: Int) throws(CommandFailure) -> SecretBytes {
    let input = try InputFile(path: path)
    // One byte more than allowed, so that a longer file is noticed.
    var bytes = SecretBytes(zeroed: maximum + 1)
    var count = 0
    while count <= maximum {
      let start = count
      let more = try unsafe bytes.withUnsafeMutableBytes { buffer throws(CommandFailure) in
        try unsafe input.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]))
      }
      if more == 0 { break }
      count += more
    }
    guard count <= maximum, let content = bytes.copy(of: 0..<count) else {
      throw CommandFailure(.badInput, "\(path) is too long; at most \(ByteCount.text(UInt64(maximum))) are read")
    }
    return content
  }
}

/// Lower-case hex of secrets, without a copy that stays behind.
enum SecretHex {
  /// `before ‖ hex of the secret ‖ after`.
  static func line(_ before: [UInt8], _ secret: borrowing SecretBytes, _ after: [UInt8]) -> SecretBytes {
    var line = SecretBytes(zeroed: before.count + 2 * secret.count + after.count)
    line.replaceBytes(at: 0, with: before)
    unsafe line.withUnsafeMutableBytes { line in
      unsafe secret.withUnsafeBytes { secret in
        for index in secret.indices {
          let byte = unsafe secret[index]
          unsafe line[before.count + 2 * index] = digit(byte >> 4)
          unsafe line[before.count + 2 * index + 1] = digit(byte & 15)
        }
      }
    }
    line.replaceBytes(at: before.count + 2 * secret.count, with: after)
    return line
  }

  static func decode(_ digits: some Collection<UInt8>) throws(IdentifierError) -> SecretBytes {
    var bytes = try Hex.decode(digits)
    defer { wipe(&bytes) }
    return SecretBytes(copying: bytes)
  }

  private static func digit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
  }
}
