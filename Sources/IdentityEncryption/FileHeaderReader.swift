internal import Identifiers
internal import Transcripts

/// Finds the header in a file that arrives piece by piece.
public struct FileHeaderReader: Sendable {
  static let maximumByteCount =
    FileHeader.magic.count + 6 * 4 + 3 * 32 + FileHeader.maximumPolicyByteCount + FileHeader.encapsulatedKeyByteCount
    + FileHeader.noncePrefixByteCount

  private var buffer: [UInt8] = []

  public init() {}

  /// Takes the next bytes of the file; nil means that the header goes on behind them.
  ///
  /// - Returns: the header, and the bytes behind it that were read too: the first content to decrypt.
  public mutating func read(_ bytes: [UInt8]) throws(EncryptedFileError) -> (header: FileHeader, rest: [UInt8])? {
    buffer += bytes
    guard buffer.starts(with: FileHeader.magic.prefix(buffer.count)) else { throw .notAnEncryptedFile }
    var reader = ByteReader(buffer.dropFirst(FileHeader.magic.count))
    do {
      let header = try Self.header(&reader)
      return (header, Array(buffer.suffix(reader.remaining)))
    } catch ByteReaderError.truncated where buffer.count < Self.maximumByteCount {
      return nil
    } catch {
      throw .malformedHeader
    }
  }

  /// To be called when the file ends and `read` gave no header.
  public func finish() throws(EncryptedFileError) {
    throw buffer.count < FileHeader.magic.count ? .notAnEncryptedFile : .truncated
  }

  private static func header(_ reader: inout ByteReader) throws -> FileHeader {
    let network = try NetworkID(bytes: reader.lp(limit: 32))
    let certificateDigest = try Digest32(bytes: reader.lp(limit: 32))
    let policy = try reader.lp(limit: FileHeader.maximumPolicyByteCount)
    let dataKeyHash = try Digest32(bytes: reader.lp(limit: 32))
    let encapsulatedKey = try IdentityCiphertext(encoded: reader.lp(limit: FileHeader.encapsulatedKeyByteCount))
    let noncePrefix = try reader.lp(limit: FileHeader.noncePrefixByteCount)
    guard encapsulatedKey.encoded.count == FileHeader.encapsulatedKeyByteCount,
      encapsulatedKey.scheme == .proofOfPossession, noncePrefix.count == FileHeader.noncePrefixByteCount
    else { throw EncryptedFileError.malformedHeader }
    return FileHeader(
      network: network, certificateDigest: certificateDigest, policy: policy, dataKeyHash: dataKeyHash,
      encapsulatedKey: encapsulatedKey, noncePrefix: noncePrefix)
  }
}
