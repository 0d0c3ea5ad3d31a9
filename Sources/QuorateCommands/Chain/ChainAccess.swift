import ChainRegistry
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Signatures
import SigningContent

/// The chain a network's registry is on: read for what is there, and given transactions of wallets at hand.
struct ChainAccess: Sendable {
  let registry: ChainRegistry
  let terms: ChainRegistryTerms
  let clock: any LocalClock
  /// How long a transaction is waited for.
  var patience = Duration.seconds(180)

  private static let pollInterval = Duration.milliseconds(200)

  /// How long a block is waited for to count: as many more have to come as the network asks for, and between two of them
  /// there is no more time than its newest block may be old.
  var settlingPatience: Duration {
    patience + .seconds(terms.headAgeSeconds) * Int(clamping: terms.finalityDepth)
  }

  var sender: TransactionSender { TransactionSender(registry.endpoints) }

  /// Has everything sent side by side, each by its wallet, and returns when all of it is in blocks.
  ///
  /// - Throws: for the first that is refused, fails or is not taken up in time.
  @discardableResult
  func send(
    _ orders: [(EthereumSigningKey, TransactionOrder)]
  ) async throws(CommandFailure) -> [TransactionReceipt] {
    var hashes: [Digest32] = []
    var nonces: [WalletAddress: UInt64] = [:]
    do throws(SendingFailure) {
      for (wallet, order) in orders {
        let transaction = try await sender.prepare(order, from: wallet.address, nonce: nonces[wallet.address])
        nonces[wallet.address] = transaction.nonce + 1
        let signed: SignedEthereumTransaction
        do { signed = try transaction.signed(by: wallet) } catch { throw .invalid(error) }
        try await sender.send(signed)
        hashes.append(signed.hash)
      }
      var receipts: [TransactionReceipt] = []
      for hash in hashes {
        let receipt = try await receipt(of: hash)
        guard receipt.succeeded else { throw .wouldRevert }
        receipts.append(receipt)
      }
      return receipts
    } catch {
      throw CommandFailure(sending: error)
    }
  }

  /// Waits until the transaction is in a block.
  func receipt(of hash: Digest32) async throws(SendingFailure) -> TransactionReceipt {
    let deadline = clock.monotonicNow() + patience
    while true {
      if let receipt = try await sender.receipt(of: hash) { return receipt }
      guard clock.monotonicNow() < deadline, (try? await clock.sleep(for: Self.pollInterval)) != nil else {
        throw .notMined
      }
    }
  }

  /// Waits until the block counts: until the view here is at least that new. While there is no view the chain is in
  /// trouble, and has no more than the ordinary patience.
  func settle(_ receipts: [TransactionReceipt]) async throws(CommandFailure) -> MembershipSnapshot {
    let wanted = receipts.map(\.blockNumber).max() ?? 0
    let deadline = clock.monotonicNow() + settlingPatience
    var troubleDeadline = clock.monotonicNow() + patience
    while true {
      var limit = min(deadline, troubleDeadline)
      if let snapshot = registry.current, let block = snapshot.chain?.block {
        if block.number >= wanted { return snapshot }
        limit = deadline
        troubleDeadline = clock.monotonicNow() + patience
      }
      guard !registry.isStopped, clock.monotonicNow() < limit,
        (try? await clock.sleep(for: Self.pollInterval)) != nil
      else {
        throw CommandFailure(chain: registry.trouble ?? .notObtainable)
      }
    }
  }
}

extension CommandFailure {
  /// Why the chain says nothing now.
  init(chain trouble: ChainTrouble) {
    let advice = "look at your list of endpoints"
    switch trouble {
    case .tooFewEndpoints(let answered, let needed):
      self.init(
        .networkUnavailable, "\(needed) endpoints of the chain must say the same, and \(answered) answer",
        advice: advice)
    case .disagreement:
      self.init(.networkNotTrusted, "the endpoints contradict each other, so none is believed", advice: advice)
    case .behind, .standsStill:
      self.init(.networkUnavailable, "the chain stands still, or its news do not get here", advice: advice)
    case .clockAhead(let seconds):
      self.init(
        .networkUnavailable, "the chain's time is \(seconds) s ahead of this machine's", advice: "correct the clock")
    case .historyChanged(let number):
      self.init(
        .networkNotTrusted, "block \(number) of the chain was final and is gone",
        advice: "do not use this network until you know why")
    case .notObtainable:
      self.init(.networkUnavailable, "no endpoint gives what the chain holds in full", advice: advice)
    case .notARegistry("code"):
      self.init(
        .networkNotTrusted, "where this network's contracts belong lies nothing, or other code",
        advice: "is the founding document yours, and were they deployed? quorate network deploy")
    case .notARegistry(let part):
      self.init(
        .networkNotTrusted, "what the chain holds is not this network's registry (\(part))",
        advice: "is the founding document yours?")
    }
  }

  init(sending failure: SendingFailure) {
    switch failure {
    case .chain(let trouble): self.init(chain: trouble)
    case .wouldRevert:
      self.init(
        .refused, "the contract refuses this",
        advice: "docs/chain.md says who may do what; quorate stake status shows where the wallet stands")
    case .tooExpensive(let fee):
      self.init(
        .refused, "it would cost up to \(fee.decimal(inUnitsOf: 18)) ether", advice: "allow more with --max-cost")
    case .notEnoughMoney(let needed, let has):
      self.init(
        .refused,
        "this may take \(needed.decimal(inUnitsOf: 18)) ether, and the wallet has \(has.decimal(inUnitsOf: 18))",
        advice: "give the wallet some of the chain's money")
    case .invalid(let error): self.init(.internalFault, "the transaction is not one: \(error)")
    case .notAccepted:
      self.init(.networkUnavailable, "no endpoint took the transaction", advice: "look at your list of endpoints")
    case .notMined:
      self.init(
        .networkUnavailable, "the transaction is in no block yet", advice: "look again later; do not send it twice")
    }
  }
}
