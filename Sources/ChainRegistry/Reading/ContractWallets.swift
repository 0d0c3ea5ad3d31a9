public import EthereumRPC
public import Identifiers
import Membership
public import Wire

extension ChainRegistry {
  /// What a wallet's contract says of a signature at a block that a user named (EIP-1271).
  ///
  /// - Returns: nil where the block is none to judge at: not part of this chain, still to come, or too long ago, see
  ///   ``EthereumRPC/EndpointSet/isKept(_:under:)`` and ``EthereumRPC/EndpointSet/isRecent(_:under:)``.
  public func contractWallet(
    _ wallet: WalletAddress, signed digest: Digest32, _ signature: [UInt8], at block: BlockReference
  ) async -> ContractWalletVerdict? {
    // While the registry itself cannot be read, endpoints are not kept busy with anything else.
    if let trouble { return .undecided(trouble) }
    guard let latest = currentBlock, let chain = current?.chain else { return .undecided(.notObtainable) }
    do throws(ChainTrouble) {
      guard try await isPart(block, of: chain, latest) else { return nil }
    } catch {
      return .undecided(error)
    }
    return await endpoints.contractWallet(wallet, signed: digest, signature, at: block.hash)
  }

  /// Of blocks that were read it is known; endpoints are asked about others.
  private func isPart(
    _ block: BlockReference, of chain: ChainPosition, _ latest: AgreedBlock
  ) async throws(ChainTrouble) -> Bool {
    guard let known = chain.recentBlocks.first(where: { $0.number == block.number }) else {
      return try await endpoints.block(block.number, hash: block.hash, under: latest) != nil
    }
    return known.hash == block.hash
      && (block.number == latest.number
        || EndpointSet.isKept(block.number, under: latest) && EndpointSet.isRecent(known.moment, under: latest))
  }
}
