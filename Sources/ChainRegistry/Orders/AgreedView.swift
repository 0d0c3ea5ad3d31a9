import EthereumChain
import EthereumRPC
import Identifiers
import Membership

extension ChainRegistry {
  private static let viewGas: UInt64 = 10_000_000

  /// What the endpoints agree on that a view of a contract gives, at the block of the present view.
  ///
  /// For tools. Nothing proves how code runs, so nodes act on what is under the contracts' digests alone.
  func agreedView<Value>(
    _ contract: KeyPath<ChainRegistryTerms, WalletAddress>, _ call: [UInt8]?,
    _ read: ([UInt8]) throws(ABIError) -> Value
  ) async throws(ChainTrouble) -> Value {
    guard case .chain(let terms) = founding.registry, let call else { throw .notARegistry("call") }
    guard let block = currentBlock else { throw trouble ?? .notObtainable }
    guard
      case .returned(let answer) = try await endpoints.agreedCall(
        terms[keyPath: contract], call, gas: Self.viewGas, at: block)
    else { throw .notARegistry("call") }
    do { return try read(answer) } catch { throw .notARegistry("view") }
  }
}
