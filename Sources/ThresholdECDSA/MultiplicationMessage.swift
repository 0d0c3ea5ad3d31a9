import Curves
import Identifiers

/// What the sender of a multiplication gives the receiver (ePrint 2023/765, protocol 5.2).
struct MultiplicationMessage: Sendable, Hashable {
  static let byteCount = correctionByteCount + ECDSAParameters.scalarByteCount + Digest32Kind.byteCount

  static let correctionByteCount =
    ECDSAParameters.choiceCount * ECDSAParameters.width * ECDSAParameters.scalarByteCount

  /// `ã`: for each choice bit the sender's inputs and its check element on top of the OT's one message, under its other.
  let corrections: [UInt8]
  /// `η`
  let response: [UInt8]
  /// One hash over all `μ`.
  let check: Digest32

  init(corrections: [UInt8], response: [UInt8], check: Digest32) {
    self.corrections = corrections
    self.response = response
    self.check = check
  }

  /// `ã ‖ η ‖ H(μ)`.
  var encoded: [UInt8] { corrections + response + check.bytes }

  /// - Throws: `ByteReaderError` or `IdentifierError` unless it is as long as a message.
  init(reading reader: inout ByteReader) throws {
    corrections = try reader.raw(Self.correctionByteCount)
    response = try reader.raw(ECDSAParameters.scalarByteCount)
    check = try Digest32(bytes: reader.raw(Digest32Kind.byteCount))
  }
}
