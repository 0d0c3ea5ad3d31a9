public import Secrets

extension Vault {
  private static let identityAddress = RowAddress(.identityKey)

  /// The seed of the node's identity key, 32 bytes, or nil before the first boot.
  public func identitySeed() throws(VaultError) -> SecretBytes? {
    guard let seed = try read(Self.identityAddress) else { return nil }
    guard seed.count == 32 else { throw .rowRefused(Self.identityAddress, .malformed) }
    return seed
  }

  /// Keeps the seed made at the first boot. An identity is never replaced: a lost one means registering anew.
  public func keepIdentitySeed(_ seed: borrowing SecretBytes) throws(VaultError) {
    guard addresses(of: .identityKey).isEmpty else { throw .alreadyThere(Self.identityAddress) }
    guard seed.count == 32 else { throw .rowRefused(Self.identityAddress, .malformed) }
    try write(seed, at: Self.identityAddress)
  }
}
