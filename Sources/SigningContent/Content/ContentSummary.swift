internal import Identifiers
internal import Signatures

/// One line of what a person is shown before content is signed.
public struct SummaryField: Sendable, Hashable {
  public let label: String
  /// Exact, in the units people use; text of the content is escaped where it could deceive.
  public let value: String

  init(_ label: String, _ value: String) {
    self.label = label
    self.value = value
  }
}

extension SignableContent {
  /// - Parameters:
  ///   - key: whose outputs of a Bitcoin transaction are change.
  ///   - network: for which chain Bitcoin addresses are written; a transaction does not say.
  public func summary(for key: ContentKey, network: BitcoinNetwork = .mainnet) -> [SummaryField] {
    switch self {
    case .ethereumTransaction(let transaction): transaction.summary
    case .personalMessage(let message): message.summary
    case .typedData(let data): data.summary
    case .bitcoinTransaction(let psbt): psbt.summary(for: key.bitcoin, network)
    }
  }
}

extension EthereumTransaction {
  private static let etherDecimals = 18
  private static let gweiDecimals = 9

  var summary: [SummaryField] {
    var fields = [SummaryField("Ethereum transaction", type), SummaryField("chain id", String(chainID))]
    fields.append(SummaryField("to", to?.checksumText ?? "a new contract"))
    fields.append(SummaryField("value", value.decimal(inUnitsOf: Self.etherDecimals) + " ETH"))
    fields.append(SummaryField("fee at most", maximumFee.decimal(inUnitsOf: Self.etherDecimals) + " ETH"))
    fields.append(SummaryField("gas", "\(gasLimit) at " + price))
    fields.append(SummaryField("nonce", String(nonce)))
    fields.append(SummaryField("data", call))
    if !accessList.isEmpty { fields.append(SummaryField("access list", "\(accessList.count) addresses")) }
    return fields
  }

  private var type: String {
    switch fees {
    case .legacy: "legacy, EIP-155"
    case .accessList: "EIP-2930"
    case .capped: "EIP-1559"
    }
  }

  private var price: String {
    func gwei(_ amount: UInt256) -> String { amount.decimal(inUnitsOf: Self.gweiDecimals) + " gwei" }
    return switch fees {
    case .legacy(let price), .accessList(let price): gwei(price)
    case .capped(let priority, let maximum): "most \(gwei(maximum)), priority \(gwei(priority))"
    }
  }

  private var call: String {
    if data.isEmpty { return "none" }
    guard let selector else { return "\(data.count) bytes" }
    return "\(data.count) bytes, function \(selector.text)"
  }
}

extension PersonalMessage {
  var summary: [SummaryField] {
    let shown = text.map { SummaryField("text", Summary.shown($0)) } ?? SummaryField("bytes", Summary.shown(bytes))
    return [SummaryField("personal message", "\(bytes.count) bytes"), shown]
  }
}

extension TypedData {
  static let mostShown = 64

  var summary: [SummaryField] {
    var fields = [SummaryField("typed data", Summary.shown(primaryType))]
    if let name = domain.name { fields.append(SummaryField("application", Summary.shown(name))) }
    if let version = domain.version { fields.append(SummaryField("version", Summary.shown(version))) }
    if let chainID = domain.chainID { fields.append(SummaryField("chain id", chainID.decimal)) }
    if let contract = domain.verifyingContract { fields.append(SummaryField("contract", contract.checksumText)) }
    if let salt = domain.salt { fields.append(SummaryField("salt", "0x" + Hex.encode(salt))) }
    let values = flattened(limit: Self.mostShown + 1)
    for (path, value) in values.prefix(Self.mostShown) {
      fields.append(SummaryField(Summary.shown(path), Summary.shown(value)))
    }
    if values.count > Self.mostShown { fields.append(SummaryField("more values", "not shown")) }
    return fields
  }
}

extension PartiallySignedTransaction {
  static let mostOutputsShown = 64

  func summary(for key: BitcoinKey, _ network: BitcoinNetwork) -> [SummaryField] {
    func bitcoin(_ satoshi: UInt64) -> String { UInt256(satoshi).decimal(inUnitsOf: 8) + " BTC" }
    var fields = [
      SummaryField("Bitcoin transaction", "\(inputs(of: key).count) of \(spentOutputs.count) inputs are this key's"),
      SummaryField("leaves the key", bitcoin(spend(of: key))), SummaryField("fee", bitcoin(fee)),
    ]
    for output in outputs.prefix(Self.mostOutputsShown) {
      let target =
        SegwitAddress(script: output.script, network: network)?.text ?? "script " + Hex.encode(output.script.prefix(64))
      let label = output.script == key.script ? "back to this key" : "output"
      fields.append(SummaryField(label, "\(bitcoin(output.amount)) to \(target)"))
    }
    if outputs.count > Self.mostOutputsShown { fields.append(SummaryField("more outputs", "not shown")) }
    return fields
  }
}

enum Summary {
  static let longest = 512

  /// Cut, and with everything that is not a plain printable character written as its number.
  static func shown(_ text: String) -> String {
    let scalars = text.unicodeScalars
    var shown = ""
    for scalar in scalars.prefix(longest) {
      if scalar.isPrintable && !scalar.properties.isDefaultIgnorableCodePoint && scalar != "\n" && scalar != "\t" {
        shown.unicodeScalars.append(scalar)
      } else {
        shown += "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    }
    return scalars.count > longest ? shown + "…" : shown
  }

  static func shown(_ bytes: [UInt8]) -> String {
    "0x" + Hex.encode(bytes.prefix(longest / 2)) + (bytes.count > longest / 2 ? "…" : "")
  }
}
