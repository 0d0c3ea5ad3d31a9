import Crypto
import Curves
import Identifiers
import Secrets
import Transcripts

/// Everything that fixes one multiplication, hashed: label, both salts and the receiver's message. Keys every hash
/// that follows, so that not the session id alone keeps runs apart.
struct MultiplicationRun: Sendable, Hashable {
  static let saltByteCount = 32

  let key: Digest32

  init(_ label: OTLabel, _ message: OTExtensionMessage, senderSalt: [UInt8]) {
    key = TaggedHash.sha256(.multiplication, label.fields + [message.encoded, senderSalt])
  }

  /// `θ = H(transcript of ã)`, one scalar for each input.
  func challenge(_ corrections: [UInt8]) -> ScalarVector {
    let digest = TaggedHash.sha256(.multiplicationTranscript, [key.bytes, corrections])
    var challenge = ScalarVector(count: ECDSAParameters.inputCount)
    for index in 0..<ECDSAParameters.inputCount {
      let input = TaggedHash.encoding(.multiplicationChallenge, [digest.bytes, UInt64(index).bigEndianBytes])
      let scalar = Secp256k1.hashToScalar(input, domain: Domain.multiplicationChallenge.bytes)
      challenge.set(index, to: SecretScalar(scalar))
    }
    return challenge
  }

  /// The hash over all `μ`, which are secret until it is known that both parties have the same.
  func check(_ values: borrowing ScalarVector) -> Digest32 {
    var hash = SHA256()
    hash.update(data: TaggedHash.encoding(.multiplicationCheck, [key.bytes]))
    let length = UInt32(values.count * ECDSAParameters.scalarByteCount)
    hash.update(data: length.bigEndianBytes)
    unsafe values.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    return Digest32(unchecked: Array(hash.finalize()))
  }
}
