import ActionNames
import ArgumentParser
import ChainRegistry
import Client
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import PublicKeys
import Signatures
import SigningContent
import Wire

/// What the id of a key follows from, for one whose record was taken off.
struct KeyOriginOptions: ParsableArguments, Sendable {
  @Option(help: "Of a key without a record: what it signs by (ed25519, ristretto255, secp256k1, taproot or ecdsa).")
  var scheme: SigningScheme?

  @Option(help: "Of a key without a record: the address of who made it.")
  var creator: String?

  @Option(help: "Of a key without a record: its salt, in hex. Revoking and transferring a key prints all three.")
  var salt: String?

  /// A record that allows nothing, of the key these give.
  func record(in network: NetworkID) throws(CommandFailure) -> KeyRecord? {
    guard let scheme, let creator, let salt else { return nil }
    let owner = try WalletText.address(creator)
    guard let bytes = try? Hex.decode(salt),
      let record = try? KeyRecord(
        network: network, purpose: scheme.purpose, owner: owner, salt: bytes, kinds: [], wallets: [])
    else {
      throw CommandFailure(.badInput, "\(salt) is no salt of a key", advice: "16 to 32 bytes as hex digits")
    }
    return record
  }
}

/// A key of the caller's whose record is changed.
struct OwnedKeyOptions: ParsableArguments, Sendable {
  @Option(help: "The wallet that owns it, by its name.")
  var wallet: String?

  @Argument(help: "Your name for the key, its id, or the first eight or more digits of it.")
  var key: String
}

struct KeyGrantCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant", abstract: "Say anew who may have a key sign what.",
    discussion: "The new record takes the place of the old one as a whole.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var owned: OwnedKeyOptions
  @OptionGroup var transaction: TransactionOptions
  @OptionGroup var rights: KeyRightsOptions
  @OptionGroup var origin: KeyOriginOptions

  @Option(help: "What it may sign, with commas: message, file, raw, eip191, eip712, transaction, psbt.")
  var allow = "message,file"

  @OptionGroup(title: "Limits") var limits: ConstraintOptions

  @Option(name: .customLong("for"), help: "A wallet's address that may use it, beside the owner; may be repeated.")
  var others: [String] = []

  @Option(name: .customLong("action"), help: "An action that may use it, by its id, whoever runs it; may be repeated.")
  var actions: [String] = []

  func run(_ console: Console) async throws {
    let user = try await UserContext(common, networkOptions, console)
    let change = try await KeyChange(user, owned, transaction, console)
    let kinds = try SigningKinds.parse(allow)
    let (before, standing) = try await change.present(origin.record(in: user.network.id))
    if let kind = kinds.sorted(by: { $0.rawValue < $1.rawValue }).first(where: { !before.purpose.signs($0) }) {
      throw CommandFailure(.badInput, "\(before.purpose.rawValue) keys do not sign \(kind.rawValue)")
    }
    let record = try KeyRecord(
      network: user.network.id, purpose: before.purpose, owner: before.creator, salt: before.salt, kinds: kinds,
      wallets: try Set(others.map { (text) throws(CommandFailure) in try WalletText.address(text) })
        .union([change.signer.address]),
      actions: try Set(actions.map { (text) throws(CommandFailure) in try ActionFile.id(text) }),
      constraints: try limits.constraints(for: kinds))
    try await change.make("Say anew who may have key \(record.key) sign what.", record) {
      (orders) throws(ABIError) in
      // What was given up does not come back.
      let kept = KeysOrders.Rights(
        transferable: rights.rights.transferable && standing?.isTransferable ?? true,
        revocable: rights.rights.revocable && standing?.isRevocable ?? true)
      return try orders.grant(record, kept, isActive: standing?.isActive ?? true)
    }
  }
}

struct KeyRevokeCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Let nobody use a key any more, until its owner grants anew.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var owned: OwnedKeyOptions
  @OptionGroup var transaction: TransactionOptions

  func run(_ console: Console) async throws {
    let user = try await UserContext(common, networkOptions, console)
    let change = try await KeyChange(user, owned, transaction, console)
    let (before, _) = try await change.present(nil)
    // A file forgets nothing: there the record stays and allows nothing.
    let record = try KeyRecord(
      network: user.network.id, purpose: before.purpose, owner: before.creator, salt: before.salt, kinds: [],
      wallets: [])
    try await change.make("Let nobody use key \(record.key) any more.", record) { (orders) throws(ABIError) in
      try orders.revoke(record.key)
    }
  }
}

struct KeyTransferCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer", abstract: "Give a key to another wallet, for good.",
    discussion: """
      Its record is taken off, unless it was made not revocable: the new owner grants anew. What the key signed and who \
      knows its signatures does not change.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var owned: OwnedKeyOptions
  @OptionGroup var transaction: TransactionOptions

  @Option(help: "The new owner's address.")
  var to: String

  func run(_ console: Console) async throws {
    let user = try await UserContext(common, networkOptions, console)
    let to = try WalletText.address(to)
    _ = try user.network.requireChain(
      advice: "a key in a file belongs to who made it; let others use it: quorate key grant --for")
    let change = try await KeyChange(user, owned, transaction, console)
    let (record, _) = try await change.present(nil)
    try await change.make("Give key \(record.key) to \(to.checksumText).", record, isForChainsOnly: true) {
      (orders) throws(ABIError) in
      try orders.transfer(record.key, to: to)
    }
  }
}

/// What may still be done to a record on a chain.
struct KeyRightsOptions: ParsableArguments, Sendable {
  @Flag(name: .customLong("final"), help: "On a chain: nobody can change or revoke the record, its owner included.")
  var isFinal = false

  @Flag(name: .customLong("not-transferable"), help: "On a chain: the key stays with its owner.")
  var staysWithOwner = false

  var rights: KeysOrders.Rights { .init(transferable: !staysWithOwner, revocable: !isFinal) }
}

/// One change of a key's record, in whichever registry the network has.
struct KeyChange {
  let user: UserContext
  let key: String
  let signer: TransactionOptions.Signer
  let options: TransactionOptions
  let console: Console

  init(
    _ user: UserContext, _ owned: OwnedKeyOptions, _ options: TransactionOptions, _ console: Console
  ) async throws(CommandFailure) {
    self.user = user
    key = owned.key
    self.options = options
    self.console = console
    let home = user.home
    signer = try options.signer { () throws(CommandFailure) in try Wallets(home: home).open(owned.wallet).key }
  }

  /// The record that is in force, and what the contract says of the key.
  ///
  /// - Parameter origin: in the place of a record that was taken off.
  func present(_ origin: KeyRecord?) async throws -> (record: KeyRecord, standing: KeyStanding?) {
    let snapshot = try user.network.snapshot()
    guard let chain = user.network.chain else { return (try record(in: snapshot), nil) }
    var record = origin
    if record == nil || snapshot.keyRecord(record?.key ?? .zero) != nil { record = try self.record(in: snapshot) }
    let named = try user.names.all()[key]
    guard let record, origin == nil || record.key == named || record.key.text.hasPrefix(key) else {
      throw CommandFailure(.badInput, "these make another key than \(key)", advice: "check --scheme, --creator, --salt")
    }
    let standing: KeyStanding
    do throws(ChainTrouble) { standing = try await chain.registry.standing(of: record.key) } catch {
      throw CommandFailure(chain: error)
    }
    guard standing.owner == signer.address else { throw Self.foreign(record.key, standing.owner) }
    return (record, standing)
  }

  private func record(in snapshot: MembershipSnapshot) throws(CommandFailure) -> KeyRecord {
    let record = try KeyChoice(snapshot: snapshot, names: user.names.all())
      .record(key: key, scheme: nil, wallet: signer.address)
    guard record.owner == signer.address else { throw Self.foreign(record.key, record.owner) }
    return record
  }

  private static func foreign(_ key: KeyID, _ owner: WalletAddress?) -> CommandFailure {
    guard let owner else { return CommandFailure(.notFound, "nobody made a key \(key)") }
    return CommandFailure(
      .refused, "key \(key) belongs to \(owner.checksumText)", advice: "only its owner changes it")
  }

  /// - Parameter record: what a file gets.
  func make(
    _ purpose: String, _ record: KeyRecord, isForChainsOnly: Bool = false,
    _ order: (KeysOrders) throws(ABIError) -> TransactionOrder
  ) async throws {
    let members = [
      JSONMember("key", .text(record.key)), JSONMember("purpose", .string(record.purpose.rawValue)),
      JSONMember("creator", .text(record.creator)), JSONMember("salt", .string(Hex.encode(record.salt))),
    ]
    let scheme = SigningScheme.allCases.first { $0.purpose == record.purpose }
    let origin = """
      Done. When the key has no record, its owner grants anew with:
        quorate key grant \(record.key) --scheme \(scheme?.rawValue ?? record.purpose.rawValue) \\
          --creator \(record.creator.checksumText) --salt \(Hex.encode(record.salt))
      """
    guard let chain = user.network.chain else {
      guard !isForChainsOnly, case .here(let wallet) = signer else {
        throw CommandFailure(.refused, "the registry of this network is a file", advice: "sign here, without --print")
      }
      let snapshot = try await user.network.writer.append(
        .keyRecord(record), to: user.network.id, signedBy: [wallet])
      await user.client.close()
      console.result(.object(members + [JSONMember("number", JSONValue(snapshot.number))])) {
        "Done. The registry is at update \(snapshot.number)."
      }
      return
    }
    let submission = Submission(chain: chain, options: options, console: console)
    let outcome = try await submission.submit(try chain.order(options, order), by: signer, for: purpose)
    await user.client.close()
    submission.report(outcome, members) { _, _ in origin }
  }
}

extension ChainAccess {
  /// An order to the contract of keys.
  func order(
    _ options: TransactionOptions, _ make: (KeysOrders) throws(ABIError) -> TransactionOrder
  ) throws(CommandFailure) -> TransactionOrder {
    guard let orders = KeysOrders(terms, maximumFee: try options.maximumFee) else {
      throw CommandFailure(.internalFault, "the founding document's deposit is no number")
    }
    do { return try make(orders) } catch { throw CommandFailure(order: error) }
  }
}
