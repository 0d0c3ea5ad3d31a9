import Identifiers
import ProtocolTestKit
import Secrets
import Signatures
import SigningContent
import Testing

@Suite struct EthereumTransactionTests {
  /// The example of EIP-155: key, unsigned bytes, their hash and the signed transaction.
  enum EIP155 {
    static let key = String(repeating: "46", count: 32)
    static let unsigned =
      "ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080"
    static let digest = "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"
    static let signed =
      "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc"
      + "2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a"
      + "3b6d83"
    static let hash = "33469b22e9f636356c4160a87eb19df52b7412e8eac32a4a55ffe88ea8350788"
  }

  static let sender = "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F"

  static func key() throws -> ContentKey {
    .ecdsa(try EthereumSigningKey(secret: SecretBytes(copying: Hex.decode(EIP155.key))).publicKey)
  }

  static func sign(_ transaction: EthereumTransaction) throws -> SignedEthereumTransaction {
    let key = try EthereumSigningKey(secret: SecretBytes(copying: Hex.decode(EIP155.key)))
    let signature = try key.sign(transaction.signingDigest)
    return try transaction.signed(by: Array(signature.prefix(64)), recoveryID: signature[64] - 27)
  }

  static func transaction(
    fees: EthereumTransaction.Fees, accessList: [EthereumTransaction.Access]
  ) throws -> EthereumTransaction {
    try EthereumTransaction(
      chainID: 1, nonce: 7, fees: fees, gasLimit: 120_000,
      to: WalletAddress(checksumText: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
      value: UInt256(1_234_567_890_123_456_789),
      data: Hex.decode(
        "a9059cbb" + String(repeating: "00", count: 12) + String(repeating: "35", count: 20)
          + String(repeating: "00", count: 31) + "05"), accessList: accessList)
  }

  static func accessList() throws -> [EthereumTransaction.Access] {
    func address(_ digit: String) throws -> WalletAddress {
      try WalletAddress(text: "0x" + String(repeating: digit, count: 40))
    }
    let slots = [try Digest32(bytes: [UInt8](repeating: 0x22, count: 32)), .zero]
    return [.init(address: try address("1"), slots: slots), .init(address: try address("3"), slots: [])]
  }

  @Test func `the example of EIP-155 is read, hashed and signed`() throws {
    let bytes = try Hex.decode(EIP155.unsigned)
    let transaction = try EthereumTransaction(decodingUnsigned: bytes)
    #expect(transaction.chainID == 1)
    #expect(transaction.nonce == 9)
    #expect(transaction.fees == .legacy(gasPrice: UInt256(20_000_000_000)))
    #expect(transaction.gasLimit == 21_000)
    #expect(transaction.to?.text == "0x" + String(repeating: "35", count: 20))
    #expect(transaction.value.decimal(inUnitsOf: 18) == "1")
    #expect(transaction.maximumFee.decimal(inUnitsOf: 18) == "0.00042")
    #expect(transaction.data.isEmpty)
    #expect(transaction.unsignedEncoding == bytes)
    #expect(transaction.signingDigest.text == EIP155.digest)
    let signed = try Self.sign(transaction)
    #expect(Hex.encode(signed.serialized) == EIP155.signed)
    #expect(signed.hash.text == EIP155.hash)
    #expect(signed.sender.checksumText == Self.sender)
  }

  /// Computed with `eth-account` for the same key.
  @Test func `a transaction with a fee cap has the hash and signature others compute`() throws {
    let fees = EthereumTransaction.Fees.capped(priority: UInt256(1_500_000_000), maximum: UInt256(40_000_000_000))
    let transaction = try Self.transaction(fees: fees, accessList: Self.accessList())
    #expect(transaction.signingDigest.text == "82af767c7e00ce541eb06b716b4bf6cf2b560676b303a6f29a69618bcfc4d11a")
    #expect(try EthereumTransaction(decodingUnsigned: transaction.unsignedEncoding) == transaction)
    let signed = try Self.sign(transaction)
    #expect(signed.hash.text == "5b61c484eb059aa6cc2890a0f4a5cb2e55304360f26039d6f19f9a5364194ea6")
    #expect(signed.sender.checksumText == Self.sender)
  }

  @Test func `a transaction with an access list has the hash and signature others compute`() throws {
    let transaction = try Self.transaction(
      fees: .accessList(gasPrice: UInt256(30_000_000_000)), accessList: Self.accessList())
    #expect(transaction.signingDigest.text == "1c1bde0db60ee1a1f8754369cdd2d9a2eb48124c7655eaadc56007146c1d40e8")
    #expect(try EthereumTransaction(decodingUnsigned: transaction.unsignedEncoding) == transaction)
    #expect(try Self.sign(transaction).hash.text == "cba1026321fd58e24b65e021beb5fa97a03a757be5dc65431451bc002d5a9113")
  }

  @Test func `a signature by nobody and of something else is refused`() throws {
    let transaction = try EthereumTransaction(decodingUnsigned: Hex.decode(EIP155.unsigned))
    let key = try EthereumSigningKey(secret: SecretBytes(copying: Hex.decode(EIP155.key)))
    let signature = try key.sign(transaction.signingDigest)
    for (scalars, id): ([UInt8], UInt8) in [
      (Array(signature.prefix(63)), 0), (Array(signature.prefix(64)), 2),
      ([UInt8](repeating: 0, count: 64), 0), ([UInt8](repeating: 0xff, count: 64), 0),
    ] {
      #expect(throws: EthereumTransactionError.signature) { try transaction.signed(by: scalars, recoveryID: id) }
    }
    let other = try transaction.signed(by: Array(signature.prefix(64)), recoveryID: 28 - signature[64])
    #expect(other.sender != key.address)
  }

  static func number(_ value: UInt64) -> RLPItem { .integer(value) }

  static func word(_ value: UInt256) -> RLPItem { .integer(value) }

  /// The nine fields of a legacy transaction, one of them replaced.
  static func legacy(replacing place: Int? = nil, by item: RLPItem = .bytes([])) -> [RLPItem] {
    var items: [RLPItem] = [
      number(9), number(20), number(21_000), .bytes([UInt8](repeating: 0x35, count: 20)),
      number(1), .bytes([]), number(1), .bytes([]), .bytes([]),
    ]
    if let place { items[place] = item }
    return items
  }

  static let refusedLegacy: [([RLPItem], EthereumTransactionError)] = [
    (Array(legacy().prefix(6)), .unprotected), (legacy(replacing: 6), .unprotected),
    (Array(legacy().prefix(8)), .malformed), (legacy() + [.bytes([])], .malformed), ([], .malformed),
    (legacy(replacing: 0, by: .bytes([0, 9])), .leadingZero), (legacy(replacing: 0, by: .bytes([0])), .leadingZero),
    (legacy(replacing: 1, by: .bytes([0, 1])), .leadingZero), (legacy(replacing: 4, by: .bytes([0])), .leadingZero),
    (legacy(replacing: 6, by: .bytes([0, 1])), .leadingZero),
    (legacy(replacing: 3, by: .list([])), .malformed), (legacy(replacing: 3, by: .bytes([0x35])), .malformed),
    (legacy(replacing: 3, by: .bytes([UInt8](repeating: 0, count: 21))), .malformed),
    (legacy(replacing: 5, by: .list([])), .malformed), (legacy(replacing: 7, by: .bytes([1])), .malformed),
    (legacy(replacing: 8, by: .bytes([0])), .malformed), (legacy(replacing: 7, by: .list([])), .malformed),
    (legacy(replacing: 0, by: number(UInt64.max)), .outOfRange),
    (legacy(replacing: 2, by: .bytes([UInt8](repeating: 1, count: 9))), .outOfRange),
    (legacy(replacing: 4, by: .bytes([UInt8](repeating: 1, count: 33))), .outOfRange),
    (legacy(replacing: 6, by: number(UInt64.max / 2 - 35)), .outOfRange),
    (legacy(replacing: 1, by: word(UInt256.max)), .outOfRange),
    (legacy(replacing: 4, by: word(UInt256.max)), .outOfRange),
  ]

  @Test(arguments: refusedLegacy)
  func `T13 a legacy transaction that is not exactly one is refused`(
    items: [RLPItem], error: EthereumTransactionError
  ) {
    #expect(throws: error) { try EthereumTransaction(decodingUnsigned: RLPItem.list(items).encoded) }
  }

  @Test func `T13 N the fields that are replaced make a transaction`() throws {
    let transaction = try EthereumTransaction(decodingUnsigned: RLPItem.list(Self.legacy()).encoded)
    #expect(transaction.nonce == 9)
    let creation = try EthereumTransaction(decodingUnsigned: RLPItem.list(Self.legacy(replacing: 3)).encoded)
    #expect(creation.createsContract)
  }

  @Test func `T13 bytes behind a transaction and types nobody knows are refused`() throws {
    let bytes = RLPItem.list(Self.legacy()).encoded
    #expect(throws: EthereumTransactionError.rlp(.trailingBytes)) {
      try EthereumTransaction(decodingUnsigned: bytes + [0])
    }
    #expect(throws: EthereumTransactionError.rlp(.truncated)) { try EthereumTransaction(decodingUnsigned: []) }
    for type: UInt8 in [0, 3, 4, 0x19, 0x7f, 0x80, 0xbf] {
      #expect(throws: EthereumTransactionError.unknownType) {
        try EthereumTransaction(decodingUnsigned: [type] + bytes)
      }
    }
    #expect(throws: EthereumTransactionError.tooLarge) {
      try EthereumTransaction(decodingUnsigned: [UInt8](repeating: 1, count: EthereumTransaction.byteLimit + 1))
    }
  }

  @Test func `T13 an access list of anything else is refused`() throws {
    let fields: [RLPItem] = [
      Self.number(1), .bytes([]), Self.number(1), Self.number(2), Self.number(21_000),
      .bytes([UInt8](repeating: 0x35, count: 20)), .bytes([]), .bytes([]),
    ]
    func decode(_ access: RLPItem) throws -> EthereumTransaction {
      try EthereumTransaction(decodingUnsigned: [2] + RLPItem.list(fields + [access]).encoded)
    }
    let address = RLPItem.bytes([UInt8](repeating: 1, count: 20))
    let slot = RLPItem.bytes([UInt8](repeating: 2, count: 32))
    _ = try decode(.list([.list([address, .list([slot])])]))
    for wrong: RLPItem in [
      .bytes([]), .list([address]), .list([.list([address])]), .list([.list([address, slot])]),
      .list([.list([address, .list([.bytes([1])])])]), .list([.list([.bytes([]), .list([])])]),
      .list([.list([address, .list([.list([])])])]), .list([.list([address, .list([]), .list([])])]),
    ] {
      #expect(throws: EthereumTransactionError.malformed) { try decode(wrong) }
    }
  }

  @Test func `a priority above the cap is refused`() {
    #expect(throws: EthereumTransactionError.priorityAboveMaximum) {
      try Self.transaction(fees: .capped(priority: UInt256(2), maximum: UInt256(1)), accessList: [])
    }
  }

  @Test func `a summary is in units people use`() throws {
    let fees = EthereumTransaction.Fees.capped(priority: UInt256(1_500_000_000), maximum: UInt256(40_000_000_000))
    let content = SignableContent.ethereumTransaction(try Self.transaction(fees: fees, accessList: []))
    let shown = try content.summary(for: Self.key()).map { "\($0.label): \($0.value)" }
    #expect(
      shown == [
        "Ethereum transaction: EIP-1559", "chain id: 1", "to: 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        "value: 1.234567890123456789 ETH", "fee at most: 0.0048 ETH",
        "gas: 120000 at most 40 gwei, priority 1.5 gwei", "nonce: 7", "data: 68 bytes, function 0xa9059cbb",
      ])
    #expect(FunctionSelector(function: "transfer(address,uint256)").text == "0xa9059cbb")
  }
}
