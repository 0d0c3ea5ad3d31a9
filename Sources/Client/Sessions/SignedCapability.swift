import Authorization
public import Wire

/// What a wallet signed for a session key: the part of a capability that is the same in every request.
public struct SignedCapability: Sendable, Hashable {
  /// The exact EIP-4361 text.
  public let siwe: String
  public let signature: [UInt8]
  /// Whether the wallet is a contract, whose word at a recent block counts (EIP-1271): the signature is not one of the
  /// key that the text's address would be of.
  public let isContracts: Bool

  /// - Throws: ``ClientError/session(_:)`` for what fits into no request.
  public init(siwe: String, signature: [UInt8]) throws(ClientError) {
    guard let message = try? SIWEMessage(parsing: siwe), siwe.utf8.count <= WireLimits.capability,
      (1...WireLimits.contractSignature).contains(signature.count)
    else { throw .session(.capability) }
    self.siwe = siwe
    self.signature = signature
    isContracts = !message.isSigned(signature, text: siwe)
  }

  /// For one request.
  ///
  /// - Parameter block: where a contract is asked; not used for a key's signature.
  public func forRequest(at block: BlockReference?) throws(ClientError) -> Capability {
    if isContracts, block == nil { throw .session(.contractWithoutChain) }
    do {
      return try Capability(siwe: siwe, signature: signature, block: isContracts ? block : nil)
    } catch {
      throw .session(.capability)
    }
  }
}
