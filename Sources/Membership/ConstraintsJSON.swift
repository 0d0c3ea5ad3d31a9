public import Identifiers
public import SigningContent
public import Wire

/// `{"transaction": {…}, "eip191": {…}, "eip712": {…}, "psbt": {…}}`: one member for each kind that is allowed, and in it
/// one for each limit. Numbers are decimal text (amounts in wei or satoshi), lists ascending and without repetition.
extension ContentConstraints {
  public init(_ value: JSONValue) throws(FormatError) {
    var fields = try JSONFields(value)
    try self.init(
      ethereumTransaction: fields.part(.transaction) { (fields) throws(FormatError) in try .init(&fields) },
      personalMessage: fields.part(.eip191) { (fields) throws(FormatError) in try .init(&fields) },
      typedData: fields.part(.eip712) { (fields) throws(FormatError) in try .init(&fields) },
      bitcoinTransaction: fields.part(.psbt) { (fields) throws(FormatError) in try .init(&fields) })
    try fields.finish()
  }

  public var json: JSONValue {
    let parts: [(SigningKind, [JSONMember?]?)] = [
      (.transaction, ethereumTransaction?.members), (.eip191, personalMessage?.members),
      (.eip712, typedData?.members), (.psbt, bitcoinTransaction?.members),
    ]
    return .object(
      parts.compactMap { kind, members in
        members.map { JSONMember(kind.rawValue, .object($0.compactMap(\.self))) }
      })
  }

  /// The kinds that have a part here.
  public var describedKinds: Set<SigningKind> {
    var kinds: Set<SigningKind> = []
    if ethereumTransaction != nil { kinds.insert(.transaction) }
    if personalMessage != nil { kinds.insert(.eip191) }
    if typedData != nil { kinds.insert(.eip712) }
    if bitcoinTransaction != nil { kinds.insert(.psbt) }
    return kinds
  }

  /// Whether the text a wallet signs can show all of it: a prefix is printable text.
  var areReadable: Bool {
    guard let prefix = personalMessage?.prefix else { return true }
    return PersonalMessage(bytes: prefix)?.text != nil
  }
}

extension EthereumTransactionConstraints {
  fileprivate init(_ fields: inout JSONFields) throws(FormatError) {
    let chainIDs = try fields.list("chainIDs") { UInt64(decimal: $0) }
    let recipients = try fields.list("recipients") { try? WalletAddress(text: $0) }
    let maximumValue = try fields.value("maximumValue") { UInt256(decimal: $0) }
    let maximumFee = try fields.value("maximumFee") { UInt256(decimal: $0) }
    let functions = try fields.list("functions") { FunctionSelector(text: $0) }
    // Said exactly where there is a list it is about.
    let allowsPlainTransfers = functions == nil ? false : try fields.bool("plainTransfers")
    do {
      try self.init(
        chainIDs: chainIDs, recipients: recipients, maximumValue: maximumValue, maximumFee: maximumFee,
        functions: functions, allowsPlainTransfers: allowsPlainTransfers)
    } catch { throw .invalid("transaction") }
  }

  fileprivate var members: [JSONMember?] {
    [
      .list("chainIDs", chainIDs?.map(String.init)), .list("recipients", recipients?.map(\.text)),
      .text("maximumValue", maximumValue?.decimal), .text("maximumFee", maximumFee?.decimal),
      .list("functions", functions?.map(\.text)),
      functions.map { _ in JSONMember("plainTransfers", .bool(allowsPlainTransfers)) },
    ]
  }
}

extension PersonalMessageConstraints {
  fileprivate init(_ fields: inout JSONFields) throws(FormatError) {
    let prefix = try fields.value("prefix", limit: Self.longestPrefix) { Array($0.utf8) }
    do { try self.init(prefix: prefix) } catch { throw .invalid("eip191") }
  }

  fileprivate var members: [JSONMember?] { [.text("prefix", prefix.map { String(decoding: $0, as: UTF8.self) })] }
}

extension TypedDataConstraints {
  fileprivate init(_ fields: inout JSONFields) throws(FormatError) {
    let chainIDs = try fields.list("chainIDs") { UInt64(decimal: $0) }
    let contracts = try fields.list("verifyingContracts") { try? WalletAddress(text: $0) }
    do { try self.init(chainIDs: chainIDs, verifyingContracts: contracts) } catch { throw .invalid("eip712") }
  }

  fileprivate var members: [JSONMember?] {
    [
      .list("chainIDs", chainIDs?.map(String.init)), .list("verifyingContracts", verifyingContracts?.map(\.text)),
    ]
  }
}

extension BitcoinTransactionConstraints {
  fileprivate init(_ fields: inout JSONFields) throws(FormatError) {
    let scripts = try fields.list("outputScripts", limit: 2 * Self.longestScript) { try? Hex.decode($0.utf8) }
    let maximumSpend = try fields.value("maximumSpend") { UInt64(decimal: $0) }
    let maximumFee = try fields.value("maximumFee") { UInt64(decimal: $0) }
    do {
      try self.init(outputScripts: scripts, maximumSpend: maximumSpend, maximumFee: maximumFee)
    } catch { throw .invalid("psbt") }
  }

  fileprivate var members: [JSONMember?] {
    [
      .list("outputScripts", outputScripts?.map { Hex.encode($0) }),
      .text("maximumSpend", maximumSpend.map { String($0) }), .text("maximumFee", maximumFee.map { String($0) }),
    ]
  }
}

extension JSONFields {
  /// What one kind's member says; nil where there is none.
  fileprivate mutating func part<Part>(
    _ kind: SigningKind, _ read: (inout JSONFields) throws(FormatError) -> Part
  ) throws(FormatError) -> Part? {
    guard let value = optional(kind.rawValue) else { return nil }
    var fields = try JSONFields(value)
    let part = try read(&fields)
    try fields.finish()
    return part
  }

  fileprivate mutating func list<Entry>(
    _ name: String, limit: Int = 128, _ read: (String) -> Entry?
  ) throws(FormatError) -> [Entry]? {
    guard let value = optional(name) else { return nil }
    guard case .array(let values) = value, values.count <= 256 else { throw .invalid(name) }
    var entries: [Entry] = []
    for value in values {
      guard case .string(let text) = value, text.utf8.count <= limit, let entry = read(text) else {
        throw .invalid(name)
      }
      entries.append(entry)
    }
    return entries
  }

  /// Text that stands for one value.
  fileprivate mutating func value<Value>(
    _ name: String, limit: Int = 128, _ read: (String) -> Value?
  ) throws(FormatError) -> Value? {
    guard let value = optional(name) else { return nil }
    guard case .string(let text) = value, text.utf8.count <= limit, let result = read(text) else {
      throw .invalid(name)
    }
    return result
  }
}

extension JSONMember {
  fileprivate static func text(_ name: String, _ text: String?) -> JSONMember? {
    text.map { JSONMember(name, .string($0)) }
  }

  fileprivate static func list(_ name: String, _ texts: [String]?) -> JSONMember? {
    texts.map { JSONMember(name, .array($0.map { .string($0) })) }
  }
}

extension UInt64 {
  /// Decimal digits without leading zeros.
  fileprivate init?(decimal text: String) {
    guard let value = UInt256(decimal: text), let number = UInt64(text), UInt256(number) == value else { return nil }
    self = number
  }
}
