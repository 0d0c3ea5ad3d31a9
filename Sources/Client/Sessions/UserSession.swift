public import Authorization
public import Identifiers
public import Membership
public import Secrets
public import Signatures

/// A session key and what the user's wallet lets it do, for at most a day.
public struct UserSession: Sendable {
  /// Nodes refuse capabilities that live longer.
  public static let longestLifetime: Int64 = 24 * 3600

  public let key: Ed25519SigningKey
  public let capability: SignedCapability
  public let network: NetworkID
  public let wallet: WalletAddress
  public let grants: Set<Grant>
  public let issuedAt: Timestamp
  public let expiresAt: Timestamp

  /// Makes a session key and has the wallet sign what it may do.
  ///
  /// - Parameters:
  ///   - grants: as few as the work needs; the wallet's user sees each of them.
  ///   - lifetime: in seconds, at most ``longestLifetime``.
  public init(
    wallet: EthereumSigningKey, founding: FoundingDocument, grants: Set<Grant>, lifetime: Int64, now: Timestamp,
    from random: inout some RandomSource
  ) throws(ClientError) {
    let draft = try Draft(
      wallet: wallet.address, founding: founding, grants: grants, lifetime: lifetime, now: now, from: &random)
    guard let signature = try? wallet.signMessage(Array(draft.text.utf8)) else { throw .session(.signing) }
    self = try draft.signed(signature)
  }

  /// Takes up a session that was kept. What it may do is read from the signed text.
  public init(key: Ed25519SigningKey, capability: SignedCapability, network: NetworkID) throws(ClientError) {
    guard let message = try? SIWEMessage(parsing: capability.siwe), let resource = message.resources?.first,
      let reCap = try? ReCap(resource: resource), let expiration = message.expirationTime
    else { throw .session(.capability) }
    self.key = key
    self.capability = capability
    self.network = network
    wallet = message.address
    grants = reCap.grants
    issuedAt = message.issuedAt.moment
    expiresAt = expiration.moment
  }

  /// Whether the session serves for all of this, for the next `margin` seconds.
  public func covers(_ wanted: Set<Grant>, in network: NetworkID, at now: Timestamp, margin: Int64 = 300) -> Bool {
    self.network == network && wanted.isSubset(of: grants) && issuedAt <= now
      && now.adding(seconds: margin) < expiresAt
  }

  /// A session key whose capability the wallet has not signed yet: for wallets that are elsewhere, and for those that
  /// are contracts.
  public struct Draft: Sendable {
    private let key: Ed25519SigningKey
    private let network: NetworkID
    private let asksContracts: Bool
    /// What the wallet is to sign, as EIP-191 has it or as its contract wants it.
    public let text: String

    /// - Parameters:
    ///   - wallet: of a key, or a contract on the chain the registry is on.
    ///   - lifetime: in seconds, at most ``UserSession/longestLifetime``.
    public init(
      wallet: WalletAddress, founding: FoundingDocument, grants: Set<Grant>, lifetime: Int64, now: Timestamp,
      from random: inout some RandomSource
    ) throws(ClientError) {
      let reCap: ReCap
      do { reCap = try ReCap(grants) } catch { throw .session(.signing) }
      key = Ed25519SigningKey(from: &random)
      network = founding.network
      asksContracts = founding.asksContracts
      text =
        SIWEMessage.capability(
          founding: founding, wallet: wallet, sessionKey: key.publicKey, reCap: reCap,
          nonce: Hex.encode(random.bytes(16)), issuedAt: now,
          expiresAt: now.adding(seconds: min(lifetime, longestLifetime))
        ).text
    }

    /// - Parameter signature: of a key 65 bytes, r ‖ s ‖ v; of a contract whatever it takes.
    public func signed(_ signature: [UInt8]) throws(ClientError) -> UserSession {
      let capability = try SignedCapability(siwe: text, signature: signature)
      guard asksContracts || !capability.isContracts else { throw .session(.contractWithoutChain) }
      return try UserSession(key: key, capability: capability, network: network)
    }
  }
}
