public import Identifiers
public import Membership
import Signatures
public import Wire

/// A signature that only a contract can judge (EIP-1271): `isValidSignature(digest, signature)` of the wallet's, at a
/// block.
///
/// The request names the block, so every node judges at the same one, whatever the contract says later.
public struct ContractSignature: Sendable, Hashable {
  public let wallet: WalletAddress
  /// What a key would have signed: EIP-191 of the capability's text.
  public let digest: Digest32
  public let signature: [UInt8]
  public let block: BlockReference

  init(_ capability: Capability, of wallet: WalletAddress, at block: BlockReference) {
    self.wallet = wallet
    digest = EIP191.digest(Array(capability.siwe.utf8))
    signature = capability.signature
    self.block = block
  }

  /// Nil for a capability that a key signed, and for one that is not readable.
  public init?(_ capability: Capability) {
    guard let block = capability.block, let message = try? SIWEMessage(parsing: capability.siwe) else { return nil }
    self.init(capability, of: message.address, at: block)
  }
}

extension FoundingDocument {
  /// Whether contracts can be this network's users.
  ///
  /// EIP-4361: the chain id of the text says where contract accounts are to be resolved, and nodes know no other chain
  /// than that of the registry. And they ask at blocks that count, of which ordinary nodes of that chain must still have
  /// the state.
  public var asksContracts: Bool {
    guard case .chain(let terms) = registry else { return false }
    return terms.chainID == chainID && terms.finalityDepth <= Self.deepestAsked
  }

  /// In blocks: of the 128 whose state is kept, some are left for those named a little earlier.
  private static let deepestAsked: UInt64 = 100
}

/// What a contract was found to say of one signature.
public struct ContractFinding: Sendable, Hashable {
  public let signature: ContractSignature
  public let isValid: Bool

  public init(_ signature: ContractSignature, isValid: Bool) {
    self.signature = signature
    self.isValid = isValid
  }
}
