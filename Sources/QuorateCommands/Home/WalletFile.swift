import Identifiers
import Secrets
import Signatures

/// A wallet key in a file only its owner may read: the line `quorate-wallet-v1`, then 64 hex digits.
///
/// Meant for trying things out and for operators' machines. Whoever reads the file is the wallet. It is no JSON so that
/// the key never passes through a string that cannot be wiped.
enum WalletFile {
  private static let heading = Array("quorate-wallet-v1\n".utf8)

  static func create(at path: String) throws(CommandFailure) -> EthereumSigningKey {
    var random = SystemRandom()
    guard let key = try? EthereumSigningKey(from: &random) else {
      throw CommandFailure(.internalFault, "a new wallet key was refused by its own library")
    }
    try write(key, to: path)
    return key
  }

  static func write(_ key: EthereumSigningKey, to path: String) throws(CommandFailure) {
    var bytes = heading + SecretHex.encode(key.secret()) + [UInt8(ascii: "\n")]
    defer { wipe(&bytes) }
    try PrivateFile.write(bytes, to: path, overwriting: false)
  }

  static func read(_ path: String) throws(CommandFailure) -> EthereumSigningKey {
    try PrivateFile.requirePrivate(path)
    var bytes = try PrivateFile.read(path, maximum: 256)
    defer { wipe(&bytes) }
    let digits = bytes.dropFirst(heading.count).dropLast()
    guard bytes.starts(with: heading), bytes.last == UInt8(ascii: "\n"),
      let key = try? EthereumSigningKey(secret: SecretHex.decode(digits))
    else {
      throw CommandFailure(.badInput, "\(path) is not a wallet file", advice: "make one: quorate wallet create")
    }
    return key
  }
}

/// Lower-case hex of secrets, without a copy that stays behind.
enum SecretHex {
  static func encode(_ secret: borrowing SecretBytes) -> [UInt8] {
    unsafe secret.withUnsafeBytes { bytes in
      var digits: [UInt8] = []
      digits.reserveCapacity(2 * bytes.count)
      for index in bytes.indices {
        let byte = unsafe bytes[index]
        digits.append(digit(byte >> 4))
        digits.append(digit(byte & 15))
      }
      return digits
    }
  }

  static func decode(_ digits: ArraySlice<UInt8>) throws(IdentifierError) -> SecretBytes {
    var bytes = try Hex.decode(digits)
    defer { wipe(&bytes) }
    return SecretBytes(copying: bytes)
  }

  private static func digit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
  }
}
