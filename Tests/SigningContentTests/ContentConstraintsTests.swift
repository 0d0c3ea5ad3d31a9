import Curves
import Identifiers
import Signatures
import Testing

@testable import SigningContent

@Suite struct ContentConstraintsTests {
  static func address(_ digit: String) throws -> WalletAddress {
    try WalletAddress(text: "0x" + String(repeating: digit, count: 40))
  }

  static func key() throws -> ContentKey { .ecdsa(try PSBTTests.walletKey().publicKey) }

  static func transaction(
    chain: UInt64 = 1, to: WalletAddress?, value: UInt64 = 0, gas: UInt64 = 21_000, price: UInt64 = 1,
    data: [UInt8] = []
  ) throws -> SignableContent {
    .ethereumTransaction(
      try EthereumTransaction(
        chainID: chain, nonce: 0, fees: .capped(priority: .zero, maximum: UInt256(price)), gasLimit: gas, to: to,
        value: UInt256(value), data: data))
  }

  static func permits(_ limits: EthereumTransactionConstraints, _ content: SignableContent) throws
    -> ConstraintViolation?
  {
    ContentConstraints(ethereumTransaction: limits).permits(content, by: try key())
  }

  @Test func `a transaction within every limit is permitted`() throws {
    let selector = FunctionSelector(function: "transfer(address,uint256)")
    let limits = try EthereumTransactionConstraints(
      chainIDs: [1, 10], recipients: [Self.address("1"), Self.address("2")], maximumValue: UInt256(5),
      maximumFee: UInt256(21_000), functions: [selector])
    let call = selector.bytes + [UInt8](repeating: 0, count: 64)
    #expect(try Self.permits(limits, Self.transaction(chain: 10, to: Self.address("2"), value: 5, data: call)) == nil)
    #expect(try Self.permits(limits, Self.transaction(to: Self.address("2"), data: selector.bytes)) == nil)
  }

  @Test func `A4 each limit refuses what is just beyond it`() throws {
    let one = try Self.address("1")
    let chain = try EthereumTransactionConstraints(chainIDs: [1, 10])
    #expect(try Self.permits(chain, Self.transaction(chain: 2, to: one)) == .chain)
    let recipient = try EthereumTransactionConstraints(recipients: [one])
    #expect(try Self.permits(recipient, Self.transaction(to: Self.address("2"))) == .recipient)
    let value = try EthereumTransactionConstraints(maximumValue: UInt256(5))
    #expect(try Self.permits(value, Self.transaction(to: one, value: 6)) == .value)
    let fee = try EthereumTransactionConstraints(maximumFee: UInt256(42_000))
    #expect(try Self.permits(fee, Self.transaction(to: one, price: 2)) == nil)
    #expect(try Self.permits(fee, Self.transaction(to: one, gas: 21_001, price: 2)) == .fee)
  }

  /// A zero-length `to` is how a transaction says that it makes a contract.
  @Test func `A4 a new contract is refused wherever recipients or functions are limited`() throws {
    let code: [UInt8] = [0xa9, 0x05, 0x9c, 0xbb]
    let selector = try #require(FunctionSelector(bytes: code))
    let recipient = try EthereumTransactionConstraints(recipients: [Self.address("0")])
    let function = try EthereumTransactionConstraints(functions: [selector], allowsPlainTransfers: true)
    for limits in [recipient, function] {
      #expect(try Self.permits(limits, Self.transaction(to: nil, data: code)) == .contractCreation)
      #expect(try Self.permits(limits, Self.transaction(to: nil)) == .contractCreation)
    }
    let decoded = try EthereumTransaction(
      decodingUnsigned: RLPItem.list(EthereumTransactionTests.legacy(replacing: 3)).encoded)
    #expect(try Self.permits(recipient, .ethereumTransaction(decoded)) == .contractCreation)
    #expect(try Self.permits(EthereumTransactionConstraints(chainIDs: [1]), Self.transaction(to: nil)) == nil)
  }

  @Test func `A4 data that names no listed function is refused`() throws {
    let selector = FunctionSelector(function: "transfer(address,uint256)")
    let strict = try EthereumTransactionConstraints(functions: [selector])
    let lenient = try EthereumTransactionConstraints(functions: [selector], allowsPlainTransfers: true)
    let one = try Self.address("1")
    #expect(try Self.permits(strict, Self.transaction(to: one)) == .plainTransfer)
    #expect(try Self.permits(lenient, Self.transaction(to: one)) == nil)
    for data: [UInt8] in [[0], Array(selector.bytes.prefix(3)), [0] + selector.bytes, selector.bytes.reversed()] {
      #expect(try Self.permits(strict, Self.transaction(to: one, data: data)) == .function)
      #expect(try Self.permits(lenient, Self.transaction(to: one, data: data)) == .function)
    }
  }

  @Test func `A4 a kind that is not described is refused`() throws {
    let coins = try PSBTTests.coins()
    let psbt = try PartiallySignedTransaction(
      decoding: coins.version0(spending: [0], to: [(1, TestCoins.target)]).encoded)
    let contents: [SignableContent] = [
      try Self.transaction(to: Self.address("1")),
      .personalMessage(try #require(PersonalMessage(bytes: [1]))),
      .typedData(try TypedDataTests.decode(TypedDataTests.mailDocument)), .bitcoinTransaction(psbt),
    ]
    let parts: [ContentConstraints] = [
      ContentConstraints(ethereumTransaction: try EthereumTransactionConstraints()),
      ContentConstraints(personalMessage: try PersonalMessageConstraints()),
      ContentConstraints(typedData: try TypedDataConstraints()),
      ContentConstraints(bitcoinTransaction: try BitcoinTransactionConstraints()),
    ]
    let key = try Self.key()
    for (row, part) in parts.enumerated() {
      for (column, content) in contents.enumerated() {
        #expect(part.permits(content, by: key) == (row == column ? nil : .kindNotDescribed))
      }
    }
    for content in contents { #expect(ContentConstraints().permits(content, by: key) == .kindNotDescribed) }
  }

  @Test func `A4 a message without the prefix is refused`() throws {
    let limits = ContentConstraints(personalMessage: try PersonalMessageConstraints(prefix: Array("app: ".utf8)))
    func verdict(_ text: String) throws -> ConstraintViolation? {
      limits.permits(.personalMessage(try #require(PersonalMessage(bytes: Array(text.utf8)))), by: try Self.key())
    }
    #expect(try verdict("app: hello") == nil)
    #expect(try verdict("app: ") == nil)
    for text in ["app:", "App: hello", " app: hello", "", "hello app: "] {
      #expect(try verdict(text) == .messagePrefix)
    }
  }

  @Test func `A4 typed data for another contract or chain, or for none, is refused`() throws {
    let mail = try TypedDataTests.decode(TypedDataTests.mailDocument)
    let nameOnly = try TypedDataTests.single("bool", "true")
    let contract = try #require(mail.domain.verifyingContract)
    func verdict(_ limits: TypedDataConstraints, _ data: TypedData) throws -> ConstraintViolation? {
      ContentConstraints(typedData: limits).permits(.typedData(data), by: try Self.key())
    }
    #expect(try verdict(TypedDataConstraints(chainIDs: [1], verifyingContracts: [contract]), mail) == nil)
    #expect(try verdict(TypedDataConstraints(chainIDs: [2]), mail) == .chain)
    #expect(try verdict(TypedDataConstraints(chainIDs: [1]), nameOnly) == .chain)
    #expect(try verdict(TypedDataConstraints(verifyingContracts: [Self.address("1")]), mail) == .verifyingContract)
    #expect(try verdict(TypedDataConstraints(verifyingContracts: [contract]), nameOnly) == .verifyingContract)
    #expect(try verdict(TypedDataConstraints(), nameOnly) == nil)
    // 2⁶⁴ + 1 is not 1.
    let wide = try TypedDataTests.mail(replacing: "\"chainId\":1,", by: "\"chainId\":\"18446744073709551617\",")
    #expect(try verdict(TypedDataConstraints(chainIDs: [1]), wide) == .chain)
  }

  @Test func `A4 a Bitcoin transaction beyond its limits is refused, and change is not spending`() throws {
    let coins = try PSBTTests.coins()
    let key = try Self.key()
    func verdict(
      _ limits: BitcoinTransactionConstraints, _ outputs: [(UInt64, [UInt8])], coins spent: [Int] = [0, 1],
      proves: Bool = true
    ) throws -> ConstraintViolation? {
      let psbt = try PartiallySignedTransaction(
        decoding: coins.version0(spending: spent, to: outputs, proves: proves).encoded)
      return ContentConstraints(bitcoinTransaction: limits).permits(.bitcoinTransaction(psbt), by: key)
    }
    let limits = try BitcoinTransactionConstraints(
      outputScripts: [TestCoins.target], maximumSpend: 600_000, maximumFee: 50_000)
    let change = coins.key.script
    #expect(try verdict(limits, [(550_000, TestCoins.target), (2_400_000, change)]) == nil)
    #expect(try verdict(limits, [(550_000, TestCoins.target), (2_399_999, change)]) == .spend)
    #expect(try verdict(limits, [(500_000, TestCoins.target), (2_449_999, change)]) == .fee)
    #expect(try verdict(limits, [(1, TestCoins.foreignScript), (2_999_999, change)]) == .output)
    #expect(try verdict(limits, [(0, [0x6a]), (2_999_999, change)]) == .output)
    #expect(try verdict(limits, [(2_999_999, change)], proves: false) == .amountNotProven)
    #expect(try verdict(limits, [(999_999, change)], coins: [0], proves: false) == nil)
    // A stranger's coin in the same transaction is not this key's spending, but its fee is the transaction's.
    #expect(try verdict(limits, [(500_000, TestCoins.target), (990_000, change)], coins: [0, 2]) == nil)
    #expect(try verdict(limits, [(400_000, TestCoins.target), (990_000, change)], coins: [0, 2]) == .fee)
  }

  @Test func `lists that are empty, unsorted, repeated or too long are no limits`() throws {
    #expect(throws: ConstraintError.emptyList) { try EthereumTransactionConstraints(chainIDs: []) }
    #expect(throws: ConstraintError.notSorted) { try EthereumTransactionConstraints(chainIDs: [2, 1]) }
    #expect(throws: ConstraintError.notSorted) { try EthereumTransactionConstraints(chainIDs: [1, 1]) }
    #expect(throws: ConstraintError.outOfRange) { try EthereumTransactionConstraints(chainIDs: [0]) }
    #expect(throws: ConstraintError.tooManyEntries) { try EthereumTransactionConstraints(chainIDs: Array(1...257)) }
    #expect(throws: ConstraintError.notSorted) {
      try EthereumTransactionConstraints(recipients: [Self.address("2"), Self.address("1")])
    }
    #expect(throws: ConstraintError.emptyList) { try EthereumTransactionConstraints(functions: []) }
    #expect(throws: ConstraintError.inconsistent) { try EthereumTransactionConstraints(allowsPlainTransfers: true) }
    #expect(throws: ConstraintError.emptyList) { try PersonalMessageConstraints(prefix: []) }
    #expect(throws: ConstraintError.outOfRange) {
      try PersonalMessageConstraints(prefix: [UInt8](repeating: 1, count: 1025))
    }
    #expect(throws: ConstraintError.outOfRange) { try TypedDataConstraints(chainIDs: [0, 1]) }
    #expect(throws: ConstraintError.emptyList) { try TypedDataConstraints(verifyingContracts: []) }
    #expect(throws: ConstraintError.notSorted) { try BitcoinTransactionConstraints(outputScripts: [[2], [1]]) }
    #expect(throws: ConstraintError.outOfRange) { try BitcoinTransactionConstraints(outputScripts: [[]]) }
    #expect(throws: ConstraintError.outOfRange) { try BitcoinTransactionConstraints(maximumSpend: .max) }
  }

  @Test func `a taproot key signs Bitcoin transactions only`() throws {
    let key = ContentKey.taproot(Secp256k1.generator)
    #expect(key.ethereumAddress == nil)
    let content = try Self.transaction(to: Self.address("1"))
    #expect(throws: ContentError.keyCannotSign) { try content.digests(for: key) }
    #expect(try content.digests(for: Self.key()).map(\.input) == [nil])
  }
}
