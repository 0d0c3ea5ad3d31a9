internal import EthereumChain
public import Identifiers
internal import SigningContent
internal import Wire

/// What a contract that is somebody's wallet says of a signature (EIP-1271).
public enum ContractWalletVerdict: Sendable, Hashable {
  case valid
  /// It says anything else or too much, fails, or there is no contract.
  case invalid
  /// Nobody knows: too few endpoints said the same. Neither a yes nor a no may be made of this.
  case undecided(ChainTrouble)
}

extension EndpointSet {
  /// `isValidSignature(bytes32,bytes)` and the word it gives for yes.
  private static let isValidSignature = ContractFunction(
    "isValidSignature(bytes32,bytes)", [.bytes32, .bytes(limit: WireLimits.contractSignature)],
    returns: [.fixedBytes(4)])

  /// More than a word and less than would cost anybody something, in bytes.
  private static let walletAnswerLimit = 1 << 10

  /// What such a call may cost. A contract sees its gas, so every node gives the same.
  public static let walletGas: UInt64 = 3_000_000

  /// Judges a signature at one block, where every node that asks gets the same answer: a wallet may answer otherwise a
  /// block later.
  ///
  /// - Parameter block: the hash of one that was agreed on.
  public func contractWallet(
    _ wallet: WalletAddress, signed digest: Digest32, _ signature: [UInt8], at block: Digest32
  ) async -> ContractWalletVerdict {
    guard let call = try? Self.isValidSignature.callData([.digest(digest), .bytes(signature)]) else { return .invalid }
    do throws(ChainTrouble) {
      let outcome = try await agreedCall(
        wallet, call, gas: Self.walletGas, at: PinnedBlock(hash: block), limit: Self.walletAnswerLimit, for: .stranger)
      // The whole first word, as contracts compare it; what follows it means nothing.
      let yes = Self.isValidSignature.selector.bytes + [UInt8](repeating: 0, count: 28)
      guard case .returned(let bytes) = outcome, bytes.starts(with: yes) else { return .invalid }
      return .valid
    } catch {
      return .undecided(error)
    }
  }
}
