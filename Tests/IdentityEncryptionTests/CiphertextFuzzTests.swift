import Curves
import Identifiers
import ProtocolTestKit
import Secrets
import Testing

@testable import IdentityEncryption

/// Bytes of all kinds for whoever decrypts. A trap would end the test process.
struct CiphertextFuzzTests {
  private let secret = BLSScalar(4242)
  private let identity = Array("quorate-policy://some/thing".utf8)

  @Test func `P36 no ciphertext makes a user trap, and no changed one opens`() throws {
    var random = SeededRandom(seed: 0xc1)
    let publicKey = BLS12381G1.generator.multiplied(by: secret)
    let key = IdentityEncryption.point(of: identity).multiplied(by: secret)
    let valid = try IdentityEncryption.encrypt(
      SecretBytes(copying: random.bytes(32)), to: identity, under: publicKey, from: &random
    ).encoded
    var decodedCount = 0
    for number in 0..<4000 {
      let bytes = number % 4 == 0 ? random.garbage(around: valid.count) : random.mutated(valid)
      guard bytes != valid, let ciphertext = try? IdentityCiphertext(encoded: bytes) else { continue }
      #expect(ciphertext.encoded == bytes)
      decodedCount += 1
      if decodedCount % 4 == 0, ciphertext.scheme == .proofOfPossession {
        #expect(throws: IdentityEncryptionError.doesNotOpen) { _ = try IdentityEncryption.open(ciphertext, with: key) }
      }
    }
    #expect(decodedCount > 100)
  }

  @Test func `P36 no file makes a user trap, and no changed one decrypts to the end`() throws {
    var random = SeededRandom(seed: 0xf17e)
    let publicKey = BLS12381G1.generator.multiplied(by: secret)
    var encryptor = try FileEncryptor(
      policy: Array("{}".utf8), network: .zero, certificateDigest: .zero, publicKey: publicKey, from: &random)
    let header = encryptor.header
    let dataKey = try header.openDataKey(
      with: IdentityEncryption.point(of: header.identity).multiplied(by: secret))
    var body = try encryptor.update(random.bytes(70_000))
    body += try encryptor.finish()

    for number in 0..<3000 {
      let bytes = number % 8 == 0 ? random.garbage(around: header.encoded.count) : random.mutated(header.encoded)
      var reader = FileHeaderReader()
      let cut = random.next(below: bytes.count + 1)
      var found = try? reader.read(Array(bytes.prefix(cut)))?.header
      if found == nil { found = try? reader.read(Array(bytes.dropFirst(cut)))?.header }
      if let found { #expect(bytes.starts(with: found.encoded)) }
    }
    for _ in 0..<100 {
      let changed = random.mutated(body)
      guard changed != body else { continue }
      var isWhole = true
      do throws(EncryptedFileError) {
        var decryptor = try FileDecryptor(header: header, dataKey: dataKey)
        _ = try decryptor.update(changed)
        _ = try decryptor.finish()
      } catch {
        isWhole = false
      }
      #expect(!isWhole)
    }
  }
}
