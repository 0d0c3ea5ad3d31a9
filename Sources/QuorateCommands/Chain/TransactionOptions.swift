import ArgumentParser
import ChainRegistry
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Signatures
import SigningContent
import Wire

/// How a transaction to a network's contracts is signed and paid for.
struct TransactionOptions: ParsableArguments, Sendable {
  @Flag(name: .customLong("print"), help: "On a chain: print the transaction for a wallet elsewhere, and send nothing.")
  var isPrinted = false

  @Option(help: "With --print: the address that will sign it.")
  var from: String?

  @Option(help: "On a chain: the most a transaction may cost beside its value.")
  var maxCost = "0.1eth"

  @Flag(help: "Sign without being asked.")
  var yes = false

  enum Signer {
    case here(EthereumSigningKey)
    case elsewhere(WalletAddress)

    var address: WalletAddress {
      switch self {
      case .here(let key): key.address
      case .elsewhere(let address): address
      }
    }
  }

  /// - Parameter open: gets the key of a wallet at hand.
  func signer(_ open: () throws(CommandFailure) -> EthereumSigningKey) throws(CommandFailure) -> Signer {
    guard isPrinted else {
      guard from == nil else {
        throw CommandFailure(.badInput, "--from goes with --print", advice: "a wallet at hand: --wallet, --wallet-file")
      }
      return .here(try open())
    }
    guard let from else {
      throw CommandFailure(.badInput, "--print needs the address that will sign", advice: "add --from 0x…")
    }
    return .elsewhere(try WalletText.address(from))
  }

  var maximumFee: UInt256 {
    get throws(CommandFailure) { try CoinAmount.ether(maxCost) }
  }
}

/// A transaction that one wallet shall send.
struct Submission {
  let chain: ChainAccess
  let options: TransactionOptions
  let console: Console

  enum Outcome {
    /// For a wallet elsewhere: what EIP-1193's `eth_sendTransaction` takes.
    case printed(JSONValue)
    /// It is in a block that counts.
    case entered(MembershipSnapshot, TransactionReceipt)
  }

  /// - Parameter purpose: one line that says what signing this means.
  func submit(
    _ order: TransactionOrder, by signer: TransactionOptions.Signer, for purpose: String
  ) async throws -> Outcome {
    switch signer {
    case .elsewhere(let address):
      return .printed(Self.json(order, from: address, chainID: chain.terms.chainID))
    case .here(let key):
      try confirm(order, by: key.address, for: purpose)
      let receipts = try await chain.send([(key, order)])
      if let block = receipts.first?.blockNumber, chain.terms.finalityDepth > 0 {
        console.notice("It is in block \(block), which counts when \(chain.terms.finalityDepth) lie on it.")
      }
      let snapshot = try await chain.settle(receipts)
      guard let receipt = receipts.first else { throw CommandFailure(.internalFault, "nothing was sent") }
      return .entered(snapshot, receipt)
    }
  }

  /// Shows what would be signed, and asks.
  func confirm(_ order: TransactionOrder, by wallet: WalletAddress, for purpose: String) throws(CommandFailure) {
    console.notice(
      """
      \(purpose)
        chain  \(chain.terms.chainID)
        to     \(order.to?.checksumText ?? "a new contract")
        value  \(order.value.decimal(inUnitsOf: 18)) ether

      """)
    try Confirmation(console: console, isGiven: options.yes).require("Sign this as \(wallet.checksumText)?")
  }

  /// Shows what became of it.
  func report(_ outcome: Outcome, _ members: [JSONMember] = [], text: (MembershipSnapshot, VoteCount?) -> String) {
    switch outcome {
    case .printed(let transaction):
      console.result(.object(members + [JSONMember("transaction", transaction)])) {
        String(decoding: transaction.serialized, as: UTF8.self)
      }
    case .entered(let snapshot, let receipt):
      let count = VoteCount(in: receipt, chain.terms)
      let ballot =
        count.map { [JSONMember("votes", JSONValue($0.votes)), JSONMember("votesNeeded", JSONValue($0.needed))] } ?? []
      let standing = [
        JSONMember("block", JSONValue(receipt.blockNumber)), JSONMember("gasUsed", JSONValue(receipt.gasUsed)),
        JSONMember("number", JSONValue(snapshot.number)),
      ]
      console.result(.object(members + standing + ballot)) { text(snapshot, count) }
    }
  }

  /// For a wallet elsewhere: what EIP-1193's `eth_sendTransaction` takes.
  ///
  /// - Parameter nonce: where it may be no other.
  static func json(
    _ order: TransactionOrder, from: WalletAddress, chainID: UInt64, nonce: UInt64? = nil
  ) -> JSONValue {
    .object(
      [JSONMember("from", .text(from))] + (order.to.map { [JSONMember("to", .text($0))] } ?? [])
        + [
          JSONMember("value", .string(HexText.write(order.value))),
          JSONMember("data", .string(HexText.write(order.data))),
          JSONMember("chainId", .string(HexText.write(chainID))),
        ] + (nonce.map { [JSONMember("nonce", .string(HexText.write($0)))] } ?? []))
  }
}

extension CoinAmount {
  /// An amount of ether, in wei.
  static func ether(_ text: String) throws(CommandFailure) -> UInt256 {
    let amount = try CoinAmount(text)
    guard amount.coin == .ether else {
      throw CommandFailure(.badInput, "\(text) is no amount of ether", advice: "such as 1.5eth or 20gwei")
    }
    return amount.smallest
  }

  /// An amount of stake, which contracts count in whole gwei.
  static func gwei(_ text: String) throws(CommandFailure) -> UInt64 {
    let wei = try ether(text).decimal
    guard wei.hasSuffix(String(repeating: "0", count: 9)), let gwei = UInt64(wei.dropLast(9)), gwei > 0,
      gwei <= UInt64(JSONValue.largestInteger)
    else {
      throw CommandFailure(.badInput, "\(text) is no whole number of gwei", advice: "such as 1.5eth or 20gwei")
    }
    return gwei
  }

  static func text(gwei: UInt64) -> String {
    (UInt256(gwei).multiplied(by: 1_000_000_000) ?? .zero).decimal(inUnitsOf: 18) + " ether"
  }
}

extension LocalNetwork {
  /// Refuses what only a file takes.
  func requireFile() throws(CommandFailure) {
    guard chain == nil else {
      throw CommandFailure(
        .refused, "the registry of this network is on a chain, where stakers vote by transactions",
        advice: "quorate vote --help")
    }
  }

  /// The chain, for what only a chain takes.
  func requireChain(advice: String) throws(CommandFailure) -> ChainAccess {
    guard let chain else {
      throw CommandFailure(
        .refused, "the registry of this network is a file, which takes no transactions", advice: advice)
    }
    return chain
  }
}

extension CommandFailure {
  /// For orders out of what the commands checked before.
  init(order error: ABIError) { self.init(.badInput, "the contract takes no such values (\(error))") }
}
