import Curves
import Identifiers
public import PublicKeys
import Transcripts
public import Wire

extension ContentToSign {
  /// The message the scheme of `purpose` signs where the content alone decides it: `message`, `file` and `raw`.
  ///
  /// BIP-340 and ECDSA sign 32 bytes: for taproot and ECDSA that is the SHA-256 of the framed content, and `raw` must be
  /// 32 bytes. Nil when the purpose cannot sign this content.
  public func message(for purpose: KeyPurpose) -> [UInt8]? {
    guard let framed else { return nil }
    switch purpose {
    case .bls12381IBE: return nil
    case .secp256k1Taproot: return digest
    // A signature of a digest of zero modulo the order can be turned into others.
    case .secp256k1ECDSA:
      guard let digest, let scalar = try? Secp256k1.Scalar(reducing: digest), !scalar.isZero else { return nil }
      return digest
    case .ed25519Sign, .ristretto255Sign, .secp256k1FROST: return framed
    }
  }

  private var digest: [UInt8]? {
    switch kind {
    case .raw: framed?.count == 32 ? framed : nil
    case .message, .file: framed.map { Digest32.sha256(of: $0).bytes }
    case .eip191, .eip712, .transaction, .psbt: nil
    }
  }
}
