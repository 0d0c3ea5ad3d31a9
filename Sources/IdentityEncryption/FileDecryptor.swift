public import Secrets

/// Decrypts the content of a file in constant memory.
///
/// What `update` gives is what was encrypted, but only `finish` shows that it is all of it: keep the output from its
/// reader until then, for example under another name.
public struct FileDecryptor: ~Copyable {
  private var cipher: ChunkCipher
  private var buffer: [UInt8] = []

  /// - Parameter dataKey: what ``FileHeader/openDataKey(with:)`` gave.
  public init(header: FileHeader, dataKey: borrowing SecretBytes) throws(EncryptedFileError) {
    guard header.isDataKey(dataKey) else { throw .wrongKey }
    cipher = ChunkCipher(header: header, dataKey: dataKey)
  }

  /// Takes the next bytes behind the header. After an error the decryptor is of no more use.
  public mutating func update(_ bytes: some Collection<UInt8>) throws(EncryptedFileError) -> [UInt8] {
    buffer += bytes
    var output: [UInt8] = []
    var start = 0
    // A chunk that more bytes follow is not the last one.
    while buffer.count - start > ChunkCipher.sealedByteCount {
      let end = start + ChunkCipher.sealedByteCount
      output += try cipher.open(buffer[start..<end], isLast: false)
      start = end
    }
    buffer.removeFirst(start)
    return output
  }

  public consuming func finish() throws(EncryptedFileError) -> [UInt8] {
    let minimum = ChunkCipher.tagByteCount + (cipher.isAtStart ? 0 : 1)
    guard buffer.count >= minimum else { throw .truncated }
    return try cipher.open(buffer[...], isLast: true)
  }
}
