/// What a key's record allows its signatures to say, kind by kind.
///
/// A kind without a part here is refused: constraints never extend to a kind they do not describe. A part that limits
/// nothing allows its kind as a whole.
public struct ContentConstraints: Sendable, Hashable {
  public let ethereumTransaction: EthereumTransactionConstraints?
  public let personalMessage: PersonalMessageConstraints?
  public let typedData: TypedDataConstraints?
  public let bitcoinTransaction: BitcoinTransactionConstraints?

  public init(
    ethereumTransaction: EthereumTransactionConstraints? = nil, personalMessage: PersonalMessageConstraints? = nil,
    typedData: TypedDataConstraints? = nil, bitcoinTransaction: BitcoinTransactionConstraints? = nil
  ) {
    self.ethereumTransaction = ethereumTransaction
    self.personalMessage = personalMessage
    self.typedData = typedData
    self.bitcoinTransaction = bitcoinTransaction
  }

  /// Nil if `key` may sign `content`, else the first rule against it.
  public func permits(_ content: SignableContent, by key: ContentKey) -> ConstraintViolation? {
    switch content {
    case .ethereumTransaction(let transaction): violation(ethereumTransaction) { $0.violation(by: transaction) }
    case .personalMessage(let message): violation(personalMessage) { $0.violation(by: message) }
    case .typedData(let data): violation(typedData) { $0.violation(by: data) }
    case .bitcoinTransaction(let psbt): violation(bitcoinTransaction) { $0.violation(by: psbt, key.bitcoin) }
    }
  }

  private func violation<Part>(_ part: Part?, _ judge: (Part) -> ConstraintViolation?) -> ConstraintViolation? {
    guard let part else { return .kindNotDescribed }
    return judge(part)
  }
}

/// Which rule of a key's record content breaks.
public enum ConstraintViolation: Error, Sendable, Hashable {
  case kindNotDescribed
  case chain
  case recipient
  case contractCreation
  case value
  case fee
  case function
  /// A transfer without data, where functions are listed and plain transfers are not allowed.
  case plainTransfer
  case messagePrefix
  case verifyingContract
  /// An output to a script that is neither listed nor the key's own.
  case output
  case spend
  /// The amounts that a limit is about are not certain.
  case amountNotProven
}

/// Why limits are not those of any key's record.
public enum ConstraintError: Error, Sendable, Hashable {
  /// A list that allows nothing is not a way to say so.
  case emptyList
  case tooManyEntries
  /// Entries are in ascending order, each once.
  case notSorted
  case outOfRange
  /// Plain transfers are only allowed or not where functions are listed.
  case inconsistent
}

/// Lists of constraints are short, sorted and without repetition, so that equal ones have equal encodings.
enum ConstraintList {
  static let mostEntries = 256

  static func check<Entry>(
    _ entries: [Entry]?, by isAscending: (Entry, Entry) -> Bool
  ) throws(ConstraintError) {
    guard let entries else { return }
    guard !entries.isEmpty else { throw .emptyList }
    guard entries.count <= mostEntries else { throw .tooManyEntries }
    guard zip(entries, entries.dropFirst()).allSatisfy(isAscending) else { throw .notSorted }
  }
}
