import Foundation
import Secrets
import Signatures
import Testing

@testable import QuorateCommands

struct SecretFileTests {
  private let path = NSTemporaryDirectory() + "secret-file-\(UInt64.random(in: .min ... .max))"

  @Test func `P38 a wallet goes to its file and back through wiped memory`() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let secret = SecretBytes(copying: (1...32).map { UInt8($0) })
    let key = try EthereumSigningKey(secret: secret)
    try WalletFile.write(key, to: path)
    // The type is the promise: an array of digits would stay in memory that was given back.
    let content: SecretBytes = try SecretFile.read(path, maximum: 256)
    let line: SecretBytes = SecretHex.line(Array("quorate-wallet-v1\n".utf8), secret, Array("\n".utf8))
    let isAsDocumented = content.isEqual(to: line)
    #expect(isAsDocumented)
    let digits = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("quorate-wallet-v1\n\(digits)\n".utf8))
    #expect(try WalletFile.read(path).address == key.address)
    #expect(throws: CommandFailure.self) { try WalletFile.write(key, to: path) }
  }

  @Test(arguments: ["", "quorate-wallet-v1\n", "quorate-wallet-v1\n0102\n", String(repeating: "a", count: 300)])
  func `what is no wallet file is refused`(text: String) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try PrivateFile.write(Array(text.utf8), to: path)
    #expect(throws: CommandFailure.self) { try WalletFile.read(path) }
  }
}
