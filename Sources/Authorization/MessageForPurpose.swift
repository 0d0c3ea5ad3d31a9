import Identifiers
public import PublicKeys
import Transcripts
public import Wire

extension ContentToSign {
  /// The message the scheme of `purpose` signs; node and client compute it alike.
  ///
  /// BIP-340 signs 32 bytes: for taproot that is the SHA-256 of the framed content, and `raw` must be 32 bytes. Nil when
  /// the purpose cannot sign this content.
  public func message(for purpose: KeyPurpose) -> [UInt8]? {
    switch purpose {
    case .secp256k1ECDSA, .bls12381IBE: nil
    case .secp256k1Taproot:
      switch kind {
      case .raw: framed.count == 32 ? framed : nil
      case .message, .file: .some(Digest32.sha256(of: framed).bytes)
      }
    case .ed25519Sign, .ristretto255Sign, .secp256k1FROST: framed
    }
  }
}
