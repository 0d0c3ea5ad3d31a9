import ArgumentParser
import ChainRegistry
import EthereumChain
import Foundation
import Identifiers
import Membership
import Signatures
import Wire

struct EndSessionsCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "end-sessions", abstract: "Have every node refuse all sessions a wallet has begun.",
    discussion: """
      Whoever stole the key of a session can use it no longer. Sessions that begin afterwards count. The moment is kept \
      in the registry; on a chain it costs the deposit, until --forget takes it off, two days later at the earliest: no \
      session lives so long.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var signer: SigningWalletOptions
  @OptionGroup var transaction: TransactionOptions

  @Flag(help: "On a chain: take the moment off again.")
  var forget = false

  func run(_ console: Console) async throws {
    let home = common.homeFolder
    let network = try await networkOptions.open(home)
    network.warn(console)
    let who = try transaction.signer { () throws(CommandFailure) in try signer.open(home) }
    // What begins within this second counts no more.
    let moment = SystemClock().wall.adding(seconds: 1)
    guard let chain = network.chain else {
      guard !forget, case .here(let wallet) = who else {
        throw CommandFailure(.refused, "the registry of this network is a file", advice: "sign here, and only forward")
      }
      let snapshot = try await network.writer.append(
        .notBefore(wallet: wallet.address, moment), to: network.id, signedBy: [wallet])
      Sessions(home: home, clock: SystemClock()).remove(of: wallet.address, network.id)
      console.result(json(moment, snapshot.number)) { text(moment) }
      return
    }
    let hasOne = try network.snapshot().notBefore(of: who.address) != nil
    let order = try chain.order(transaction) { (orders) throws(ABIError) in
      forget ? try orders.clearNotBefore() : try orders.notBefore(moment, hasOne: hasOne)
    }
    let submission = Submission(chain: chain, options: transaction, console: console)
    let purpose = forget ? "Take the moment off before which sessions end." : "End all sessions of this wallet."
    let outcome = try await submission.submit(order, by: who, for: purpose)
    Sessions(home: home, clock: SystemClock()).remove(of: who.address, network.id)
    submission.report(outcome, forget ? [] : [JSONMember("notBefore", .string(moment.text))]) { _, _ in
      forget ? "Done." : text(moment)
    }
  }

  private func json(_ moment: Timestamp, _ number: UInt64) -> JSONValue {
    .object([JSONMember("notBefore", .string(moment.text)), JSONMember("number", JSONValue(number))])
  }

  private func text(_ moment: Timestamp) -> String { "sessions begun before \(moment.text) count no more" }
}
