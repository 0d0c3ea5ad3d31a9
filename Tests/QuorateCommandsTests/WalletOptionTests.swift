import ArgumentParser
import Authorization
import Curves
import Identifiers
import Membership
import PublicKeys
import Secrets
import Signatures
import SigningContent
import Testing
import Transcripts
import Wire

@testable import QuorateCommands

@Suite struct WalletOptionTests {
  @Test(arguments: [
    ("0.5eth", "500000000000000000"), ("1 ether", "1000000000000000000"), ("0eth", "0"), ("20gwei", "20000000000"),
    ("0.000000001gwei", "1"), ("7wei", "7"), ("00.1ETH", "100000000000000000"),
  ])
  func `amounts of ether are exact`(_ text: String, _ wei: String) throws {
    let amount = try CoinAmount(text)
    #expect(amount.coin == .ether)
    #expect(amount.smallest.decimal == wei)
  }

  @Test func `amounts of bitcoin are exact`() throws {
    #expect(try CoinAmount("0.01btc").smallest == UInt256(1_000_000))
    #expect(try CoinAmount("0.00000001 BTC").smallest == UInt256(1))
    #expect(try CoinAmount("1000sat").coin == .bitcoin)
  }

  @Test(arguments: [
    "", "1", "eth", ".5eth", "1.eth", "1.2.3eth", "-1eth", "1e3wei", "0.5wei", "0.5sat", "0.000000001btc", "1,5eth",
    "1 000wei", "0x10wei", "٣eth", String(repeating: "9", count: 80) + "wei", "1btceth",
  ])
  func `what is not one amount is refused`(_ text: String) {
    #expect(throws: CommandFailure.self) { try CoinAmount(text) }
  }

  private static let address = "0x1111111111111111111111111111111111111111"

  private func limits(_ line: String, _ kinds: Set<SigningKind>) throws -> ContentConstraints? {
    try ConstraintOptions.parse(line.split(separator: " ").map(String.init)).constraints(for: kinds)
  }

  @Test func `limits become constraints in their canonical order`() throws {
    let address = try WalletAddress(text: Self.address)
    #expect(
      try limits(
        "--chain-id 137 --chain-id 1 --chain-id 1 --to \(Self.address) --max-value 0.5eth --max-fee 1gwei "
          + "--function transfer(address,uint256) --function 0x00000001 --plain-transfers", [.transaction])
        == ContentConstraints(
          ethereumTransaction: EthereumTransactionConstraints(
            chainIDs: [1, 137], recipients: [address], maximumValue: UInt256(500_000_000_000_000_000),
            maximumFee: UInt256(1_000_000_000),
            functions: [
              #require(FunctionSelector(text: "0x00000001")), FunctionSelector(function: "transfer(address,uint256)"),
            ], allowsPlainTransfers: true)))
    #expect(
      try limits("--chain-id 1 --contract \(Self.address) --message-prefix Hi", [.eip712, .eip191])
        == ContentConstraints(
          personalMessage: PersonalMessageConstraints(prefix: Array("Hi".utf8)),
          typedData: TypedDataConstraints(chainIDs: [1], verifyingContracts: [address])))
    let bitcoin = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    #expect(
      try limits("--to \(bitcoin) --max-value 0.5btc --max-fee 100sat --max-value 1eth", [.psbt, .transaction])
        == ContentConstraints(
          ethereumTransaction: EthereumTransactionConstraints(maximumValue: UInt256(1_000_000_000_000_000_000)),
          bitcoinTransaction: BitcoinTransactionConstraints(
            outputScripts: [#require(SegwitAddress(text: bitcoin)).script], maximumSpend: 50_000_000, maximumFee: 100)))
  }

  @Test func `a kind without a limit of its own is described beside limited ones`() throws {
    let constraints = try #require(try limits("--chain-id 1", [.transaction, .eip191]))
    #expect(constraints.describedKinds == [.transaction, .eip191])
    #expect(try limits("", [.transaction]) == nil)
  }

  @Test func `limits nobody could hold a key to are refused`() throws {
    let refused: [(String, Set<SigningKind>)] = [
      ("--chain-id 1", [.transaction, .raw]), ("--chain-id 1", [.message]), ("--chain-id 1", [.psbt]),
      ("--chain-id 0", [.transaction]), ("--to \(Self.address)", [.psbt]),
      ("--to bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", [.transaction]), ("--to somebody", [.transaction]),
      ("--max-value 1eth", [.psbt]), ("--max-value 1btc", [.transaction]), ("--max-value 1", [.transaction]),
      ("--max-value 1eth --max-value 2eth", [.transaction]), ("--max-fee 22000000btc", [.psbt]),
      ("--function transfer", [.transaction]), ("--function 0x123", [.transaction]),
      ("--plain-transfers", [.transaction]), ("--message-prefix x", [.eip712]),
      ("--contract \(Self.address)", [.eip191]),
      ("--contract me", [.eip712]),
    ]
    for (line, kinds) in refused {
      #expect(throws: CommandFailure.self, "\(line)") { try limits(line, kinds) }
    }
  }

  @Test func `a transaction comes as hex, bytes or fields`() throws {
    let folder = try TestFolder()
    let address = try WalletAddress(text: Self.address)
    let transaction = try EthereumTransaction(
      chainID: 1, nonce: 9, fees: .capped(priority: UInt256(1), maximum: UInt256(20_000_000_000)), gasLimit: 21_000,
      to: address, value: UInt256(5), data: [1, 2])
    let bytes = transaction.unsignedEncoding
    try PrivateFile.write(bytes, to: folder("bytes"))
    try PrivateFile.write(Array(("0x" + Hex.encode(bytes) + "\n").utf8), to: folder("hex"))
    let fields = """
      {"type":"0x2","chainId":"0x1","nonce":9,"maxPriorityFeePerGas":"1","maxFeePerGas":"0x4a817c800","gas":"21000",
      "to":"\(Self.address)","value":"5","data":"0x0102"}
      """
    try PrivateFile.write(Array(fields.utf8), to: folder("fields"))
    for text in [Hex.encode(bytes), "0x" + Hex.encode(bytes), folder("bytes"), folder("hex"), folder("fields")] {
      #expect(try TransactionFile.read(text) == bytes)
    }
    let creation = fields.replacing("\"\(Self.address)\"", with: "null")
    #expect(try TransactionFile.fields(Array(creation.utf8)).createsContract)
    let changes = [
      ("\"to\":\"\(Self.address)\",", ""), ("\"nonce\":9", "\"nonce\":-1"), ("\"0x2\"", "\"0x1\""),
      ("\"0x0102\"", "\"0102\""),
      ("\"5\"", "\"5.0\""), ("\"5\"", "\"0x\""), ("\"21000\"", "\"18446744073709551616\""), ("\"gas\"", "\"gasLimit\""),
    ]
    for (original, replacement) in changes {
      let changed = fields.replacing(original, with: replacement)
      #expect(changed != fields)
      #expect(throws: CommandFailure.self, "\(replacement)") { try TransactionFile.fields(Array(changed.utf8)) }
    }
  }

  @Test func `a PSBT is written back in the form it came in`() throws {
    let folder = try TestFolder()
    let bytes = Array("psbt".utf8) + [0xff, 0, 1, 2]
    try PrivateFile.write(bytes, to: folder("binary"))
    try PrivateFile.write(Array((Base64Text.encode(bytes) + "\n").utf8), to: folder("text"))
    #expect(try PSBTFile(path: folder("binary")).bytes == bytes)
    #expect(try PSBTFile(path: folder("binary")).written(bytes) == bytes)
    #expect(try PSBTFile(path: folder("text")).bytes == bytes)
    #expect(try PSBTFile(path: folder("text")).written(bytes) == Array((Base64Text.encode(bytes) + "\n").utf8))
    try PrivateFile.write([1, 2, 3], to: folder("other"))
    #expect(throws: CommandFailure.self) { try PSBTFile(path: folder("other")) }
  }

  @Test func `nothing is signed that nobody confirmed`() throws {
    func ask(_ format: OutputFormat, terminal: Bool, _ answer: String?, yes: Bool = false) throws {
      let traits = TerminalTraits(
        outputIsTerminal: terminal, errorIsTerminal: terminal, allowsColour: false, inputIsTerminal: terminal)
      let console = Console(format: format, traits: traits, streams: CollectedStreams())
      try Confirmation(console: console, isGiven: yes, answer: { answer }).require("Sign?")
    }
    try ask(.text, terminal: true, "y")
    try ask(.text, terminal: true, "YES")
    try ask(.json, terminal: false, nil, yes: true)
    for answer in [nil, "", "n", "maybe"] {
      #expect(throws: CommandFailure.self) { try ask(.text, terminal: true, answer) }
    }
    #expect(throws: CommandFailure.self) { try ask(.json, terminal: true, "y") }
    #expect(throws: CommandFailure.self) { try ask(.text, terminal: false, "y") }
  }
}

@Suite struct ContentSigningTests {
  private let wallet: EthereumSigningKey
  private let record: KeyRecord
  private let publicKey: AnyPublicKey

  init() throws {
    wallet = try EthereumSigningKey(secret: SecretBytes(copying: [UInt8](repeating: 0x51, count: 32)))
    record = try KeyRecord(
      network: .zero, purpose: .secp256k1ECDSA, owner: wallet.address, salt: [UInt8](repeating: 1, count: 16),
      kinds: [.transaction, .eip191], wallets: [wallet.address],
      constraints: ContentConstraints(
        ethereumTransaction: EthereumTransactionConstraints(maximumValue: UInt256(10)),
        personalMessage: PersonalMessageConstraints()))
    publicKey = try AnyPublicKey(purpose: .secp256k1ECDSA, bytes: wallet.publicKey.canonicalBytes)
  }

  private func transaction(value: UInt64) throws -> EthereumTransaction {
    try EthereumTransaction(
      chainID: 1, nonce: 0, fees: .capped(priority: UInt256(1), maximum: UInt256(2)), gasLimit: 100,
      to: WalletAddress(bytes: [UInt8](repeating: 0x11, count: 20)), value: UInt256(value), data: [])
  }

  private func prepare(_ content: ContentToSign) throws -> ContentSigning.Prepared {
    try ContentSigning.prepare(content, under: publicKey, record, .mainnet)
  }

  @Test func `what is shown and hashed is what the bytes say`() throws {
    let transaction = try transaction(value: 10)
    let prepared = try prepare(.transaction(transaction.unsignedEncoding))
    #expect(prepared.digests.map(\.digest) == [transaction.signingDigest])
    #expect(prepared.summary.contains { $0.label == "value" && $0.value == "0.00000000000000001 ETH" })
  }

  @Test func `a key's own limits are looked at before anybody is asked`() throws {
    #expect {
      try prepare(.transaction(transaction(value: 11).unsignedEncoding))
    } throws: {
      ($0 as? CommandFailure)?.code == .refused
    }
    for content: ContentToSign in [.transaction([1, 2]), .typedData([]), .psbt([], input: 0), .message([1])] {
      #expect {
        try prepare(content)
      } throws: {
        ($0 as? CommandFailure)?.code == .badInput
      }
    }
  }

  @Test func `the recovery id is the one that gives the key's address`() throws {
    let digest = Digest32.sha256(of: [1])
    let signature = try wallet.sign(digest)
    let compact = Array(signature.prefix(64))
    #expect(ContentResult.recoveryID(compact, of: digest, by: wallet.address) == signature[64] - 27)
    #expect(ContentResult.recoveryID(compact, of: digest, by: .zero) == nil)
    #expect(ContentResult.recoveryID(compact, of: .zero, by: wallet.address) == nil)
  }

  @Test func `a key is shown with its addresses and limits`() throws {
    let text = KeyDescription(record: record, name: nil, publicKey: publicKey, bitcoin: .testnet).text
    #expect(text.contains(wallet.address.checksumText))
    #expect(text.contains("tb1q"))
    #expect(text.contains("transaction: value at most 0.00000000000000001 ETH"))
    #expect(text.contains("eip191: no limit"))
  }
}
