import Curves
import Identifiers
import Rounds
import Transcripts

/// Round 1, to all: a commitment to `R_i`, and the digest of what this signer was asked to sign.
struct NonceAnnouncement: RoundMessage {
  static var round: UInt8 { 1 }
  static func byteLimit(in context: SessionContext) -> Int { HashCommitment.byteCount + Digest32Kind.byteCount }

  let commitment: HashCommitment
  let agreement: Digest32

  init(commitment: HashCommitment, agreement: Digest32) {
    self.commitment = commitment
    self.agreement = agreement
  }

  var encoded: [UInt8] { commitment.digest.bytes + agreement.bytes }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    do {
      var reader = ByteReader(encoded)
      commitment = HashCommitment(digest: try Digest32(bytes: reader.raw(HashCommitment.byteCount)))
      agreement = try Digest32(bytes: reader.raw(Digest32Kind.byteCount))
      try reader.finish()
    } catch {
      throw MalformedMessage("nonce announcement")
    }
  }
}

/// Round 1, to one: which set-up this signer uses with the other, and its part as receiver of the multiplication.
struct MultiplicationOpening: RoundMessage {
  static var round: UInt8 { 1 }

  static func byteLimit(in context: SessionContext) -> Int {
    Digest32Kind.byteCount + OTExtensionMessage.byteCount(.multiplication)
  }

  let setup: Digest32
  let message: OTExtensionMessage

  init(setup: Digest32, message: OTExtensionMessage) {
    self.setup = setup
    self.message = message
  }

  var encoded: [UInt8] { setup.bytes + message.encoded }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    do {
      var reader = ByteReader(encoded)
      setup = try Digest32(bytes: reader.raw(Digest32Kind.byteCount))
      message = try OTExtensionMessage(
        encoded: reader.raw(OTExtensionMessage.byteCount(.multiplication)), .multiplication)
      try reader.finish()
    } catch {
      throw MalformedMessage("OT extension")
    }
  }
}

/// Round 2, to one: this signer's part as sender of the multiplication, the check values, and the opening of `R_i`.
struct MultiplicationReply: RoundMessage {
  static var round: UInt8 { 2 }

  private static let byteCount =
    MultiplicationRun.saltByteCount + MultiplicationMessage.byteCount + 4 * Secp256k1.elementByteCount
    + Secp256k1.scalarByteCount + HashCommitment.blindingByteCount

  static func byteLimit(in context: SessionContext) -> Int { byteCount }

  let salt: [UInt8]
  let message: MultiplicationMessage
  /// `Γ^u`, the output for the nonce times the generator.
  let nonceOutput: Secp256k1.Element
  /// `Γ^v`, the output for the key share times the generator.
  let keyOutput: Secp256k1.Element
  /// `ψ`
  let masked: Secp256k1.Scalar
  /// `R_i` and what its commitment was blinded with.
  let noncePoint: Secp256k1.Element
  let blinding: [UInt8]
  /// `pk_i`
  let keyPoint: Secp256k1.Element

  init(
    salt: [UInt8], message: MultiplicationMessage, nonceOutput: Secp256k1.Element, keyOutput: Secp256k1.Element,
    masked: Secp256k1.Scalar, noncePoint: Secp256k1.Element, blinding: [UInt8], keyPoint: Secp256k1.Element
  ) {
    self.salt = salt
    self.message = message
    self.nonceOutput = nonceOutput
    self.keyOutput = keyOutput
    self.masked = masked
    self.noncePoint = noncePoint
    self.blinding = blinding
    self.keyPoint = keyPoint
  }

  /// `salt ‖ ã ‖ η ‖ H(μ) ‖ Γ^u ‖ Γ^v ‖ ψ ‖ R ‖ blinding ‖ pk`.
  var encoded: [UInt8] {
    salt + message.encoded + nonceOutput.canonicalBytes + keyOutput.canonicalBytes + masked.canonicalBytes
      + noncePoint.canonicalBytes + blinding + keyPoint.canonicalBytes
  }

  init(encoded: [UInt8], in context: SessionContext) throws(MalformedMessage) {
    do {
      var reader = ByteReader(encoded)
      salt = try reader.raw(MultiplicationRun.saltByteCount)
      message = try MultiplicationMessage(reading: &reader)
      nonceOutput = try Self.point(&reader)
      keyOutput = try Self.point(&reader)
      masked = try Secp256k1.Scalar(canonicalBytes: reader.raw(Secp256k1.scalarByteCount))
      noncePoint = try Self.point(&reader)
      blinding = try reader.raw(HashCommitment.blindingByteCount)
      keyPoint = try Self.point(&reader)
      try reader.finish()
    } catch {
      throw MalformedMessage("multiplication")
    }
  }

  /// Canonical, on the curve, not the identity.
  private static func point(_ reader: inout ByteReader) throws -> Secp256k1.Element {
    try Secp256k1.Element(canonicalBytes: reader.raw(Secp256k1.elementByteCount))
  }
}
