import ActionNames
import Identifiers
import Membership
import ProtocolTestKit
import PublicKeys
import Signatures
import SigningContent
import Testing
import Transcripts
import Wire

@testable import Authorization

/// Requests that try to have a limited key sign what its record does not allow, through all steps of the judgement.
@Suite struct ConstraintBypassTests {
  private static func limits() throws -> ContentConstraints {
    try ContentConstraints(
      ethereumTransaction: EthereumTransactionConstraints(
        chainIDs: [1], recipients: [TestContent.address(0x11)], maximumValue: UInt256(10), maximumFee: UInt256(200),
        functions: [FunctionSelector(function: "transfer(address,uint256)")], allowsPlainTransfers: true),
      personalMessage: PersonalMessageConstraints(prefix: Array("Log in: ".utf8)),
      typedData: TypedDataConstraints(chainIDs: [1], verifyingContracts: [TestContent.address(0x11)]),
      bitcoinTransaction: BitcoinTransactionConstraints(
        outputScripts: [Self.payee], maximumSpend: 10_000, maximumFee: 1_000))
  }

  private static let payee: [UInt8] = [0x00, 20] + [UInt8](repeating: 0x22, count: 20)
  private static let thief: [UInt8] = [0x00, 20] + [UInt8](repeating: 0x66, count: 20)

  private static func limited() throws -> Setting {
    try Setting(kinds: [.transaction, .eip191, .eip712, .psbt], purpose: .secp256k1ECDSA, constraints: limits())
  }

  private static func judged(
    _ content: ContentToSign, _ setting: Setting, by examiner: any Examiner = PlainExaminer()
  ) throws -> Result<[UInt8], Refusal> {
    let authorizer = Authorizer(node: setting.node(0), instance: try Setting.instance(0), examiner: examiner)
    let submission = try Order(operation: .sign(key: setting.record.key, content: content)).submission(setting)
    do throws(Refusal) {
      let now = ClockReading(wall: setting.now, highest: setting.now)
      let operation = try authorizer.authorize(
        submission, at: now, in: setting.snapshot, under: setting.rules)
      guard case .sign(_, let message) = operation.work else { return .success([]) }
      return .success(message)
    } catch {
      return .failure(error)
    }
  }

  private static func script(_ setting: Setting) throws -> [UInt8] {
    try #require(setting.rules.contentKey(setting.record.key, setting.record.purpose)).bitcoin.script
  }

  /// What the limits allow, of every kind.
  private static func allowed(_ setting: Setting) throws -> [(ContentToSign, Digest32)] {
    let own = try script(setting)
    let transaction = try TestContent.transaction()
    let call = try TestContent.transaction(data: [0xa9, 0x05, 0x9c, 0xbb, 1])
    let document = TestContent.document()
    let psbt = WrittenPSBT.bytes(spending: [(50_000, own)], to: [(9_500, payee), (40_000, own)])
    let key = try #require(setting.rules.contentKey(setting.record.key, setting.record.purpose))
    return try [
      (.transaction(transaction.unsignedEncoding), transaction.signingDigest),
      (.transaction(call.unsignedEncoding), call.signingDigest),
      (.personalMessage(Array("Log in: 7".utf8)), EIP191.digest(Array("Log in: 7".utf8))),
      (.typedData(document), TypedData(decoding: document).signingDigest),
      (
        .psbt(psbt, input: 0),
        #require(PartiallySignedTransaction(decoding: psbt).digests(for: key.bitcoin).first).digest
      ),
    ]
  }

  /// Each outside exactly one limit, and perfectly well formed.
  private static func forbidden(_ setting: Setting) throws -> [(String, ContentToSign)] {
    let own = try script(setting)
    func transaction(_ transaction: EthereumTransaction) -> ContentToSign { .transaction(transaction.unsignedEncoding) }
    func psbt(_ coins: [WrittenPSBT.Coin], _ outputs: [WrittenPSBT.Coin]) -> ContentToSign {
      .psbt(WrittenPSBT.bytes(spending: coins, to: outputs), input: 0)
    }
    return try [
      ("another chain", transaction(TestContent.transaction(chainID: 5))),
      ("a new contract, which is a zero-length to", transaction(TestContent.transaction(to: nil))),
      ("another recipient", transaction(TestContent.transaction(to: TestContent.address(0x66)))),
      ("too much", transaction(TestContent.transaction(value: 11))),
      ("too high a fee", transaction(TestContent.transaction(gas: 101))),
      ("another function", transaction(TestContent.transaction(data: [0xa9, 0x05, 0x9c, 0xbc]))),
      ("data too short for a function", transaction(TestContent.transaction(data: [0xa9, 0x05, 0x9c]))),
      ("another message", .personalMessage(Array("Pay: 7".utf8))),
      ("a message in other letters", .personalMessage(Array("log in: 7".utf8))),
      ("typed data of another chain", .typedData(TestContent.document(chainID: 5))),
      ("typed data of no chain", .typedData(TestContent.document(chainID: nil))),
      (
        "typed data of another contract", .typedData(TestContent.document(contract: String(repeating: "66", count: 20)))
      ),
      ("typed data of an unknown domain", .typedData(TestContent.document(contract: nil))),
      ("coins to a thief", psbt([(50_000, own)], [(9_500, thief), (40_000, own)])),
      ("too many coins", psbt([(50_000, own)], [(19_500, payee), (30_000, own)])),
      ("coins to the miners", psbt([(50_000, own)], [(1_000, payee), (47_000, own)])),
    ]
  }

  @Test func `step 5 a limited key signs what its limits allow, by the digest the node computed`() throws {
    let setting = try Self.limited()
    for (content, digest) in try Self.allowed(setting) {
      #expect(try Self.judged(content, setting).get() == digest.bytes)
    }
  }

  @Test func `P37 A4 no request gets a limited key to sign outside one of its limits`() throws {
    let setting = try Self.limited()
    for (name, content) in try Self.forbidden(setting) {
      let result = try Self.judged(content, setting)
      #expect(throws: Refusal.self, "\(name)") { try result.get() }
      if case .failure(let refusal) = result { #expect(refusal.reason == .notPermitted, "\(name)") }
    }
  }

  @Test func `P37 A4 N a judge that looks at the kind only signs every one of them`() throws {
    let setting = try Self.limited()
    for (name, content) in try Self.forbidden(setting) {
      #expect(try Self.judged(content, setting, by: UnconcernedExaminer()).get().count == 32, "\(name)")
    }
  }

  @Test func `P37 a limited key signs no digest that the node did not compute`() throws {
    let setting = try Self.limited()
    let digest = try TestContent.transaction(to: TestContent.address(0x66)).signingDigest
    let contents: [ContentToSign] = [
      .raw(digest.bytes), .message(digest.bytes), .file(digest: digest, byteCount: 32),
    ]
    for content in contents {
      let result = try Self.judged(content, setting)
      #expect(throws: Refusal.self) { try result.get() }
      // Not even where the record's list is overlooked: there is nothing the limits could be compared with.
      let overlooked = try Self.judged(content, setting, by: BlindExaminer(skipsConstraints: false))
      #expect(throws: Refusal.self) { try overlooked.get() }
    }
  }

  @Test func `P37 N a judge without limits and lists signs a digest of anybody's choice`() throws {
    let setting = try Self.limited()
    let digest = try TestContent.transaction(to: TestContent.address(0x66)).signingDigest
    #expect(try Self.judged(.raw(digest.bytes), setting, by: BlindExaminer()).get() == digest.bytes)
  }

  /// Bytes that another reader could take for something the limits allow.
  private static func ambiguous(_ setting: Setting) throws -> [(String, ContentToSign)] {
    let canonical = try TestContent.transaction().unsignedEncoding
    let own = try script(setting)
    let psbt = WrittenPSBT.bytes(spending: [(50_000, own)], to: [(9_500, payee), (40_000, own)])
    let document = TestContent.document()
    let text = String(decoding: document, as: UTF8.self)
    // 0x0a, the value, with a zero in front: the same number for a lenient reader.
    var padded = canonical
    let value = try #require(padded.lastIndex(of: 0x0a))
    padded.replaceSubrange(value...value, with: [0x82, 0x00, 0x0a])
    padded[1] += 2
    var short = canonical
    let to = try #require(short.firstIndex(of: 0x94))
    short.replaceSubrange(to...(to + 1), with: [0x93])
    short[1] -= 1
    return [
      ("bytes behind a transaction", .transaction(canonical + [0])),
      ("a leading zero", .transaction(padded)),
      ("an address of 19 bytes", .transaction(short)),
      ("no transaction", .transaction([])),
      ("an unknown type", .transaction([3] + canonical.dropFirst())),
      ("a truncated transaction", .transaction(canonical.dropLast())),
      ("bytes behind a PSBT", .psbt(psbt + [0], input: 0)),
      ("no PSBT", .psbt(Array("psbt".utf8), input: 0)),
      ("a second domain", .typedData(Array(text.replacing("\"domain\":", with: "\"domain\":{},\"domain\":").utf8))),
      ("a member nobody knows", .typedData(Array(text.replacing("\"price\":5", with: "\"price\":5,\"x\":1").utf8))),
      ("a domain field nobody knows", .typedData(Array(text.replacing("chainId", with: "chainID").utf8))),
    ]
  }

  @Test func `P37 A4 bytes that are not one canonical document are refused before any key is looked at`() throws {
    let setting = try Self.limited()
    for (name, content) in try Self.ambiguous(setting) {
      for key in [setting.record.key, .zero] {
        let order = Order(operation: .sign(key: key, content: content), grants: [.everything(.sign)])
        let refusal = try #require(setting.refusal(order), "\(name)")
        #expect(refusal.code == .invalidRequest, "\(name)")
        #expect(refusal.step == .permission, "\(name)")
      }
    }
  }

  @Test func `P37 A4 N a judge that hashes what it cannot read signs every one of them`() throws {
    let setting = try Self.limited()
    for (name, content) in try Self.ambiguous(setting) {
      #expect(try Self.judged(content, setting, by: BlindExaminer()).get().count == 32, "\(name)")
    }
  }

  @Test func `P37 amounts swapped between inputs are not believed, and under taproot make another digest`() throws {
    let setting = try Self.limited()
    let own = try Self.script(setting)
    let swapped = [(5_000, 45_000), (45_000, 5_000)].map { (first: UInt64, second: UInt64) in
      WrittenPSBT.bytes(spending: [(first, own), (second, own)], to: [(9_500, Self.payee), (40_000, own)])
    }
    for psbt in swapped {
      let result = try Self.judged(.psbt(psbt, input: 0), setting)
      #expect(throws: Refusal.self) { try result.get() }
    }
    let taproot = try Setting(
      kinds: [.psbt], purpose: .secp256k1Taproot,
      constraints: ContentConstraints(
        bitcoinTransaction: BitcoinTransactionConstraints(maximumSpend: 10_000, maximumFee: 1_000)))
    let key = try Self.script(taproot)
    let messages = try [(5_000, 45_000), (45_000, 5_000)].map { (first: UInt64, second: UInt64) in
      let psbt = WrittenPSBT.bytes(spending: [(first, key), (second, key)], to: [(9_500, Self.payee), (40_000, key)])
      return try Self.judged(.psbt(psbt, input: 0), taproot).get()
    }
    #expect(Set(messages).count == 2)
    // An input that is not the key's, and one that is not there.
    let foreign = WrittenPSBT.bytes(spending: [(5_000, key), (5_000, Self.thief)], to: [(9_500, key)])
    for input in [1, 2, UInt64(1) << 52] {
      let result = try Self.judged(.psbt(foreign, input: input), taproot)
      #expect(throws: Refusal.self) { try result.get() }
    }
  }

  @Test func `A8 each byte of content and each input of a PSBT is a session of its own`() throws {
    let setting = try Setting(kinds: [.psbt], purpose: .secp256k1Taproot)
    let own = try Self.script(setting)
    let psbt = WrittenPSBT.bytes(spending: [(5_000, own), (6_000, own)], to: [(9_500, own)])
    let other = WrittenPSBT.bytes(spending: [(5_000, own), (6_000, own)], to: [(9_501, own)])
    let contents: [ContentToSign] = [.psbt(psbt, input: 0), .psbt(psbt, input: 1), .psbt(other, input: 0)]
    let sessions = try contents.map {
      try setting.authorize(Order(operation: .sign(key: setting.record.key, content: $0)))
        .session(protocolName: "frost/taproot")
    }
    #expect(Set(sessions).count == contents.count)
  }

  @Test func `P37 a key without limits signs a listed kind only, of whatever content`() throws {
    let setting = try Setting(kinds: [.transaction], purpose: .secp256k1ECDSA)
    let anything = try TestContent.transaction(chainID: 99, to: nil, value: 1 << 40)
    #expect(
      try Self.judged(.transaction(anything.unsignedEncoding), setting).get() == anything.signingDigest.bytes)
    #expect(throws: Refusal.self) { try Self.judged(.personalMessage([1]), setting).get() }
    #expect(throws: Refusal.self) { try Self.judged(.typedData(TestContent.document()), setting).get() }
  }
}

/// Skips the constraints.
private struct UnconcernedExaminer: Examiner {
  let plain = PlainExaminer()

  func isSigned(_ message: SIWEMessage, _ signature: [UInt8], text: String) -> Bool {
    plain.isSigned(message, signature, text: text)
  }

  func record(of key: KeyID, in snapshot: MembershipSnapshot) -> KeyRecord? { plain.record(of: key, in: snapshot) }
  func grants(_ reCap: ReCap, _ wanted: Grant) -> Bool { plain.grants(reCap, wanted) }
  func names(_ reCap: ReCap, _ wanted: Grant) -> Bool { plain.names(reCap, wanted) }
  func lists(_ record: KeyRecord, _ wallet: WalletAddress) -> Bool { plain.lists(record, wallet) }
  func lists(_ record: KeyRecord, _ action: ActionID) -> Bool { plain.lists(record, action) }
  func allows(_ record: KeyRecord, _ kind: SigningKind) -> Bool { plain.allows(record, kind) }
  func read(_ content: ContentToSign) throws(ContentError) -> ReadableContent { try plain.read(content) }

  func contentKey(of record: KeyRecord, under rules: QuorumRules) -> ContentKey? {
    plain.contentKey(of: record, under: rules)
  }

  func permits(_ record: KeyRecord, _ content: ReadableContent, by key: ContentKey?) -> Bool { true }

  func message(of content: ReadableContent, for purpose: KeyPurpose, by key: ContentKey?) -> [UInt8]? {
    plain.message(of: content, for: purpose, by: key)
  }

  func policy(_ bytes: [UInt8]) -> DecryptionPolicy? { plain.policy(bytes) }
  func allows(_ policy: DecryptionPolicy, _ wallet: WalletAddress) -> Bool { plain.allows(policy, wallet) }
  func allows(_ policy: DecryptionPolicy, _ action: ActionID) -> Bool { plain.allows(policy, action) }
}

/// Takes a digest from whoever gives one, and hashes what it cannot read.
private struct BlindExaminer: Examiner {
  let plain = PlainExaminer()
  var skipsConstraints = true

  func isSigned(_ message: SIWEMessage, _ signature: [UInt8], text: String) -> Bool {
    plain.isSigned(message, signature, text: text)
  }

  func record(of key: KeyID, in snapshot: MembershipSnapshot) -> KeyRecord? { plain.record(of: key, in: snapshot) }
  func grants(_ reCap: ReCap, _ wanted: Grant) -> Bool { plain.grants(reCap, wanted) }
  func names(_ reCap: ReCap, _ wanted: Grant) -> Bool { plain.names(reCap, wanted) }
  func lists(_ record: KeyRecord, _ wallet: WalletAddress) -> Bool { plain.lists(record, wallet) }
  func lists(_ record: KeyRecord, _ action: ActionID) -> Bool { plain.lists(record, action) }
  func allows(_ record: KeyRecord, _ kind: SigningKind) -> Bool { true }

  func read(_ content: ContentToSign) throws(ContentError) -> ReadableContent {
    if let read = try? plain.read(content) { return read }
    switch content {
    case .transaction(let bytes), .typedData(let bytes), .psbt(let bytes, _), .personalMessage(let bytes):
      return .opaque(.raw(Digest32.keccak256(bytes).bytes))
    case .message, .file, .raw: return .opaque(content)
    }
  }

  func contentKey(of record: KeyRecord, under rules: QuorumRules) -> ContentKey? {
    plain.contentKey(of: record, under: rules)
  }

  func permits(_ record: KeyRecord, _ content: ReadableContent, by key: ContentKey?) -> Bool {
    skipsConstraints || plain.permits(record, content, by: key)
  }

  func message(of content: ReadableContent, for purpose: KeyPurpose, by key: ContentKey?) -> [UInt8]? {
    if case .opaque(let opaque) = content { return opaque.framed }
    return plain.message(of: content, for: purpose, by: key)
  }

  func policy(_ bytes: [UInt8]) -> DecryptionPolicy? { plain.policy(bytes) }
  func allows(_ policy: DecryptionPolicy, _ wallet: WalletAddress) -> Bool { plain.allows(policy, wallet) }
  func allows(_ policy: DecryptionPolicy, _ action: ActionID) -> Bool { plain.allows(policy, action) }
}
