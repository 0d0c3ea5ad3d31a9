import Authorization
import Client
import Identifiers
import IdentityEncryption
import Transcripts

/// Encrypts one file into another.
struct FileEncryption {
  static let pieceSize = 1 << 20

  let client: QuorateClient
  let console: Console

  /// - Returns: how many bytes the encrypted file has.
  func encrypt(_ source: String, for policy: DecryptionPolicy, to destination: String) async throws -> UInt64 {
    let input = try InputFile(path: source)
    guard !PrivateFile.exists(destination) else { throw CommandFailure.alreadyExists(destination) }
    let output = try TemporaryOutput(destination: destination)
    console.beginProgress("encrypting", total: input.sizeIsKnown ? input.size : nil)
    defer { console.endProgress() }
    var done: UInt64 = 0
    var written: UInt64 = 0
    try await client.encrypt(
      for: policy,
      read: {
        try Task.checkCancellation()
        let bytes = try input.read(upTo: Self.pieceSize)
        done += UInt64(bytes.count)
        console.progress(done)
        return bytes
      },
      write: { bytes in
        try output.write(bytes[...])
        written += UInt64(bytes.count)
      })
    try output.commit(overwriting: false)
    return written
  }
}

/// Decrypts one file into another, which appears only once all of it was verified.
struct FileDecryption {
  let client: QuorateClient
  let console: Console

  /// - Parameter session: gives a session that grants decryption under the policy with this hash.
  /// - Returns: how many bytes the decrypted file has.
  func decrypt(
    _ source: String, to destination: String, session: (Digest32) async throws -> UserSession
  ) async throws -> UInt64 {
    let input = try InputFile(path: source)
    guard !PrivateFile.exists(destination) else { throw CommandFailure.alreadyExists(destination) }
    var done: UInt64 = 0
    let stream = try EncryptedStream {
      try Task.checkCancellation()
      let bytes = try input.read(upTo: FileEncryption.pieceSize)
      done += UInt64(bytes.count)
      console.progress(done)
      return bytes
    }
    let policy = Digest32.sha256(of: stream.header.policy)
    let dataKey = try await client.dataKey(of: stream.header, as: await session(policy))
    let output = try TemporaryOutput(destination: destination, mode: 0o600)
    console.beginProgress("decrypting", total: input.sizeIsKnown ? input.size : nil)
    defer { console.endProgress() }
    var written: UInt64 = 0
    try stream.decrypt(with: dataKey) { bytes in
      try output.write(bytes[...])
      written += UInt64(bytes.count)
    }
    try output.commit(overwriting: false)
    return written
  }
}
