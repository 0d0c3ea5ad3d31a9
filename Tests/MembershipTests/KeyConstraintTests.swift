import ActionNames
import Identifiers
import Membership
import PublicKeys
import Signatures
import SigningContent
import Testing
import Wire

@Suite struct KeyConstraintTests {
  private let network: Network

  init() throws { network = try Network() }

  private func record(
    _ kinds: Set<SigningKind>, _ constraints: ContentConstraints?, purpose: KeyPurpose = .secp256k1ECDSA
  ) throws -> KeyRecord {
    try KeyRecord(
      network: network.founding.network, purpose: purpose, owner: network.owner.address,
      salt: [UInt8](repeating: 1, count: 16), kinds: kinds, wallets: [network.owner.address], constraints: constraints)
  }

  private static func everything() throws -> ContentConstraints {
    let addresses = try [0x11, 0x22].map { try WalletAddress(bytes: [UInt8](repeating: $0, count: 20)) }
    return ContentConstraints(
      ethereumTransaction: try EthereumTransactionConstraints(
        chainIDs: [1, 137], recipients: addresses, maximumValue: UInt256(5), maximumFee: UInt256.max,
        functions: [FunctionSelector(function: "transfer(address,uint256)")], allowsPlainTransfers: true),
      personalMessage: try PersonalMessageConstraints(prefix: Array("Log in: ".utf8)),
      typedData: try TypedDataConstraints(chainIDs: [EthereumTransaction.mostChains], verifyingContracts: addresses),
      bitcoinTransaction: try BitcoinTransactionConstraints(
        outputScripts: [[0x51, 0x20] + [UInt8](repeating: 9, count: 32)], maximumSpend: 100_000, maximumFee: 0))
  }

  private func body(_ record: KeyRecord) throws -> String {
    let snapshot = try network.applying([.members(network.members())])
    return String(decoding: try snapshot.proposing(.keyRecord(record)).body, as: UTF8.self)
  }

  private func reading(_ body: String) throws -> KeyRecord? {
    let change = try RegistryChange(kind: .keyRecord, body: Array(body.utf8), network: network.founding.network)
    guard case .keyRecord(let record) = change else { return nil }
    return record
  }

  @Test func `a record without constraints is written as before there were any`() throws {
    let address = network.owner.address
    #expect(
      try body(record([.message, .raw], nil, purpose: .ed25519Sign)) == """
        {"purpose":"ed25519-sign","owner":"\(address)","salt":"AQEBAQEBAQEBAQEBAQEBAQ","kinds":["message","raw"],\
        "wallets":["\(address)"]}
        """)
  }

  @Test func `a record names actions behind its wallets, in one order only`() throws {
    let actions = ["hello world\n", "hello world"].map { ActionID(of: Array($0.utf8)) }
    func record(_ actions: Set<ActionID>) throws -> KeyRecord {
      try KeyRecord(
        network: network.founding.network, purpose: .ed25519Sign, owner: network.owner.address,
        salt: [UInt8](repeating: 1, count: 16), kinds: [.message], wallets: [], actions: actions)
    }
    let named = try record(Set(actions))
    let body = try body(named)
    #expect(
      body.hasSuffix(
        #""wallets":[],"actions":["QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o","#
          + #""Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD"]}"#))
    #expect(try reading(body) == named)
    #expect(try record([]).key == named.key)
    let list = #"["QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o","Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD"]"#
    for wrong in ["[]", #"["Qm"]"#, #"["*"]"#, "[1]", "{}"] {
      #expect(throws: FormatError.invalid("actions")) { try reading(body.replacing(list, with: wrong)) }
    }
    #expect(throws: FormatError.invalid("actions")) { try record(Set((0..<65).map { ActionID(of: [$0]) })) }
  }

  @Test func `the text a wallet signs shows every limit, and reads back as the same record`() throws {
    let record = try record([.transaction, .eip191, .eip712, .psbt], Self.everything())
    let body = try body(record)
    #expect(
      body.hasSuffix(
        #"""
        "constraints":{"transaction":{"chainIDs":["1","137"],"recipients":["0x1111111111111111111111111111111111111111",\#
        "0x2222222222222222222222222222222222222222"],"maximumValue":"5","maximumFee":\#
        "115792089237316195423570985008687907853269984665640564039457584007913129639935","functions":["0xa9059cbb"],\#
        "plainTransfers":true},"eip191":{"prefix":"Log in: "},"eip712":{"chainIDs":["9223372036854775771"],\#
        "verifyingContracts":["0x1111111111111111111111111111111111111111",\#
        "0x2222222222222222222222222222222222222222"]},"psbt":{"outputScripts":["5120\#(String(repeating: "09", count: 32))"],\#
        "maximumSpend":"100000","maximumFee":"0"}}}
        """#))
    #expect(try reading(body) == record)
    let snapshot = try network.applying([.members(network.members()), .keyRecord(record)])
    #expect(snapshot.keyRecord(record.key)?.constraints == record.constraints)
    let proposal = try snapshot.proposing(.keyRecord(record))
    #expect(proposal.approvalText.hasSuffix("Body: " + body))
  }

  @Test func `P37 a record with constraints lists no kind that they do not describe`() throws {
    let constraints = try ContentConstraints(ethereumTransaction: EthereumTransactionConstraints(chainIDs: [1]))
    #expect(try record([.transaction], constraints).constraints == constraints)
    for extra in SigningKind.allCases where extra != .transaction {
      #expect(throws: FormatError.invalid("constraints")) { try record([.transaction, extra], constraints) }
      #expect(throws: FormatError.invalid("constraints")) { try record([extra], constraints) }
    }
    #expect(throws: FormatError.invalid("constraints")) { try record([], constraints) }
    #expect(throws: FormatError.invalid("constraints")) { try record([], ContentConstraints()) }
    #expect(throws: FormatError.invalid("constraints")) { try record([.raw], ContentConstraints()) }
  }

  @Test func `P37 N a record without constraints lists raw, so the refusal is theirs`() throws {
    #expect(try record([.transaction, .raw], nil).kinds == [.transaction, .raw])
  }

  @Test func `P37 content of chains is a kind of keys that those chains know only`() throws {
    for purpose in KeyPurpose.allCases where purpose.isSigning {
      for kind in [SigningKind.transaction, .eip191, .eip712] where purpose != .secp256k1ECDSA {
        #expect(throws: FormatError.invalid("kinds")) { try record([kind], nil, purpose: purpose) }
      }
      let signsBitcoin = [.secp256k1ECDSA, .secp256k1Taproot].contains(purpose)
      #expect(((try? record([.psbt], nil, purpose: purpose)) != nil) == signsBitcoin)
    }
  }

  @Test func `a prefix a wallet could not show is none`() throws {
    for prefix in [[0xff], Array("safe\u{202e}".utf8), [0], Array("a\u{200b}".utf8)] {
      let constraints = try ContentConstraints(personalMessage: PersonalMessageConstraints(prefix: prefix))
      #expect(throws: FormatError.invalid("constraints")) { try record([.eip191], constraints) }
    }
  }

  @Test(arguments: [
    (#""137""#, #""1""#), (#""137""#, #""0137""#), (#""137""#, "137"), (#""137""#, #""0x89""#), (#""137""#, #""-1""#),
    (#""137""#, #""18446744073709551616""#),
    ("0x1111111111111111111111111111111111111111", "0x3333333333333333333333333333333333333333"),
    ("0x1111111111111111111111111111111111111111", "0x111111111111111111111111111111111111111"),
    ("0x1111111111111111111111111111111111111111", "0x33333333333333333333333333333333333333AA"),
    (#""maximumValue":"5""#, #""maximumValue":5"#), (#""maximumValue":"5""#, #""maximumValue":"5.0""#),
    (#""maximumValue":"5""#, #""maximumValue":"""#), (#""maximumValue":"5""#, #""maximumvalue":"5""#),
    (#""maximumValue":"5""#, #""maximumValue":"5","maximumValue":"6""#),
    ("639935\"", "639936\""), ("0xa9059cbb", "0xA9059CBB"), ("0xa9059cbb", "a9059cbb"), ("0xa9059cbb", "0xa9059cb"),
    (#","plainTransfers":true"#, ""), ("true", #""true""#), ("Log in: ", ""), (#""eip191":{"#, #""eip192":{"#),
    ("5120", "512"), (#""maximumSpend":"100000""#, #""maximumSpend":"2100000000000001""#),
    (#""functions":["0xa9059cbb"],"#, ""), (#""chainIDs":["1","137"]"#, #""chainIDs":[]"#),
    (#""functions":["0xa9059cbb"]"#, #""functions":["0xa9059cbb","0xa9059cbb"]"#),
  ])
  func `a record with another spelling of its limits is refused`(_ change: (String, String)) throws {
    let body = try body(record([.transaction, .eip191, .eip712, .psbt], Self.everything()))
    let changed = body.replacing(change.0, with: change.1, maxReplacements: 1)
    #expect(changed != body)
    #expect(throws: FormatError.self) { try reading(changed) }
  }
}

extension EthereumTransaction {
  /// EIP-2294's bound on chain ids.
  fileprivate static let mostChains: UInt64 = 9_223_372_036_854_775_771
}
