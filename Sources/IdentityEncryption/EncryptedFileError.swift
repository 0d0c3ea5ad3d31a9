/// Why bytes are not an encrypted file, or do not decrypt.
public enum EncryptedFileError: Error, Equatable, Sendable {
  /// The first bytes are not those of a file of this format and version.
  case notAnEncryptedFile
  case malformedHeader
  case policyTooLong
  /// The network's key cannot be encrypted to.
  case noPublicKey
  /// The key does not open this file's data key, or the data key is not the one the header names.
  case wrongKey
  /// Chunk `index` is not what was written there: changed, moved, repeated or added.
  case damaged(chunk: UInt32)
  /// The file ends before its last chunk.
  case truncated
  /// A file has at most 2³² chunks.
  case tooLong
}
