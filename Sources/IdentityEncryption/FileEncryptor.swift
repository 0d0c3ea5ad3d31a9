public import Curves
public import Identifiers
public import Secrets

/// Encrypts a file of any size in constant memory: write `header.encoded`, then whatever `update` and `finish` give.
public struct FileEncryptor: ~Copyable {
  public let header: FileHeader
  private var cipher: ChunkCipher
  /// Held back because the last chunk is marked, and only the end shows which it is.
  private var buffer: [UInt8] = []

  /// - Parameters:
  ///   - policy: exact bytes, at most 16 KiB.
  ///   - certificateDigest: of the verified key certificate that `publicKey` comes from.
  ///   - publicKey: the network's encryption key.
  public init(
    policy: [UInt8], network: NetworkID, certificateDigest: Digest32, publicKey: BLS12381G1.Element,
    from random: inout some RandomSource
  ) throws(EncryptedFileError) {
    let dataKey = SecretBytes(count: FileHeader.dataKeyByteCount, from: &random)
    header = try FileHeader(
      encapsulating: dataKey, policy: policy, network: network, certificateDigest: certificateDigest,
      publicKey: publicKey, from: &random)
    cipher = ChunkCipher(header: header, dataKey: dataKey)
  }

  public mutating func update(_ bytes: some Collection<UInt8>) throws(EncryptedFileError) -> [UInt8] {
    buffer += bytes
    var output: [UInt8] = []
    var start = 0
    while buffer.count - start > ChunkCipher.plainByteCount {
      let end = start + ChunkCipher.plainByteCount
      output += try cipher.seal(buffer[start..<end], isLast: false)
      start = end
    }
    buffer.removeFirst(start)
    return output
  }

  public consuming func finish() throws(EncryptedFileError) -> [UInt8] {
    try cipher.seal(buffer[...], isLast: true)
  }
}
