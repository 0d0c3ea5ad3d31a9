import ActionNames
import ArgumentParser
import ChainRegistry
import Client
import EthereumChain
import Identifiers
import Membership
import PublicKeys
import Secrets
import Signatures
import SigningContent
import Wire

struct KeyCreateCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a key and say who may have it sign what.",
    discussion: """
      The key follows from the network's root keys and the key's id; no node ever has it. What it may be used for is \
      a record in the registry that your wallet signs. "raw" lets it sign any bytes untouched, so it can sign anything.

      With limits (--chain-id, --to, --max-value, …) every node refuses what is outside of them. They go with \
      transaction, eip191, eip712 (ecdsa keys) and psbt (ecdsa and taproot keys).
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions

  @Option(name: [.long, .customLong("purpose")], help: "ed25519, ristretto255, secp256k1, taproot or ecdsa.")
  var scheme: SigningScheme = .ed25519

  @Option(help: "What it may sign, with commas: message, file, raw, eip191, eip712, transaction, psbt.")
  var allow = "message,file"

  @OptionGroup(title: "Limits") var limits: ConstraintOptions

  @Option(help: "How to write Bitcoin addresses: mainnet, testnet or regtest.")
  var bitcoinNetwork = BitcoinNetworkOption.mainnet

  @Option(name: .customLong("for"), help: "Another wallet's address that may use it; may be repeated.")
  var others: [String] = []

  @Option(name: .customLong("action"), help: "An action that may use it, by its id, whoever runs it; may be repeated.")
  var actions: [String] = []

  @Option(help: "What to call it on this machine.")
  var name: String?

  @Option(help: "The wallet that owns it, by its name.")
  var wallet: String?

  @OptionGroup var transaction: TransactionOptions
  @OptionGroup var rights: KeyRightsOptions

  func run(_ console: Console) async throws {
    let user = try await UserContext(common, networkOptions, console)
    let owner = try transaction.signer { () throws(CommandFailure) in try ownerWallet(user.home, console).key }
    let name = try self.name.map { (name) throws(CommandFailure) in try ChosenName.check(name) }
    if let name, try user.names.all()[name] != nil {
      throw CommandFailure(.alreadyExists, "there is a key called \(name) already", advice: "choose another --name")
    }
    let kinds = try SigningKinds.parse(allow)
    if let kind = kinds.sorted(by: { $0.rawValue < $1.rawValue }).first(where: { !scheme.purpose.signs($0) }) {
      throw CommandFailure(
        .badInput, "\(scheme.rawValue) keys do not sign \(kind.rawValue)",
        advice: "make an ecdsa key, or for psbt a taproot key")
    }
    let constraints = try limits.constraints(for: kinds)
    let creation = KeyCreation(user: user, owner: owner.address)
    let record = try creation.record(
      scheme.purpose, kinds: kinds,
      wallets: try Set(others.map { (text) throws(CommandFailure) in try WalletText.address(text) }),
      actions: try Set(actions.map { (text) throws(CommandFailure) in try ActionFile.id(text) }),
      constraints: constraints)
    switch try await enter(record, owner, user, console) {
    case .printed(let transaction):
      if let name { try user.names.name(record.key, name) }
      await user.client.close()
      console.result(.object([JSONMember("key", .text(record.key)), JSONMember("transaction", transaction)])) {
        "key \(record.key), once this is sent:\n\(String(decoding: transaction.serialized, as: UTF8.self))"
      }
    case .entered(let number):
      let publicKey = try await creation.wait(for: record, number)
      if let name { try user.names.name(record.key, name) }
      await user.client.close()
      let description = KeyDescription(
        record: record, name: name, publicKey: publicKey, bitcoin: bitcoinNetwork.network)
      console.result(description.json) { description.text }
    }
  }

  private enum Entry {
    case printed(JSONValue)
    case entered(UInt64)
  }

  private func enter(
    _ record: KeyRecord, _ owner: TransactionOptions.Signer, _ user: UserContext, _ console: Console
  ) async throws -> Entry {
    guard let chain = user.network.chain else {
      guard case .here(let wallet) = owner else {
        throw CommandFailure(.refused, "the registry of this network is a file", advice: "sign here, without --print")
      }
      return .entered(
        try await user.network.writer.append(.keyRecord(record), to: user.network.id, signedBy: [wallet]).number)
    }
    let order = try chain.order(transaction) { (orders) throws(ABIError) in try orders.create(record, rights.rights) }
    let submission = Submission(chain: chain, options: transaction, console: console)
    switch try await submission.submit(order, by: owner, for: "Make key \(record.key).") {
    case .printed(let transaction): return .printed(transaction)
    case .entered(let snapshot, _): return .entered(snapshot.number)
    }
  }

  /// The first key of a new home folder comes with its first wallet.
  private func ownerWallet(_ home: HomeFolder, _ console: Console) throws(CommandFailure) -> Wallets.Named {
    let wallets = Wallets(home: home)
    guard wallet == nil, try wallets.all().isEmpty else { return try wallets.open(wallet) }
    let made = try wallets.create(Wallets.standardName)
    console.notice("made the wallet \(made.key.address.checksumText) in \(home.path)")
    return made
  }
}

enum SigningKinds {
  static func parse(_ text: String) throws(CommandFailure) -> Set<SigningKind> {
    var kinds: Set<SigningKind> = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let kind = SigningKind(rawValue: String(word)) else {
        let known = SigningKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw CommandFailure(.badInput, "\(word) is nothing a key can be allowed", advice: "use some of: \(known)")
      }
      kinds.insert(kind)
    }
    return kinds
  }
}
