import Identifiers
import Transcripts

/// The one message of an extension, from its receiver: a fresh salt, the corrections that make every small-field VOLE
/// use the same choice bits, and the consistency check.
struct OTExtensionMessage: Sendable, Hashable {
  static let saltByteCount = 32

  /// Enters the expansion of the seeds, so that two runs under one session id have nothing in common.
  let salt: [UInt8]
  /// `c_i`, one column for each block.
  let corrections: [UInt64]
  /// `x`, the hash of the choice bits: 128 bits.
  let choiceHash: [UInt64]
  /// `t`, the hash of the receiver's columns: 128 rows of 128 bits.
  let rowHashes: [UInt64]

  static func byteCount(_ shape: ExtensionShape, _ parameters: OTParameters = .standard) -> Int {
    saltByteCount + parameters.blockCount * shape.columnBytes + 16 + 16 * OTParameters.columnCount
  }

  init(salt: [UInt8], corrections: [UInt64], choiceHash: [UInt64], rowHashes: [UInt64]) {
    self.salt = salt
    self.corrections = corrections
    self.choiceHash = choiceHash
    self.rowHashes = rowHashes
  }

  /// `salt ‖ c ‖ x ‖ t`.
  var encoded: [UInt8] {
    salt + corrections.littleEndianBytes + choiceHash.littleEndianBytes + rowHashes.littleEndianBytes
  }

  /// - Throws: `ByteReaderError` unless it is exactly as long as a message of this shape.
  init(
    encoded: [UInt8], _ shape: ExtensionShape, _ parameters: OTParameters = .standard
  ) throws(ByteReaderError) {
    var reader = ByteReader(encoded)
    salt = try reader.raw(Self.saltByteCount)
    corrections = [UInt64](littleEndianBytes: try reader.raw(parameters.blockCount * shape.columnBytes))
    choiceHash = [UInt64](littleEndianBytes: try reader.raw(16))
    rowHashes = [UInt64](littleEndianBytes: try reader.raw(16 * OTParameters.columnCount))
    try reader.finish()
  }

  /// The nonce of every expansion of this run.
  static func nonce(_ label: OTLabel, salt: [UInt8]) -> [UInt8] {
    Array(TaggedHash.sha256(.otExpansion, label.fields + [salt]).bytes.prefix(SeedExpansion.nonceByteCount))
  }
}
