internal import Curves
internal import Identifiers
internal import Signatures

extension PartiallySignedTransaction {
  /// Puts signatures of ``digests(for:)``, in their order, into the inputs' final witnesses.
  ///
  /// - Parameter signatures: r ‖ s with low s for P2WPKH, the 64 bytes of BIP-340 for taproot.
  public func finishing(_ key: BitcoinKey, with signatures: [[UInt8]]) throws(PSBTError) -> Self {
    let digests = try digests(for: key)
    guard digests.count == signatures.count else { throw .signature }
    var finished = self
    for (digest, signature) in zip(digests, signatures) {
      let witness = try Self.witness(key, digest, signature)
      for types in PSBTField.Input.dropped { finished.inputMaps[digest.input].remove(types) }
      finished.inputMaps[digest.input].set(
        PSBTField.Input.finalWitness, BitcoinTransaction.encoded(witness: witness))
    }
    // BIP-370: a signature over everything leaves nothing to modify.
    if try finished.global.single(PSBTField.Global.modifiable) != nil {
      finished.global.set(PSBTField.Global.modifiable, [0])
    }
    return finished
  }

  private static func witness(
    _ key: BitcoinKey, _ digest: InputDigest, _ signature: [UInt8]
  ) throws(PSBTError) -> [[UInt8]] {
    switch key {
    case .witnessPublicKeyHash(let key):
      guard ECDSASecp256k1.isValid(signature: signature, digest: digest.digest, publicKey: key) else {
        throw .signature
      }
      return [DERSignature.encoded(signature) + [digest.type.rawValue], key.canonicalBytes]
    case .taproot(let key):
      guard BIP340.isValid(signature: signature, message: digest.digest.bytes, publicKey: key.xOnlyBytes) else {
        throw .signature
      }
      return [digest.type == .default ? signature : signature + [digest.type.rawValue]]
    }
  }

  /// The transaction, once every input has its final script or witness.
  public func extracted() throws(PSBTError) -> SignedBitcoinTransaction {
    var signed = transaction
    for (index, map) in inputMaps.enumerated() {
      let scriptSig = try map.single(PSBTField.Input.finalScriptSig)
      let witness = try map.single(PSBTField.Input.finalWitness)
      guard scriptSig != nil || witness != nil else { throw .notFinal }
      signed.inputs[index].scriptSig = scriptSig ?? []
      guard let witness else { continue }
      do { signed.inputs[index].witness = try BitcoinTransaction.witness(decoding: witness) } catch {
        throw .format(error)
      }
    }
    return SignedBitcoinTransaction(serialized: signed.encoded, id: Hex.encode(signed.id.reversed()))
  }
}

/// A transaction ready to be sent.
public struct SignedBitcoinTransaction: Sendable, Hashable {
  public let serialized: [UInt8]
  /// The transaction's name as it is shown: 64 hex digits.
  public let id: String
}

/// `SEQUENCE { r INTEGER, s INTEGER }` (BIP-66), as Bitcoin carries ECDSA signatures.
enum DERSignature {
  /// - Parameter signature: r ‖ s, 64 bytes.
  static func encoded(_ signature: [UInt8]) -> [UInt8] {
    let body = integer(signature.prefix(32)) + integer(signature.suffix(32))
    return [0x30, UInt8(truncatingIfNeeded: body.count)] + body
  }

  private static func integer(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var digits = Array(bytes.drop { $0 == 0 })
    if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
    return [0x02, UInt8(truncatingIfNeeded: digits.count)] + digits
  }
}
