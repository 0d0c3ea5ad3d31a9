public import EthereumRPC
public import Identifiers
public import Wire

extension ChainRegistry {
  /// What a wallet's contract says of a signature at a block that a user named (EIP-1271).
  ///
  /// - Returns: nil where the block is none to judge at: not part of this chain, still to come, or too long ago, see
  ///   ``EthereumRPC/EndpointSet/pastBlockLimit`` and ``EthereumRPC/EndpointSet/pastTimeLimit``.
  public func contractWallet(
    _ wallet: WalletAddress, signed digest: Digest32, _ signature: [UInt8], at block: BlockReference
  ) async -> ContractWalletVerdict? {
    guard let current = currentBlock else { return .undecided(.notObtainable) }
    do throws(ChainTrouble) {
      guard let named = try await endpoints.block(block.number, hash: block.hash, under: current) else { return nil }
      return await endpoints.contractWallet(wallet, signed: digest, signature, at: named)
    } catch {
      return .undecided(error)
    }
  }
}
