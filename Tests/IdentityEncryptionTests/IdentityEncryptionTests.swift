import Curves
import ProtocolTestKit
import Secrets
import Testing

@testable import IdentityEncryption

@Suite struct IdentityEncryptionTests {
  let identity = Array("quorate-policy://a/b".utf8)
  let secretKey: HeldKey
  let publicKey: BLS12381G1.Element

  /// A class, because a test suite is copied and a secret is not.
  final class HeldKey: Sendable {
    let scalar: SecretScalar<BLS12381G1>
    init(_ scalar: consuming SecretScalar<BLS12381G1>) { self.scalar = scalar }
  }

  init() {
    var random = SeededRandom(seed: 1)
    secretKey = HeldKey(SecretScalar.random(from: &random))
    publicKey = secretKey.scalar.timesGenerator()
  }

  func key(for identity: [UInt8]) -> BLS12381G2.Element {
    BLS12381.multiply(IdentityEncryption.point(of: identity), by: secretKey.scalar)
  }

  func encrypt(_ message: [UInt8], seed: UInt64 = 2) throws -> IdentityCiphertext {
    var random = SeededRandom(seed: seed)
    return try IdentityEncryption.encrypt(SecretBytes(copying: message), to: identity, under: publicKey, from: &random)
  }

  @Test(arguments: [0, 1, 31, 32, 33, 127, 128, 200, 16384])
  func `a message of any length opens with the identity's key`(length: Int) throws {
    let message = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
    let ciphertext = try encrypt(message)
    let decoded = try IdentityCiphertext(encoded: ciphertext.encoded)
    #expect(decoded == ciphertext)
    let opened = try IdentityEncryption.open(decoded, with: key(for: identity))
    #expect(opened.publicBytes() == message)
  }

  @Test func `a data key's ciphertext has 115 bytes`() throws {
    #expect(try encrypt([UInt8](repeating: 7, count: 32)).encoded.count == 115)
  }

  @Test func `encryption is randomised`() throws {
    #expect(try encrypt([1, 2, 3], seed: 2) != encrypt([1, 2, 3], seed: 3))
  }

  @Test func `the key of another identity does not open`() throws {
    let ciphertext = try encrypt([1, 2, 3])
    #expect(throws: IdentityEncryptionError.doesNotOpen) {
      _ = try IdentityEncryption.open(ciphertext, with: key(for: identity + [0])).count
    }
    #expect(throws: IdentityEncryptionError.doesNotOpen) {
      _ = try IdentityEncryption.open(ciphertext, with: .identity).count
    }
  }

  @Test func `no bit of a ciphertext can be changed`() throws {
    let encoded = try encrypt([UInt8](repeating: 9, count: 32)).encoded
    let key = key(for: identity)
    var opened = 0
    for index in encoded.indices {
      var changed = encoded
      changed[index] ^= 1 << UInt8(index % 8)
      guard let ciphertext = try? IdentityCiphertext(encoded: changed) else { continue }
      opened += 1
      #expect(throws: IdentityEncryptionError.doesNotOpen, "byte \(index)") {
        _ = try IdentityEncryption.open(ciphertext, with: key).count
      }
    }
    #expect(opened > 60)
  }

  @Test func `both numbers of the scheme are read and kept`() throws {
    var encoded = try encrypt([1]).encoded
    encoded[encoded.count - 1] = 3
    let ciphertext = try IdentityCiphertext(encoded: encoded)
    #expect(ciphertext.scheme == .proofOfPossessionLegacy)
    #expect(ciphertext.encoded == encoded)
    let opened = try IdentityEncryption.open(ciphertext, with: key(for: identity))
    #expect(opened.publicBytes() == [1])
  }

  @Test func `P32 a ciphertext with a second encoding, length or point is refused`() throws {
    let encoded = try encrypt([UInt8](repeating: 9, count: 32)).encoded
    let head = encoded.prefix(80)
    let body = encoded.dropFirst(81).dropLast()
    let malformed: [[UInt8]] = [
      [], Array(encoded.dropLast()), encoded + [2], head + [33] + body + [0], head + [33] + body + [4],
      head + [0xa1, 0x00] + body + [2], head + [32] + body + [2], head + [34] + body + [2],
      head + [31] + body.dropLast(2) + [2], head + [0xff, 0xff, 0xff, 0xff, 0x0f] + body + [2],
      [0xc0] + [UInt8](repeating: 0, count: 47) + encoded.dropFirst(48), [encoded[0] & 0x7f] + encoded.dropFirst(),
    ]
    for bytes in malformed {
      #expect(throws: IdentityEncryptionError.malformedCiphertext) { try IdentityCiphertext(encoded: bytes) }
    }
  }

  @Test func `nothing is encrypted to the identity element`() {
    var random = SeededRandom(seed: 4)
    #expect(throws: IdentityEncryptionError.noPublicKey) {
      try IdentityEncryption.encrypt(SecretBytes(zeroed: 32), to: identity, under: .identity, from: &random)
    }
  }

  @Test func `padding has one form`() {
    for padded: [UInt8] in [[1, 7] + [UInt8](repeating: 0, count: 29), [0x81, 0] + [UInt8](repeating: 0, count: 30)] {
      #expect(PaddedMessage.unpad(SecretBytes(copying: padded))?.count == nil)
    }
    var nonZero = [UInt8](repeating: 0, count: 32)
    nonZero[31] = 1
    #expect(PaddedMessage.unpad(SecretBytes(copying: nonZero))?.count == nil)
    nonZero[31] = 0
    #expect(PaddedMessage.unpad(SecretBytes(copying: nonZero))?.count == 0)
    #expect(PaddedMessage.unpad(SecretBytes(copying: [UInt8](repeating: 0, count: 33)))?.count == nil)
  }

  @Test func `unsigned LEB128 has one form of at most three bytes`() {
    for value in [0, 1, 127, 128, 16383, 16384, 2_097_151] {
      let encoded = UnsignedLEB128.encode(value)
      #expect(UnsignedLEB128.decode(encoded)?.value == value)
      #expect(UnsignedLEB128.decode(encoded)?.byteCount == encoded.count)
    }
    for bytes: [UInt8] in [[], [0x80], [0x80, 0], [0xff, 0x80, 0], [0x80, 0x80, 0x80, 1]] {
      #expect(UnsignedLEB128.decode(bytes) == nil)
    }
  }
}
