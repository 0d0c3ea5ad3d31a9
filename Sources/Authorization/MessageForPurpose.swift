import Identifiers
public import PublicKeys
import Transcripts
public import Wire

extension ContentToSign {
  /// The message the scheme of `purpose` signs where the content alone decides it: `message`, `file` and `raw`.
  ///
  /// BIP-340 signs 32 bytes: for taproot that is the SHA-256 of the framed content, and `raw` must be 32 bytes. Nil when
  /// the purpose cannot sign this content.
  public func message(for purpose: KeyPurpose) -> [UInt8]? {
    guard let framed else { return nil }
    switch purpose {
    case .secp256k1ECDSA, .bls12381IBE: return nil
    case .secp256k1Taproot:
      guard kind == .raw else { return Digest32.sha256(of: framed).bytes }
      return framed.count == 32 ? framed : nil
    case .ed25519Sign, .ristretto255Sign, .secp256k1FROST: return framed
    }
  }
}
