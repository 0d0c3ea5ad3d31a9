public import Identifiers
public import PublicKeys
public import Wire

/// Who may do what with one key, as its owner's wallet signed it.
public struct KeyRecord: Sendable, Hashable {
  /// Derived from network, purpose, owner and salt; never read from anywhere.
  public let key: KeyID
  public let purpose: KeyPurpose
  public let owner: WalletAddress
  /// Tells the owner's keys of one purpose apart, 16 … 32 bytes.
  public let salt: [UInt8]
  /// What is allowed; a kind that is not listed is refused.
  public let kinds: Set<SigningKind>
  /// Who may; the owner is not among them unless listed.
  public let wallets: Set<WalletAddress>

  public static let saltByteCounts = 16...32
  public static let walletLimit = 64

  /// - Throws: ``FormatError/invalid(_:)`` for a purpose nothing is signed under, or a salt or list out of bounds.
  public init(
    network: NetworkID, purpose: KeyPurpose, owner: WalletAddress, salt: [UInt8], kinds: Set<SigningKind>,
    wallets: Set<WalletAddress>
  ) throws(FormatError) {
    guard purpose != .bls12381IBE else { throw .invalid("purpose") }
    guard Self.saltByteCounts.contains(salt.count) else { throw .invalid("salt") }
    guard wallets.count <= Self.walletLimit else { throw .invalid("wallets") }
    key = KeyID.derive(network: network, purpose: purpose, owner: owner, salt: salt)
    self.purpose = purpose
    self.owner = owner
    self.salt = salt
    self.kinds = kinds
    self.wallets = wallets
  }
}
