import ArgumentParser
import Identifiers
import Signatures
import SigningContent
import Wire

/// What a new key's signatures may say. With any of these the record limits every kind it allows, and allows none that
/// nodes cannot read.
struct ConstraintOptions: ParsableArguments, Sendable {
  @Option(help: "Limit: a chain id that transactions and typed data may name; may be repeated.")
  var chainID: [UInt64] = []

  @Option(help: "Limit: an address, 0x… or Bitcoin, that transactions may pay; may be repeated.")
  var to: [String] = []

  @Option(help: "Limit: the most a transaction may move, such as 0.5eth or 0.01btc.")
  var maxValue: [String] = []

  @Option(help: "Limit: the most a transaction may cost in fees, such as 0.002eth or 5000sat.")
  var maxFee: [String] = []

  @Option(help: "Limit: a contract function, such as transfer(address,uint256) or 0xa9059cbb; may be repeated.")
  var function: [String] = []

  @Flag(help: "With --function: allow transactions without data as well.")
  var plainTransfers = false

  @Option(help: "Limit: what every personal message begins with.")
  var messagePrefix: String?

  @Option(help: "Limit: a contract that typed data may be for; may be repeated.")
  var contract: [String] = []

  private var limitsChain: Bool { !chainID.isEmpty }
  private var limitsSomething: Bool {
    limitsChain || plainTransfers || messagePrefix != nil
      || ![to, maxValue, maxFee, function, contract].allSatisfy(\.isEmpty)
  }

  /// Nil where no limit was given.
  func constraints(for kinds: Set<SigningKind>) throws(CommandFailure) -> ContentConstraints? {
    guard limitsSomething else { return nil }
    let readable = Set(SignableKind.allCases.map(\.rawValue))
    if let opaque = SigningKind.allCases.first(where: { kinds.contains($0) && !readable.contains($0.rawValue) }) {
      throw CommandFailure(
        .badInput, "nodes do not read what a \(opaque.rawValue) says, so no limit could hold",
        advice: "leave \(opaque.rawValue) out of --allow, or make another key for it")
    }
    try checkApplicable(to: kinds)
    do throws(ConstraintError) {
      return ContentConstraints(
        ethereumTransaction: kinds.contains(.transaction) ? try ethereum() : nil,
        personalMessage: kinds.contains(.eip191)
          ? try PersonalMessageConstraints(prefix: messagePrefix.map { Array($0.utf8) }) : nil,
        typedData: kinds.contains(.eip712)
          ? try TypedDataConstraints(chainIDs: chains, verifyingContracts: Self.sorted(contracts)) : nil,
        bitcoinTransaction: kinds.contains(.psbt) ? try bitcoin() : nil)
    } catch {
      throw CommandFailure(.badInput, "these limits are not those of any key (\(error))")
    }
  }

  /// A limit nobody would check is a mistake of whoever gives it.
  private func checkApplicable(to kinds: Set<SigningKind>) throws(CommandFailure) {
    let needs: [(Bool, String, Set<SigningKind>)] = [
      (limitsChain, "--chain-id", [.transaction, .eip712]),
      (!recipients.isEmpty, "--to with an Ethereum address", [.transaction]),
      (!(try scripts()).isEmpty, "--to with a Bitcoin address", [.psbt]),
      (try amount(maxValue, .ether) != nil, "--max-value in ether", [.transaction]),
      (try amount(maxValue, .bitcoin) != nil, "--max-value in bitcoin", [.psbt]),
      (try amount(maxFee, .ether) != nil, "--max-fee in ether", [.transaction]),
      (try amount(maxFee, .bitcoin) != nil, "--max-fee in bitcoin", [.psbt]),
      (!function.isEmpty || plainTransfers, "--function", [.transaction]),
      (messagePrefix != nil, "--message-prefix", [.eip191]),
      (!contract.isEmpty, "--contract", [.eip712]),
    ]
    for (isGiven, option, described) in needs where isGiven && described.isDisjoint(with: kinds) {
      let names = described.map(\.rawValue).sorted().joined(separator: " or ")
      throw CommandFailure(.badInput, "\(option) limits nothing this key may sign", advice: "add \(names) to --allow")
    }
    _ = try contract.map { (text) throws(CommandFailure) in try WalletText.address(text) }
    _ = try function.map { (text) throws(CommandFailure) in try Self.selector(text) }
  }

  private func ethereum() throws(ConstraintError) -> EthereumTransactionConstraints {
    try EthereumTransactionConstraints(
      chainIDs: chains, recipients: Self.sorted(recipients), maximumValue: try? amount(maxValue, .ether),
      maximumFee: try? amount(maxFee, .ether), functions: Self.sorted(function.compactMap { try? Self.selector($0) }),
      allowsPlainTransfers: plainTransfers)
  }

  private func bitcoin() throws(ConstraintError) -> BitcoinTransactionConstraints {
    let scripts = (try? scripts()) ?? []
    return try BitcoinTransactionConstraints(
      outputScripts: scripts.isEmpty
        ? nil : Set(scripts).sorted { $0.lexicographicallyPrecedes($1) },
      maximumSpend: try satoshi(maxValue), maximumFee: try satoshi(maxFee))
  }

  private var chains: [UInt64]? { Self.sorted(chainID) }
  private var recipients: [WalletAddress] { to.compactMap { try? WalletText.address($0) } }
  private var contracts: [WalletAddress] { contract.compactMap { try? WalletText.address($0) } }

  /// Of the targets that are no Ethereum addresses.
  private func scripts() throws(CommandFailure) -> [[UInt8]] {
    var scripts: [[UInt8]] = []
    for text in to where (try? WalletText.address(text)) == nil {
      guard let address = SegwitAddress(text: text) else {
        throw CommandFailure(
          .badInput, "\(text) is neither an Ethereum nor a SegWit address",
          advice: "0x and 40 hex digits (with capitals the checksum must hold), or bc1…, tb1…, bcrt1…")
      }
      scripts.append(address.script)
    }
    return scripts
  }

  private func amount(_ texts: [String], _ coin: CoinAmount.Coin) throws(CommandFailure) -> UInt256? {
    var found: UInt256?
    for text in texts {
      let amount = try CoinAmount(text)
      guard amount.coin == coin else { continue }
      guard found == nil else { throw CommandFailure(.badInput, "two limits of one coin: \(text) is the second") }
      found = amount.smallest
    }
    return found
  }

  private func satoshi(_ texts: [String]) throws(ConstraintError) -> UInt64? {
    guard let amount = try? amount(texts, .bitcoin) else { return nil }
    guard let satoshi = UInt64(amount.decimal) else { throw .outOfRange }
    return satoshi
  }

  private static func selector(_ text: String) throws(CommandFailure) -> FunctionSelector {
    if let selector = FunctionSelector(text: text.lowercased()) { return selector }
    let isSignature = text.last == ")" && text.contains("(") && !text.contains(" ")
    guard isSignature, !text.hasPrefix("0x") else {
      throw CommandFailure(
        .badInput, "\(text) is no function",
        advice: "its signature without spaces and names, such as transfer(address,uint256), or its selector")
    }
    return FunctionSelector(function: text)
  }

  private static func sorted<Entry: Comparable & Hashable>(_ entries: [Entry]) -> [Entry]? {
    entries.isEmpty ? nil : Set(entries).sorted()
  }
}

/// Limits as people read them, one line for each kind.
enum ConstraintText {
  static func lines(_ constraints: ContentConstraints, on network: BitcoinNetwork) -> [String] {
    var lines: [String] = []
    func line(_ kind: SigningKind, _ limits: [String?]) {
      let given = limits.compactMap(\.self)
      lines.append(kind.rawValue + ": " + (given.isEmpty ? "no limit" : given.joined(separator: "; ")))
    }
    if let part = constraints.ethereumTransaction {
      line(
        .transaction,
        [
          list("chain", part.chainIDs?.map { String($0) }), list("to", part.recipients?.map(\.checksumText)),
          most("value", part.maximumValue?.decimal(inUnitsOf: 18), "ETH"),
          most("fee", part.maximumFee?.decimal(inUnitsOf: 18), "ETH"),
          list("functions", part.functions?.map(\.text)), part.allowsPlainTransfers ? "plain transfers too" : nil,
        ])
    }
    if let part = constraints.personalMessage {
      line(.eip191, [part.prefix.map { "begins with \"" + String(decoding: $0, as: UTF8.self) + "\"" }])
    }
    if let part = constraints.typedData {
      line(
        .eip712,
        [
          list("chain", part.chainIDs?.map { String($0) }),
          list("contract", part.verifyingContracts?.map(\.checksumText)),
        ])
    }
    if let part = constraints.bitcoinTransaction {
      let targets = part.outputScripts?.map {
        SegwitAddress(script: $0, network: network)?.text ?? "script " + Hex.encode($0)
      }
      line(
        .psbt,
        [
          list("to", targets), most("spends", part.maximumSpend.map { UInt256($0).decimal(inUnitsOf: 8) }, "BTC"),
          most("fee", part.maximumFee.map { UInt256($0).decimal(inUnitsOf: 8) }, "BTC"),
        ])
    }
    return lines
  }

  private static func list(_ name: String, _ entries: [String]?) -> String? {
    entries.map { name + " " + $0.joined(separator: ", ") }
  }

  private static func most(_ name: String, _ amount: String?, _ unit: String) -> String? {
    amount.map { "\(name) at most \($0) \(unit)" }
  }
}
