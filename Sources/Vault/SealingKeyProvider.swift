public import Secrets

/// Where the key comes from that seals a vault: a TEE's derived key, or a file in development.
///
/// The key must be the same after a restart of the same software on the same machine and unknown to everyone else.
public protocol SealingKeyProvider: Sendable {
  /// 32 bytes.
  func sealingKey() throws(VaultError) -> SecretBytes
}
