import IdentityEncryption
import Identifiers

extension FuzzTarget {
  /// Files that somebody else encrypted.
  static let encryptionTargets: [FuzzTarget] = [
    .exact("ciphertext", decode: { try IdentityCiphertext(encoded: $0) }, encode: { $0.encoded }),
    FuzzTarget("file-header") { bytes in
      var reader = FileHeaderReader()
      guard let (header, rest) = try reader.read(bytes) else {
        try reader.finish()
        throw BrokenPromise("a file that ends within its header is refused")
      }
      try require(header.encoded + rest == bytes, "header and rest are what was read")
      // The same file in two pieces, cut where its own bytes say.
      let cut = Int(header.dataKeyHash.bytes[0]) % header.encoded.count
      var again = FileHeaderReader()
      try require(
        try again.read(Array(bytes.prefix(cut))) == nil && again.read(Array(bytes.dropFirst(cut)))?.header == header,
        "two pieces have the same header")
    },
  ]
}
