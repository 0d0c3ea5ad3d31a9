public import Authorization
public import IdentityEncryption
public import Secrets

extension QuorateClient {
  /// Encrypts a stream in constant memory.
  ///
  /// - Parameters:
  ///   - read: the next bytes, empty at the end.
  ///   - write: takes the bytes of the encrypted file in order.
  public func encrypt(
    for policy: DecryptionPolicy, read: () throws -> [UInt8], write: ([UInt8]) throws -> Void
  ) async throws {
    var encryptor = try await encryptor(for: policy)
    try write(encryptor.header.encoded)
    while true {
      let bytes = try read()
      guard !bytes.isEmpty else { break }
      try write(encryptor.update(bytes))
    }
    try write(encryptor.finish())
  }
}

/// An encrypted file being read: first its header, then, with the data key, its content.
public struct EncryptedStream {
  private let read: () throws -> [UInt8]
  public let header: FileHeader
  private let rest: [UInt8]

  /// Reads the header.
  ///
  /// - Parameter read: the next bytes of the file, empty at the end.
  /// - Throws: ``EncryptedFileError``, or what `read` throws.
  public init(read: @escaping () throws -> [UInt8]) throws {
    var reader = FileHeaderReader()
    while true {
      let bytes = try read()
      guard !bytes.isEmpty else {
        try reader.finish()
        throw EncryptedFileError.truncated
      }
      if let (header, rest) = try reader.read(bytes) {
        self.read = read
        self.header = header
        self.rest = rest
        return
      }
    }
  }

  /// Decrypts the content in constant memory. Only when this returns is what was written the whole content: keep it
  /// from its readers until then.
  public func decrypt(with dataKey: borrowing SecretBytes, write: ([UInt8]) throws -> Void) throws {
    var decryptor = try FileDecryptor(header: header, dataKey: dataKey)
    var bytes = rest
    repeat {
      try write(decryptor.update(bytes))
      bytes = try read()
    } while !bytes.isEmpty
    try write(decryptor.finish())
  }
}
