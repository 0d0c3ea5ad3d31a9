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
    let content = SecretHex.line(heading, key.secret(), [UInt8(ascii: "\n")])
    try SecretFile.write(content, to: path, overwriting: false)
  }

  static func read(_ path: String) throws(CommandFailure) -> EthereumSigningKey {
    try PrivateFile.requirePrivate(path)
    let content = try SecretFile.read(path, maximum: 256)
    let key = unsafe content.withUnsafeBytes { bytes -> EthereumSigningKey? in
      guard unsafe bytes.starts(with: heading), unsafe bytes.last == UInt8(ascii: "\n") else { return nil }
      return try? unsafe EthereumSigningKey(secret: SecretHex.decode(bytes.dropFirst(heading.count).dropLast()))
    }
    guard let key else {
      throw CommandFailure(.badInput, "\(path) is not a wallet file", advice: "make one: quorate wallet create")
    }
    return key
  }
}
