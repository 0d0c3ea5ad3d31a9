public import Curves
public import Identifiers
internal import Signatures

/// A key that can sign content, with the scheme it is used in.
public enum ContentKey: Sendable, Hashable {
  case ecdsa(Secp256k1.Element)
  case taproot(Secp256k1.Element)

  public var bitcoin: BitcoinKey {
    switch self {
    case .ecdsa(let key): .witnessPublicKeyHash(key)
    case .taproot(let key): .taproot(key)
    }
  }

  /// Nil for a taproot key, which has no Ethereum account.
  public var ethereumAddress: WalletAddress? {
    switch self {
    case .ecdsa(let key): try? WalletAddress(publicKey: key)
    case .taproot: nil
    }
  }
}
