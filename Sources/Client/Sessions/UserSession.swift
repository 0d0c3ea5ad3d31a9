public import Authorization
public import Identifiers
public import Membership
public import Secrets
public import Signatures
public import Wire

/// A session key and what the user's wallet lets it do, for at most a day.
public struct UserSession: Sendable {
  /// Nodes refuse capabilities that live longer.
  public static let longestLifetime: Int64 = 24 * 3600

  public let key: Ed25519SigningKey
  public let capability: Capability
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
    let key = Ed25519SigningKey(from: &random)
    let expiresAt = now.adding(seconds: min(lifetime, Self.longestLifetime))
    do {
      let message = SIWEMessage.capability(
        founding: founding, wallet: wallet.address, sessionKey: key.publicKey, reCap: try ReCap(grants),
        nonce: Hex.encode(random.bytes(16)), issuedAt: now, expiresAt: expiresAt)
      capability = try message.signed(by: wallet)
    } catch {
      throw .session(.signing)
    }
    self.key = key
    self.network = founding.network
    self.wallet = wallet.address
    self.grants = grants
    issuedAt = now
    self.expiresAt = expiresAt
  }

  /// Takes up a session that was kept. What it may do is read from the signed text.
  public init(key: Ed25519SigningKey, capability: Capability, network: NetworkID) throws(ClientError) {
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
}
