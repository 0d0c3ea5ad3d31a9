internal import EthereumChain
public import Identifiers
public import SigningContent
internal import Wire

/// Makes transactions of orders, and brings signed ones onto the chain. It signs nothing: keys stay with their owners.
public struct TransactionSender: Sendable {
  let endpoints: EndpointSet

  /// How much more gas than estimated a transaction may use: the state may change until it runs.
  private static let gasMargin: UInt64 = 4
  private static let pollInterval = Duration.milliseconds(500)

  public init(_ endpoints: EndpointSet) { self.endpoints = endpoints }

  /// An EIP-1559 transaction, ready to be signed.
  ///
  /// Of what endpoints say of nonce, money, gas and fees the median counts, the lower one of two: while most of those that
  /// answer are honest it lies among honest answers, and otherwise a liar makes nobody pay more.
  ///
  /// - Parameter nonce: of the sender's next transaction, where the caller knows it better.
  public func prepare(
    _ order: TransactionOrder, from sender: WalletAddress, nonce: UInt64? = nil
  ) async throws(SendingFailure) -> EthereumTransaction {
    let nonces = await endpoints.ask { (endpoint, _) throws(RPCFailure) in
      try await endpoint.transactionCount(of: sender)
    }
    let balance = try median(
      await endpoints.ask { (endpoint, _) throws(RPCFailure) in try await endpoint.balance(of: sender) }.map(\.value))
    // Endpoints do not estimate what the sender cannot pay for.
    guard order.value <= balance else { throw .notEnoughMoney(needed: order.value, has: balance) }
    let heads = await endpoints.ask { (endpoint, _) throws(RPCFailure) in try await endpoint.latestHeader() }
    let tips = await endpoints.ask { (endpoint, _) throws(RPCFailure) in try await endpoint.priorityFee() }
    let gases = await endpoints.ask { (endpoint, _) throws(RPCFailure) -> UInt64? in
      do throws(RPCFailure) { return try await endpoint.gas(for: order, from: sender) } catch {
        guard case .said(let said) = error, said.isRevert else { throw error }
        return nil
      }
    }
    let gas = gases.compactMap(\.value)
    if gases.count - gas.count >= endpoints.rule.needed { throw .wouldRevert }
    let base = try median(heads.map { $0.value.baseFee ?? .zero })
    let tip = try median(tips.map(\.value))
    let limit = try median(gas)
    // The base fee doubles in six blocks at most.
    guard let maximum = base.multiplied(by: 2)?.adding(tip), limit < 1 << 32 else { throw .invalid(.outOfRange) }
    let next: UInt64
    if let nonce { next = nonce } else { next = try median(nonces.map(\.value)) }
    let transaction: EthereumTransaction
    do {
      transaction = try EthereumTransaction(
        chainID: endpoints.rules.chainID, nonce: next, fees: .capped(priority: tip, maximum: maximum),
        gasLimit: limit + limit / Self.gasMargin, to: order.to, value: order.value, data: order.data)
    } catch {
      throw .invalid(error)
    }
    guard transaction.maximumFee <= order.maximumFee else { throw .tooExpensive(transaction.maximumFee) }
    guard let total = order.value.adding(transaction.maximumFee) else { throw .invalid(.outOfRange) }
    guard total <= balance else { throw .notEnoughMoney(needed: total, has: balance) }
    return transaction
  }

  private func median<Value: Comparable>(_ values: [Value]) throws(SendingFailure) -> Value {
    guard values.count >= endpoints.rule.needed else {
      throw .chain(.tooFewEndpoints(answered: values.count, needed: endpoints.rule.needed))
    }
    return values.sorted()[(values.count - 1) / 2]
  }

  /// Gives a signed transaction to every endpoint; one that takes it is enough.
  public func send(_ transaction: SignedEthereumTransaction) async throws(SendingFailure) {
    let hash = transaction.hash
    let taken = await endpoints.ask { (endpoint, _) throws(RPCFailure) in
      guard try await endpoint.send(transaction) == hash else { throw .malformed(.invalid("result")) }
      return true
    }
    // Who has it already refuses it.
    guard taken.isEmpty else { return }
    guard try await receipt(of: hash) != nil else { throw .notAccepted }
  }

  /// What the rule's count of endpoints say became of it; nil while it is in no block they all have.
  public func receipt(of hash: Digest32) async throws(SendingFailure) -> TransactionReceipt? {
    let answers = await endpoints.ask { (endpoint, _) throws(RPCFailure) in try await endpoint.receipt(of: hash) }
    guard answers.count >= endpoints.rule.needed else {
      throw .chain(.tooFewEndpoints(answered: answers.count, needed: endpoints.rule.needed))
    }
    return endpoints.agreed(answers)?.value
  }

  /// Waits until it is in a block that enough endpoints have, under as many others as the chain's rules ask for.
  public func wait(
    for hash: Digest32, atMost patience: Duration
  ) async throws(SendingFailure) -> TransactionReceipt {
    let deadline = endpoints.clock.monotonicNow() + patience
    while true {
      if let receipt = try await receipt(of: hash), try await isDeep(receipt) { return receipt }
      guard endpoints.clock.monotonicNow() < deadline,
        (try? await endpoints.clock.sleep(for: Self.pollInterval)) != nil
      else { throw .notMined }
    }
  }

  private func isDeep(_ receipt: TransactionReceipt) async throws(SendingFailure) -> Bool {
    do {
      let agreed = try await endpoints.agreeOnBlock(after: nil)
      guard agreed.number >= receipt.blockNumber else { return false }
      // A receipt is an endpoint's word; that its block is on the chain is checked.
      return try await endpoints.block(receipt.blockNumber, hash: receipt.blockHash, under: agreed) != nil
    } catch {
      throw .chain(error)
    }
  }
}
