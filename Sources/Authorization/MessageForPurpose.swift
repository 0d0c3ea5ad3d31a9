import Curves
import Identifiers
public import PublicKeys
import Transcripts
public import Wire

extension ContentToSign {
  /// The message the scheme of `purpose` signs; node and client compute it alike.
  ///
  /// BIP-340 and ECDSA sign 32 bytes: for taproot and ECDSA that is the SHA-256 of the framed content, and `raw` must be
  /// 32 bytes. Nil when the purpose cannot sign this content.
  public func message(for purpose: KeyPurpose) -> [UInt8]? {
    switch purpose {
    case .bls12381IBE: nil
    case .secp256k1Taproot: digest
    // A signature of a digest of zero modulo the order can be turned into others.
    case .secp256k1ECDSA:
      digest.flatMap { digest in (try? Secp256k1.Scalar(reducing: digest))?.isZero == false ? digest : nil }
    case .ed25519Sign, .ristretto255Sign, .secp256k1FROST: framed
    }
  }

  private var digest: [UInt8]? {
    switch kind {
    case .raw: framed.count == 32 ? framed : nil
    case .message, .file: Digest32.sha256(of: framed).bytes
    }
  }
}
