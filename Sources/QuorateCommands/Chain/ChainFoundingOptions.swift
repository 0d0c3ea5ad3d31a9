import ArgumentParser
import ChainRegistry
import EthereumRPC
import Foundation
import Identifiers
import Membership
import SigningContent

/// What founders decide of a registry on a chain, for ever.
struct ChainFoundingOptions: ParsableArguments, Sendable {
  @Option(help: "Keep the registry in contracts on the chain with this id. DOCUMENT then says nothing of a registry.")
  var chain: UInt64?

  @Option(help: "On a chain: the address of the wallet that will deploy the contracts, which network verify checks.")
  var deployer: String?

  @Option(
    help: """
      On a chain: the nonce of the deployer's next transaction, of which the contracts' addresses follow. (default: \
      what the endpoints say)
      """)
  var nonce: UInt64?

  @Option(help: "On a chain: how long a ballot is open, in seconds. (default: 259200, three days)")
  var window: UInt64?

  @Option(help: "On a chain: how long before it counts new code is announced, in seconds. (default: 86400, a day)")
  var notice: UInt64?

  @Option(
    help: """
      On a chain: how long stake that leaves can be slashed, in seconds; at least two windows. (default: 1209600, two weeks)
      """)
  var unstakeDelay: UInt64?

  @Option(help: "On a chain: what a key costs while it has a record, such as 0.002eth. (default: 0.001eth)")
  var keyDeposit: String?

  @Option(
    help: """
      On a chain: how many blocks must lie on a block before it counts. Blocks that deep must never be replaced: every \
      reader would stop for good. 0 in development networks alone.
      """)
  var finalityDepth: UInt64?

  @Option(help: "On a chain: how old its newest block may be, in seconds.")
  var headAge: Int?

  @Option(
    help: """
      On a chain: the file that lists its endpoints. (default: $QUORATE_ENDPOINTS, or endpoints.json beside the \
      network.json)
      """)
  var endpoints: String?

  /// - Returns: nil for a registry that DOCUMENT places itself.
  func place(
    besideFile out: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) async throws(CommandFailure) -> FoundedPlace? {
    guard let chain else {
      let others: [Any?] = [
        deployer, nonce, window, notice, unstakeDelay, keyDeposit, finalityDepth, headAge, endpoints,
      ]
      guard others.allSatisfy({ $0 == nil }) else {
        throw CommandFailure(.badInput, "these options are for a registry on a chain", advice: "name it with --chain")
      }
      return nil
    }
    guard let deployer = try deployer.map({ (text) throws(CommandFailure) in try WalletText.address(text) }) else {
      throw CommandFailure(
        .badInput, "the contracts' addresses follow from who deploys them", advice: "add --deployer 0x…")
    }
    guard let finalityDepth, let headAge else {
      throw CommandFailure(
        .badInput, "a chain needs --finality-depth and --head-age",
        advice: "how deep its blocks are final, and how far apart they are, is for you to know")
    }
    let contracts = try CompiledContracts.read()
    let file = endpoints ?? environment.named(EndpointFile.variable)
    let next: UInt64
    if let nonce {
      next = nonce
    } else {
      next = try await Self.nextNonce(
        of: deployer, on: chain, EndpointFile.read(file ?? EndpointFile.path(beside: out)))
    }
    var terms = try contracts.terms(
      on: chain, deployer: deployer, nonce: next, finalityDepth: finalityDepth, headAgeSeconds: headAge)
    if let window { terms.window = window }
    if let notice { terms.notice = notice }
    if let unstakeDelay { terms.unstakeDelay = unstakeDelay }
    if let keyDeposit { terms.keyDeposit = try CoinAmount.ether(keyDeposit).decimal }
    return FoundedPlace(terms: terms, deployer: deployer, nonce: next)
  }

  private static func nextNonce(
    of deployer: WalletAddress, on chain: UInt64, _ list: EndpointList
  ) async throws(CommandFailure) -> UInt64 {
    let endpoints: EndpointSet
    do {
      endpoints = try EndpointSet(
        list, rules: ChainRules(chainID: chain, finalityDepth: 0, headAgeLimit: .zero), clock: SystemClock())
    } catch {
      throw CommandFailure(chainRegistry: error)
    }
    let nonces: AccountNonces
    do { nonces = try await TransactionSender(endpoints).nonces(of: deployer) } catch {
      throw CommandFailure(chain: error)
    }
    guard !nonces.hasWaiting else { throw CommandFailure(deployment: .transactionsWait) }
    return nonces.afterBlocks
  }
}

/// Contracts that are not there yet, and the transaction with which they begin.
struct FoundedPlace: Sendable {
  let terms: ChainRegistryTerms
  let deployer: WalletAddress
  let nonce: UInt64
}
