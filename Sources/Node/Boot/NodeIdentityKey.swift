internal import Secrets
public import Signatures
public import Vault

/// A node's identity key, kept in its vault.
public enum NodeIdentityKey {
  /// Takes the key out of the vault; makes it there at the first call. The vault never replaces it.
  public static func open(in vault: Vault) async throws(NodeBootError) -> Ed25519SigningKey {
    do {
      if let seed = try await vault.identitySeed() { return try Ed25519SigningKey(seed: seed) }
      var random = SystemRandom()
      let key = Ed25519SigningKey(from: &random)
      try await vault.keepIdentitySeed(key.seed())
      return key
    } catch let error as VaultError {
      throw .vault(error)
    } catch {
      throw .identityKey
    }
  }
}

/// Why a node does not start. All of these are for its operator.
public enum NodeBootError: Error, Sendable, Hashable {
  case vault(VaultError)
  /// The vault's identity key is not one.
  case identityKey
  /// There is no evidence to be had: look at the attester and its credentials.
  case attestation(String)
  case registry(String)
  /// Something cannot be listened on.
  case listen(String)
  case configuration(String)
}
