public import ActionNames
public import Identifiers
public import PublicKeys
public import SigningContent
public import Wire

/// Who may do what with one key, as its owner's wallet signed it.
public struct KeyRecord: Sendable, Hashable {
  /// Derived from network, purpose, owner and salt; never read from anywhere.
  public let key: KeyID
  public let purpose: KeyPurpose
  public private(set) var owner: WalletAddress
  /// Who made the key, and whom its id derives from. The owner, but for keys that were handed on.
  public let creator: WalletAddress
  /// Tells the owner's keys of one purpose apart, 16 … 32 bytes.
  public let salt: [UInt8]
  /// What is allowed; a kind that is not listed is refused.
  public let kinds: Set<SigningKind>
  /// Who may; the owner is not among them unless listed.
  public let wallets: Set<WalletAddress>
  /// Actions that may, whoever runs them. Kinds and constraints hold for them as for everybody.
  public let actions: Set<ActionID>
  /// What signatures may say; nil where nothing but the kind is limited.
  public let constraints: ContentConstraints?

  public static let saltByteCounts = 16...32
  public static let walletLimit = 64
  public static let actionLimit = 64

  /// - Parameter constraints: describe every kind listed and no other, so that `message`, `file` and `raw`, which nodes
  ///   do not read, are never allowed beside them.
  /// - Throws: ``FormatError/invalid(_:)`` for a purpose nothing is signed under, a salt or list out of bounds, a kind
  ///   the purpose's keys do not sign, or constraints of other kinds.
  public init(
    network: NetworkID, purpose: KeyPurpose, owner: WalletAddress, salt: [UInt8], kinds: Set<SigningKind>,
    wallets: Set<WalletAddress>, actions: Set<ActionID> = [], constraints: ContentConstraints? = nil
  ) throws(FormatError) {
    guard purpose != .bls12381IBE else { throw .invalid("purpose") }
    guard kinds.allSatisfy(purpose.signs) else { throw .invalid("kinds") }
    if let constraints {
      guard !kinds.isEmpty, constraints.describedKinds == kinds, constraints.areReadable else {
        throw .invalid("constraints")
      }
    }
    guard Self.saltByteCounts.contains(salt.count) else { throw .invalid("salt") }
    guard wallets.count <= Self.walletLimit else { throw .invalid("wallets") }
    guard actions.count <= Self.actionLimit else { throw .invalid("actions") }
    key = KeyID.derive(network: network, purpose: purpose, owner: owner, salt: salt)
    self.purpose = purpose
    self.owner = owner
    creator = owner
    self.salt = salt
    self.kinds = kinds
    self.wallets = wallets
    self.actions = actions
    self.constraints = constraints
  }
}

extension KeyRecord {
  /// The same record of a key that belongs to another wallet now.
  package func owned(by owner: WalletAddress) -> KeyRecord {
    var record = self
    record.owner = owner
    return record
  }
}

extension KeyPurpose {
  /// Whether keys of this purpose sign content of this kind.
  public func signs(_ kind: SigningKind) -> Bool {
    switch kind {
    case .message, .file, .raw: isSigning
    case .eip191, .eip712, .transaction: self == .secp256k1ECDSA
    case .psbt: self == .secp256k1ECDSA || self == .secp256k1Taproot
    }
  }
}
