import ArgumentParser
import ChainRegistry
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Signatures
import Wire

struct StakeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stake", abstract: "Stake of a network whose registry is on a chain.",
    discussion: """
      Who votes and whose node is spoken to has at least the network's minimum stake in its contract. Transactions are \
      signed by the staker's wallet on this machine, or printed for one elsewhere (--print --from 0x…).
      """,
    subcommands: [Status.self, Add.self, Unstake.self, Withdraw.self])

  static let fileAdvice = "the stakers sign stakes into a file: quorate network propose --kind members"

  struct Status: ConsoleCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a staker's stake, place on the list and registration.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions
    @OptionGroup var signer: SigningWalletOptions

    @Argument(help: "The staker's address; left out: the wallet's.")
    var staker: String?

    func run(_ console: Console) async throws {
      let network = try await networkOptions.open(common.homeFolder)
      network.warn(console)
      let chain = try network.requireChain(advice: StakeCommand.fileAdvice)
      let address = if let staker { try WalletText.address(staker) } else { try signer.open(common.homeFolder).address }
      let account: StakingAccount
      let votes: (toDecide: UInt64, toPause: UInt64)
      do throws(ChainTrouble) {
        account = try await chain.registry.account(of: address)
        votes = try await chain.registry.votesNeeded()
      } catch {
        throw CommandFailure(chain: error)
      }
      let snapshot = try network.snapshot()
      let registration = account.registration
      console.result(
        .object([
          JSONMember("staker", .text(address)), JSONMember("stake", JSONValue(account.stake)),
          JSONMember("leaving", JSONValue(account.leaving)),
          JSONMember("withdrawableAt", account.leaving > 0 ? .string(account.withdrawableAt.text) : .null),
          JSONMember("listed", .bool(account.isListed)), JSONMember("minimumStake", JSONValue(snapshot.minimumStake)),
          JSONMember("registered", .bool(registration != nil)),
          JSONMember("identityKey", registration.map { .base64URL($0.identityKey) } ?? .null),
          JSONMember("peer", registration.map { .string($0.peerEndpoint.text) } ?? .null),
          JSONMember("client", registration.map { .string($0.clientEndpoint.text) } ?? .null),
          JSONMember("votesToDecide", JSONValue(votes.toDecide)), JSONMember("votesToPause", JSONValue(votes.toPause)),
        ])
      ) {
        let leaving =
          account.leaving > 0
          ? "\(CoinAmount.text(gwei: account.leaving)), from \(account.withdrawableAt.text) on" : "nothing"
        return """
          staker      \(address.checksumText)
          stake       \(CoinAmount.text(gwei: account.stake)), at least \(CoinAmount.text(gwei: snapshot.minimumStake)) counts
          leaving     \(leaving)
          a member    \(account.isListed ? "yes" : "no")
          registered  \(registration.map { "\($0.peerEndpoint), \($0.clientEndpoint)" } ?? "no, or not proved")
          votes       \(votes.toDecide) decide, \(votes.toPause) pause
          """
      }
    }
  }

  struct Add: ConsoleCommand {
    static let configuration = CommandConfiguration(abstract: "Put money of the wallet's into its stake.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions
    @OptionGroup var signer: SigningWalletOptions
    @OptionGroup var transaction: TransactionOptions

    @Argument(help: "How much, such as 2eth; whole gwei.")
    var amount: String

    func run(_ console: Console) async throws {
      let gwei = try CoinAmount.gwei(amount)
      try await StakeCommand.order(self, "Put \(CoinAmount.text(gwei: gwei)) into the stake.", console) {
        orders, _, _ in try orders.stake(gwei: gwei)
      }
    }
  }

  struct Unstake: ConsoleCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take money out of the stake; it can be withdrawn after the network's delay.",
      discussion: "Until then it can still be slashed. A member keeps at least the minimum until it left.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions
    @OptionGroup var signer: SigningWalletOptions
    @OptionGroup var transaction: TransactionOptions

    @Argument(help: "How much, such as 2eth; whole gwei.")
    var amount: String

    func run(_ console: Console) async throws {
      let gwei = try CoinAmount.gwei(amount)
      try await StakeCommand.order(self, "Take \(CoinAmount.text(gwei: gwei)) out of the stake.", console) {
        orders, _, _ in try orders.unstake(gwei: gwei)
      }
    }
  }

  struct Withdraw: ConsoleCommand {
    static let configuration = CommandConfiguration(abstract: "Have what was unstaked paid out.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions
    @OptionGroup var signer: SigningWalletOptions
    @OptionGroup var transaction: TransactionOptions

    @Option(help: "To whom; left out: to the wallet itself.")
    var to: String?

    func run(_ console: Console) async throws {
      let to = try self.to.map { (text) throws(CommandFailure) in try WalletText.address(text) }
      try await StakeCommand.order(self, "Have what was unstaked paid out.", console) {
        orders, wallet, _ in try orders.withdraw(to: to ?? wallet)
      }
    }
  }

  /// One transaction to the contract of stakes.
  ///
  /// - Parameter make: the order, of orders of this network, for the wallet that will sign.
  static func order(
    _ command: some StakingCommand, _ purpose: String, _ console: Console,
    _ make: (StakingOrders, WalletAddress, LocalNetwork) async throws -> TransactionOrder
  ) async throws {
    let home = command.common.homeFolder
    let network = try await command.networkOptions.open(home)
    network.warn(console)
    let chain = try network.requireChain(advice: fileAdvice)
    let signer = try command.transaction.signer { () throws(CommandFailure) in try command.signer.open(home) }
    let orders = StakingOrders(chain.terms, maximumFee: try command.transaction.maximumFee)
    let order: TransactionOrder
    do {
      order = try await make(orders, signer.address, network)
    } catch let error as ABIError {
      throw CommandFailure(order: error)
    }
    let submission = Submission(chain: chain, options: command.transaction, console: console)
    let outcome = try await submission.submit(order, by: signer, for: purpose)
    submission.report(outcome) { snapshot, count in
      guard let count else { return "Done. The registry is at change \(snapshot.number)." }
      return count.decides
        ? "Decided by \(count.votes) votes. The registry is at change \(snapshot.number)."
        : "\(count.votes) of \(count.needed) votes; the others have to vote for the very same."
    }
  }
}

/// A command that is one transaction to the contract of stakes.
protocol StakingCommand: ConsoleCommand {
  var networkOptions: NetworkOptions { get }
  var signer: SigningWalletOptions { get }
  var transaction: TransactionOptions { get }
}

extension StakeCommand.Add: StakingCommand {}
extension StakeCommand.Unstake: StakingCommand {}
extension StakeCommand.Withdraw: StakingCommand {}
