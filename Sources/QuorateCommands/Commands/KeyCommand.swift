import ActionNames
import ArgumentParser
import Authorization
import Client
import Identifiers
import Membership
import PublicKeys
import Signatures
import SigningContent
import Wire

struct KeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Keys that only a quorum of the network can use.",
    subcommands: [
      KeyCreateCommand.self, KeyListCommand.self, KeyShowCommand.self, KeyGrantCommand.self, KeyRevokeCommand.self,
      KeyTransferCommand.self, KeyCollectCommand.self,
    ])
}

/// A key as commands show it.
struct KeyDescription {
  var record: KeyRecord
  var name: String?
  /// nil while the network has no keys.
  var publicKey: AnyPublicKey?
  var bitcoin = BitcoinNetwork.mainnet

  /// Where this key is at home on chains: its Ethereum address, its Bitcoin address.
  private var addresses: [(name: String, label: String, text: String)] {
    guard let key = publicKey.flatMap({ ContentKey($0) }) else { return [] }
    let ethereum = key.ethereumAddress.map { [("ethereumAddress", "ethereum", $0.checksumText)] } ?? []
    return ethereum + [("bitcoinAddress", "bitcoin", key.bitcoin.address(on: bitcoin))]
  }

  var kinds: [String] { SigningKind.allCases.filter(record.kinds.contains).map(\.rawValue) }

  var json: JSONValue {
    let members = [
      JSONMember("key", .text(record.key)), JSONMember("name", name.map { .string($0) } ?? .null),
      JSONMember("purpose", .string(record.purpose.rawValue)), JSONMember("owner", .text(record.owner)),
      JSONMember("kinds", .array(kinds.map { .string($0) })),
      JSONMember("wallets", .array(record.wallets.sorted().map { .text($0) })),
      JSONMember("actions", .array(record.actions.sorted().map { .string($0.text) })),
      JSONMember("publicKey", publicKey.map { .string(Hex.encode($0.bytes)) } ?? .null),
      JSONMember("constraints", record.constraints?.json ?? .null),
    ]
    return .object(members + addresses.map { JSONMember($0.name, .string($0.text)) })
  }

  var text: String {
    var lines = [
      ["key", record.key.text], ["purpose", record.purpose.rawValue],
      ["public key", publicKey.map { Hex.encode($0.bytes) } ?? "the network has no keys yet"],
      ["owner", record.owner.checksumText], ["signs", kinds.joined(separator: ", ")],
      ["for", record.wallets.sorted().map(\.checksumText).joined(separator: ", ")],
    ]
    lines += record.actions.sorted().map { ["for action", $0.text] }
    lines.insert(contentsOf: addresses.map { [$0.label, $0.text] }, at: 3)
    lines += (record.constraints.map { ConstraintText.lines($0, on: bitcoin) } ?? []).map { ["limit", $0] }
    if let name { lines.insert(["name", name], at: 0) }
    return Columns.lines(lines).joined(separator: "\n")
  }
}

struct KeyListCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the keys a wallet owns or may use.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var walletOptions: WalletOptions

  func run(_ console: Console) async throws {
    let user = try await UserContext(common, networkOptions, console)
    let wallet = try walletOptions.actingAddress(user.home)
    let names = try Dictionary(user.names.all().map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    let keys = try user.network.snapshot().keyRecords(of: wallet)
      .map { KeyDescription(record: $0, name: names[$0.key], publicKey: nil) }
    console.result(.object([JSONMember("keys", .array(keys.map(\.json)))])) {
      keys.isEmpty
        ? "no keys yet; make one: quorate key create --scheme ed25519"
        : Columns.lines(
          keys.map {
            [$0.name ?? "–", $0.record.key.text, $0.record.purpose.rawValue, $0.kinds.joined(separator: ",")]
          }
        ).joined(separator: "\n")
    }
  }
}

struct KeyShowCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a key: its public key, its owner and what it may be used for.")

  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var walletOptions: WalletOptions

  @Argument(help: "Your name for the key, its id, or the first eight or more digits of it.")
  var key: String

  @Option(help: "How to write Bitcoin addresses: mainnet, testnet or regtest.")
  var bitcoinNetwork = BitcoinNetworkOption.mainnet

  func run(_ console: Console) async throws {
    let user = try await UserContext(common, networkOptions, console)
    let wallet = try walletOptions.actingAddress(user.home)
    let names = try user.names.all()
    let record = try KeyChoice(snapshot: user.network.snapshot(), names: names)
      .record(key: key, scheme: nil, wallet: wallet)
    let publicKey = try await user.client.publicKey(of: record.key)
    await user.client.close()
    let name = names.first { $0.value == record.key }?.key
    let description = KeyDescription(record: record, name: name, publicKey: publicKey, bitcoin: bitcoinNetwork.network)
    console.result(description.json) { description.text }
  }
}
