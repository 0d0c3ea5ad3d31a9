import Curves
import Identifiers
import ProtocolTestKit
import Secrets
import Testing

@testable import IdentityEncryption

@Suite struct EncryptedFileTests {
  static let chunk = ChunkCipher.plainByteCount
  let policy = Array(#"{"anyone":true}"#.utf8)

  /// The network's key of these tests is two, so that its signatures are easy to make.
  func networkKey(for identity: [UInt8]) -> BLS12381G2.Element {
    IdentityEncryption.point(of: identity).multiplied(by: BLS12381G1.Scalar(2))
  }

  func encrypt(_ plain: [UInt8], piece: Int = 50_000, seed: UInt64 = 1) throws -> (header: FileHeader, body: [UInt8]) {
    var random = SeededRandom(seed: seed)
    var encryptor = try FileEncryptor(
      policy: policy, network: .zero, certificateDigest: .zero,
      publicKey: BLS12381G1.generator.multiplied(by: BLS12381G1.Scalar(2)), from: &random)
    let header = encryptor.header
    var body: [UInt8] = []
    for start in stride(from: 0, to: plain.count, by: piece) {
      body += try encryptor.update(plain[start..<min(start + piece, plain.count)])
    }
    body += try encryptor.finish()
    return (header, body)
  }

  func decrypt(_ file: [UInt8], piece: Int = 70_001) throws -> [UInt8] {
    var pieces = stride(from: 0, to: file.count, by: piece).map { Array(file[$0..<min($0 + piece, file.count)]) }[...]
    var reader = FileHeaderReader()
    while let bytes = pieces.popFirst() {
      guard let (header, rest) = try reader.read(bytes) else { continue }
      let dataKey = try header.openDataKey(with: networkKey(for: header.identity))
      var decryptor = try FileDecryptor(header: header, dataKey: dataKey)
      var plain = try decryptor.update(rest)
      for bytes in pieces { plain += try decryptor.update(bytes) }
      plain += try decryptor.finish()
      return plain
    }
    try reader.finish()
    return []
  }

  func content(_ count: Int) -> [UInt8] {
    var random = SeededRandom(seed: UInt64(count))
    return random.bytes(count)
  }

  @Test(arguments: [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 17])
  func `a file of any length decrypts to what was encrypted`(length: Int) throws {
    let plain = content(length)
    let (header, body) = try encrypt(plain)
    let chunks = max(1, (length + Self.chunk - 1) / Self.chunk)
    #expect(body.count == length + chunks * ChunkCipher.tagByteCount)
    #expect(try decrypt(header.encoded + body) == plain)
  }

  @Test func `the size of the pieces does not matter`() throws {
    let plain = content(Self.chunk + 100)
    let (header, body) = try encrypt(plain, piece: 1000)
    #expect(try encrypt(plain, piece: 200_000) == (header, body))
    #expect(try decrypt(header.encoded + body, piece: 999) == plain)
    #expect(try decrypt(header.encoded + body, piece: 1_000_000) == plain)
  }

  @Test func `a header read byte by byte says what it was made of`() throws {
    let (header, _) = try encrypt([])
    var reader = FileHeaderReader()
    var found: FileHeader?
    for (index, byte) in header.encoded.enumerated() {
      found = try reader.read([byte])?.header
      #expect((found != nil) == (index == header.encoded.count - 1))
    }
    #expect(found == header)
    #expect(found?.policy == policy)
    #expect(header.encoded.starts(with: "quorate/file-header/v1".utf8))
    let policyHash = Hex.encode(SecretDigest.sha256(SecretBytes(copying: policy)).publicBytes())
    #expect(header.identity == Array("quorate-policy://\(policyHash)/\(header.dataKeyHash)".utf8))
  }

  @Test func `a truncated file is refused wherever it is cut`() throws {
    let (header, body) = try encrypt(content(2 * Self.chunk + 5))
    let sealed = ChunkCipher.sealedByteCount
    for kept in [0, 1, 15, 16, sealed - 1, sealed, sealed + 16, 2 * sealed, 2 * sealed + 1, body.count - 1] {
      #expect(throws: EncryptedFileError.self, "kept \(kept)") {
        try decrypt(header.encoded + body.prefix(kept))
      }
    }
    #expect(throws: EncryptedFileError.truncated) { try decrypt(header.encoded.dropLast()) }
    #expect(throws: EncryptedFileError.notAnEncryptedFile) { try decrypt([]) }
  }

  @Test func `chunks cannot be moved, repeated, dropped or added`() throws {
    let (header, body) = try encrypt(content(3 * Self.chunk))
    let sealed = ChunkCipher.sealedByteCount
    let (a, b, c) = (body[..<sealed], body[sealed..<2 * sealed], body[(2 * sealed)...])
    #expect(try decrypt(header.encoded + a + b + c).count == 3 * Self.chunk)
    let orders: [[ArraySlice<UInt8>]] = [
      [b, a, c], [a, b, b, c], [a, c], [a, b, c, c], [a, b, c, [0]], [a, b], [c, b, a], [c],
    ]
    for order in orders {
      #expect(throws: EncryptedFileError.self) { try decrypt(header.encoded + order.joined()) }
    }
  }

  @Test func `a non-empty file cannot end with an empty chunk`() throws {
    let (header, _) = try encrypt([])
    var random = SeededRandom(seed: 1)
    let dataKey = SecretBytes(count: 32, from: &random)
    var cipher = ChunkCipher(header: header, dataKey: dataKey)
    let first = try cipher.seal([UInt8](repeating: 1, count: Self.chunk)[...], isLast: false)
    let empty = try cipher.seal([], isLast: true)
    #expect(throws: EncryptedFileError.truncated) { try decrypt(header.encoded + first + empty) }
  }

  @Test func `a changed byte is found in its chunk`() throws {
    let (header, body) = try encrypt(content(Self.chunk + 5))
    var changed = body
    changed[10] ^= 1
    #expect(throws: EncryptedFileError.damaged(chunk: 0)) { try decrypt(header.encoded + changed) }
    changed = body
    changed[ChunkCipher.sealedByteCount + 1] ^= 1
    #expect(throws: EncryptedFileError.damaged(chunk: 1)) { try decrypt(header.encoded + changed) }
  }

  @Test func `no byte of the header can be changed`() throws {
    let (header, body) = try encrypt(content(10))
    for index in header.encoded.indices {
      var changed = header.encoded
      changed[index] ^= 0x20
      #expect(throws: (any Error).self, "byte \(index)") { try decrypt(changed + body) }
    }
  }

  @Test func `the body of one file is not the body of another`() throws {
    let (first, second) = (try encrypt(content(10), seed: 1), try encrypt(content(10), seed: 2))
    #expect(throws: EncryptedFileError.damaged(chunk: 0)) { try decrypt(first.header.encoded + second.body) }
  }

  @Test func `the wrong data key and the wrong network key are refused`() throws {
    let (header, _) = try encrypt([])
    #expect(throws: EncryptedFileError.wrongKey) {
      _ = try header.openDataKey(with: BLS12381G2.generator).count
    }
    #expect(throws: EncryptedFileError.wrongKey) {
      _ = try FileDecryptor(header: header, dataKey: SecretBytes(zeroed: 32))
    }
  }

  @Test func `P36 a hostile header is refused and never read without bound`() throws {
    let magic = FileHeader.magic
    let huge = magic + [0xff, 0xff, 0xff, 0xff]
    var reader = FileHeaderReader()
    #expect(try reader.read(huge)?.header == nil)
    #expect(throws: EncryptedFileError.malformedHeader) {
      for _ in 0..<40 { _ = try reader.read([UInt8](repeating: 0, count: 1000)) }
    }
    let foreign: [[UInt8]] = [[0x51], magic.dropLast() + [0x32], Array("PK".utf8)]
    for bytes in foreign {
      var reader = FileHeaderReader()
      #expect(throws: EncryptedFileError.notAnEncryptedFile) { try reader.read(bytes) }
    }
  }

  @Test func `a policy has a limit`() {
    var random = SeededRandom(seed: 1)
    #expect(throws: EncryptedFileError.policyTooLong) {
      _ = try FileEncryptor(
        policy: [UInt8](repeating: 0, count: FileHeader.maximumPolicyByteCount + 1), network: .zero,
        certificateDigest: .zero, publicKey: BLS12381G1.generator, from: &random)
    }
  }
}
