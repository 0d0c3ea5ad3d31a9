public import Identifiers
public import Membership
public import Signatures
public import Wire

extension SIWEMessage {
  /// The message a wallet signs to let a session key act for it; the client's side of ``CapabilityRules``.
  ///
  /// - Parameters:
  ///   - sessionKey: Ed25519 public key, 32 bytes.
  ///   - nonce: at least eight letters and digits, fresh for every capability.
  ///   - expiresAt: at most a day after `issuedAt`, or nodes refuse it.
  public static func capability(
    founding: FoundingDocument, wallet: WalletAddress, sessionKey: [UInt8], reCap: ReCap, nonce: String,
    issuedAt: Timestamp, expiresAt: Timestamp
  ) -> SIWEMessage {
    SIWEMessage(
      domain: founding.domain, address: wallet, statement: reCap.statement,
      uri: CapabilityRules.uri(network: founding.network, sessionKey: sessionKey), chainID: founding.chainID,
      nonce: nonce, issuedAt: SIWETime(issuedAt), expirationTime: SIWETime(expiresAt), resources: [reCap.resource])
  }

  /// Signs with a wallet at hand.
  public func signed(by wallet: EthereumSigningKey) throws(CapabilitySigningError) -> Capability {
    let text = text
    guard wallet.address == address, let signature = try? wallet.signMessage(Array(text.utf8)),
      let capability = try? Capability(siwe: text, signature: signature)
    else { throw CapabilitySigningError() }
    return capability
  }
}

/// The wallet is not the one the message names, or cannot sign.
public struct CapabilitySigningError: Error, Sendable, Hashable {}
