internal import Crypto
internal import Secrets
internal import Transcripts
internal import Identifiers

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// AES-256-GCM in STREAM form (Hoang, Reyhanitabar, Rogaway, Vizár 2015): chunk i has the nonce
/// `7-byte prefix ‖ u32 i ‖ 1 if it is the last`, so chunks can neither move nor be cut off. The header is the
/// associated data of chunk 0, and the key depends on it too.
struct ChunkCipher {
  static let plainByteCount = 64 << 10
  static let tagByteCount = 16
  static let sealedByteCount = plainByteCount + tagByteCount

  private let key: SymmetricKey
  private let header: [UInt8]
  private let noncePrefix: [UInt8]
  private var next: UInt32? = 0

  init(header: FileHeader, dataKey: borrowing SecretBytes) {
    let info = TaggedHash.encoding(.fileContentKey, [Digest32.sha256(of: header.encoded).bytes])
    let content = SecretDigest.hkdf(dataKey, salt: [], info: info, count: 32)
    key = unsafe content.withUnsafeBytes { unsafe SymmetricKey(data: $0) }
    self.header = header.encoded
    noncePrefix = header.noncePrefix
  }

  /// Whether a chunk went through already: an empty last chunk is allowed only where there is no other.
  var isAtStart: Bool { next == 0 }

  mutating func seal(_ chunk: ArraySlice<UInt8>, isLast: Bool) throws(EncryptedFileError) -> [UInt8] {
    let (index, nonce) = try advance(isLast)
    guard
      let box = try? AES.GCM.seal(chunk, using: key, nonce: nonce, authenticating: associatedData(index))
    else { throw .tooLong }
    return Array(box.ciphertext) + Array(box.tag)
  }

  mutating func open(_ chunk: ArraySlice<UInt8>, isLast: Bool) throws(EncryptedFileError) -> [UInt8] {
    let (index, nonce) = try advance(isLast)
    guard
      let box = try? AES.GCM.SealedBox(
        nonce: nonce, ciphertext: chunk.dropLast(Self.tagByteCount), tag: chunk.suffix(Self.tagByteCount)),
      let plain = try? AES.GCM.open(box, using: key, authenticating: associatedData(index))
    else { throw .damaged(chunk: index) }
    return Array(plain)
  }

  private func associatedData(_ index: UInt32) -> [UInt8] { index == 0 ? header : [] }

  private mutating func advance(_ isLast: Bool) throws(EncryptedFileError) -> (UInt32, AES.GCM.Nonce) {
    guard let index = next,
      let nonce = try? AES.GCM.Nonce(data: noncePrefix + index.bigEndianBytes + [isLast ? 1 : 0])
    else { throw .tooLong }
    next = isLast || index == .max ? nil : index + 1
    return (index, nonce)
  }
}
