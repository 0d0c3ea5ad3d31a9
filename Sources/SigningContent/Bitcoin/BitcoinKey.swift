public import Curves

/// A key that owns bitcoin, with the one kind of output it spends.
public enum BitcoinKey: Sendable, Hashable {
  /// ECDSA, pay to witness public key hash (BIP-141).
  case witnessPublicKeyHash(Secp256k1.Element)
  /// BIP-340, pay to taproot, spent by the key path (BIP-341).
  ///
  /// The output key *is* the key, by its x-coordinate. BIP-341 advises to tweak it with the hash of an empty script tree,
  /// so that participants of a multi-party key cannot hide a script path in it; a key made by this network's key
  /// generation has no such path, since no member chose it, and its signers sign untweaked.
  case taproot(Secp256k1.Element)

  /// What an output's script must be for this key to spend it.
  public var script: [UInt8] {
    switch self {
    case .witnessPublicKeyHash(let key): [0x00, 20] + BitcoinHash.hash160(key.canonicalBytes)
    case .taproot(let key): [0x51, 32] + key.xOnlyBytes
    }
  }

  public func address(on network: BitcoinNetwork) -> String {
    switch self {
    case .witnessPublicKeyHash(let key):
      Bech32.segwitText(version: 0, program: BitcoinHash.hash160(key.canonicalBytes), network: network)
    case .taproot(let key): Bech32.segwitText(version: 1, program: key.xOnlyBytes, network: network)
    }
  }
}
