import Curves
import Identifiers
import Secrets
import Transcripts

/// 128 base OTs: endemic OT (Masny–Rindal, ePrint 2019/706, section 5) over ristretto255, one message each way.
///
/// The receiver with choice c sends `r_c = a·G − H_c(r_{1−c})` beside a random `r_{1−c}`; the sender takes
/// `m_b = r_b + H_b(r_{1−b})` for a Diffie–Hellman key with its one `s·G` and hashes with the place of the OT and both
/// messages.
enum EndemicOT {
  static let count = OTParameters.columnCount
  static let receiverByteCount = 2 * count * Ristretto255.elementByteCount
  static let senderByteCount = Ristretto255.elementByteCount

  /// `H_b(r)`: into the group.
  static func mask(
    _ label: OTLabel, _ index: Int, side: borrowing SecretBytes, _ other: Ristretto255.Element
  ) -> Ristretto255.Element {
    var hash = SecretHash(.otElement)
    for field in label.fields { hash.append(field) }
    hash.append(UInt64(index).bigEndianBytes)
    hash.append(side)
    hash.append(other.canonicalBytes)
    return Ristretto255.Element(mapping: hash.finish())
  }

  static func key(
    _ label: OTLabel, _ index: Int, side: borrowing SecretBytes, messages: Digest32, _ shared: borrowing SecretBytes
  ) -> SecretBytes {
    var hash = SecretHash(.otKey)
    for field in label.fields { hash.append(field) }
    hash.append(messages.bytes)
    hash.append(UInt64(index).bigEndianBytes)
    hash.append(side)
    hash.append(shared)
    return hash.finish().prefix(OTParameters.keyByteCount)
  }

  static func digest(_ label: OTLabel, offer: [UInt8], pairs: [UInt8]) -> Digest32 {
    TaggedHash.sha256(.otMessages, label.fields + [offer, pairs])
  }
}

/// The receiver between its message and the sender's.
struct EndemicOTReceiver: ~Copyable {
  /// `r_0 ‖ r_1` of every OT.
  let message: [UInt8]
  private let label: OTLabel
  private let choices: SecretBytes
  private let exponents: [HeldExponent]

  private final class HeldExponent {
    let scalar: SecretScalar<Ristretto255>
    init(_ scalar: consuming SecretScalar<Ristretto255>) { self.scalar = scalar }
  }

  /// - Parameter choices: 16 bytes, one bit for each OT, least significant first.
  init(_ label: OTLabel, choices: borrowing SecretBytes, random: inout some RandomSource) {
    var message: [UInt8] = []
    message.reserveCapacity(EndemicOT.receiverByteCount)
    var exponents: [HeldExponent] = []
    for index in 0..<EndemicOT.count {
      let side = choices.bit(index)
      let exponent = SecretScalar<Ristretto255>.random(from: &random)
      let other = Ristretto255.Element(mapping: SecretBytes(count: 64, from: &random))
      let own = exponent.timesGenerator() - EndemicOT.mask(label, index, side: side, other)
      message += side.select(own.canonicalBytes, other.canonicalBytes)
      exponents.append(HeldExponent(exponent))
    }
    self.message = message
    self.label = label
    self.choices = choices.clone()
    self.exponents = exponents
  }

  /// One key of each pair.
  ///
  /// - Throws: ``MalformedOT`` unless the sender's message is a canonical element other than the identity.
  func finish(_ offer: [UInt8]) throws(MalformedOT) -> SecretKeys {
    guard let element = try? Ristretto255.Element(canonicalBytes: offer) else { throw MalformedOT() }
    let digest = EndemicOT.digest(label, offer: offer, pairs: message)
    var keys = SecretKeys(count: EndemicOT.count)
    for (index, exponent) in exponents.enumerated() {
      let shared = exponent.scalar.sharedSecret(with: element)
      let side = choices.bit(index)
      keys.set(index, to: EndemicOT.key(label, index, side: side, messages: digest, shared))
    }
    return keys
  }
}

/// The sender; its message does not depend on the receiver's.
struct EndemicOTSender: ~Copyable {
  /// `s·G`, the same for all OTs: the keys are hashed with their place.
  let message: [UInt8]
  private let label: OTLabel
  private let exponent: SecretScalar<Ristretto255>

  init(_ label: OTLabel, random: inout some RandomSource) {
    exponent = SecretScalar.random(from: &random)
    message = exponent.timesGenerator().canonicalBytes
    self.label = label
  }

  /// Both keys of each pair, the first of OT `i` at `2i`.
  ///
  /// - Throws: ``MalformedOT`` for a non-canonical element, the identity, and a pair that makes the identity.
  func finish(_ pairs: [UInt8]) throws(MalformedOT) -> SecretKeys {
    guard pairs.count == EndemicOT.receiverByteCount else { throw MalformedOT() }
    let digest = EndemicOT.digest(label, offer: message, pairs: pairs)
    let size = Ristretto255.elementByteCount
    var keys = SecretKeys(count: 2 * EndemicOT.count)
    for index in 0..<EndemicOT.count {
      let start = 2 * size * index
      guard let first = try? Ristretto255.Element(canonicalBytes: pairs[start..<start + size]),
        let second = try? Ristretto255.Element(canonicalBytes: pairs[start + size..<start + 2 * size])
      else { throw MalformedOT() }
      for (bit, (own, other)) in [(first, second), (second, first)].enumerated() {
        let side = SecretBytes(copying: [UInt8(bit)])
        let combined = own + EndemicOT.mask(label, index, side: side, other)
        guard !combined.isIdentity else { throw MalformedOT() }
        let shared = exponent.sharedSecret(with: combined)
        keys.set(2 * index + bit, to: EndemicOT.key(label, index, side: side, messages: digest, shared))
      }
    }
    return keys
  }
}

/// A message of a base OT that is none.
struct MalformedOT: Error {}
