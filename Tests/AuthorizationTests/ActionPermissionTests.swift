import ActionNames
import Identifiers
import Membership
import PublicKeys
import Signatures
import SigningContent
import Testing
import Wire

@testable import Authorization

/// Who may have an action run, and what an action may have done.
@Suite struct ActionPermissionTests {
  private static let code = Array("Lit.Actions.setResponse({ response: '1' });".utf8)
  private static let action = ActionID(of: code)
  private static let other = ActionID(of: [1])
  private static let content = ContentToSign.message([1])

  private static func run(_ setting: Setting, grants: Set<Grant> = []) throws -> AuthorizedOperation {
    try setting.authorize(
      Order(operation: .execute(code: code, parameters: []), grants: grants.union([.execute(action)])))
  }

  private static func judged(
    _ operation: Wire.Operation, by action: ActionID, _ run: AuthorizedOperation, _ setting: Setting,
    at clock: ClockReading? = nil, rules: QuorumRules? = nil
  ) throws -> Result<AuthorizedOperation, Refusal> {
    do throws(Refusal) {
      return .success(
        try setting.inner(
          ActionOrder(operation, by: action, label: "sign#0"), within: run, at: clock, rules: rules))
    } catch {
      return .failure(error)
    }
  }

  private static func refusal(
    _ operation: Wire.Operation, by action: ActionID, _ run: AuthorizedOperation, _ setting: Setting,
    at clock: ClockReading? = nil, rules: QuorumRules? = nil
  ) throws -> Refusal.Reason? {
    switch try judged(operation, by: action, run, setting, at: clock, rules: rules) {
    case .success: nil
    case .failure(let refusal): refusal.reason
    }
  }

  /// The key record with this action named, and nobody else.
  private static func naming(_ actions: Set<ActionID>, in setting: inout Setting) throws -> KeyRecord {
    let record = try KeyRecord(
      network: setting.founding.network, purpose: .ed25519Sign, owner: setting.other.address,
      salt: [UInt8](repeating: 5, count: 16), kinds: [.message], wallets: [], actions: actions)
    try setting.apply(.keyRecord(record), by: [setting.other])
    return record
  }

  @Test func `A4 an action runs for whom the wallet granted exactly it, or all of them`() throws {
    let setting = try Setting()
    let order = Wire.Operation.execute(code: Self.code, parameters: Array("{}".utf8))
    for grants: Set<Grant> in [[.execute(Self.action)], [.everything(.execute)]] {
      #expect(try setting.authorize(Order(operation: order, grants: grants)).work == .execute(Self.action))
    }
    let wrong: [Set<Grant>] = [
      [.execute(Self.other)], [.everything(.sign), .everything(.decrypt)], [.sign(with: setting.record.key)],
    ]
    for grants in wrong {
      #expect(setting.refusal(Order(operation: order, grants: grants))?.reason == .notPermitted)
    }
    let changed = Wire.Operation.execute(code: Self.code + [0x20], parameters: [])
    #expect(setting.refusal(Order(operation: changed, grants: [.execute(Self.action)]))?.reason == .notPermitted)
  }

  @Test func `A4 an action that is only named runs for whom the wallet granted exactly it`() throws {
    let setting = try Setting()
    let order = Wire.Operation.executeNamed(Self.action, parameters: [])
    #expect(
      try setting.authorize(Order(operation: order, grants: [.execute(Self.action)])).work == .execute(Self.action))
    #expect(setting.refusal(Order(operation: order, grants: [.execute(Self.other)]))?.reason == .notPermitted)
    let wide = Order(operation: order, places: [0, 1, 2, 3, 4], grants: [.execute(Self.action)])
    #expect(setting.refusal(wide)?.reason == .quorumSize)
  }

  @Test func `J6 what signs as an action is the key of the one that asks, whatever the user granted`() throws {
    let setting = try Setting()
    let run = try Self.run(setting)
    func judged(_ content: ContentToSign, _ purpose: KeyPurpose, by action: ActionID) throws -> AuthorizedOperation {
      try setting.inner(
        ActionOrder(signingAsItself: content, purpose, by: action, label: "signAsAction#0"), within: run, at: nil,
        rules: nil)
    }
    let digest = [UInt8](repeating: 9, count: 32)
    let first = try judged(.raw([1]), .ed25519Sign, by: Self.action)
    let key = KeyID.derive(network: setting.founding.network, purpose: .ed25519Sign, action: Self.action)
    #expect(first.work == .signAsAction(key, .ed25519Sign, message: [1]))
    #expect(first.key == key && first.keyRecord == nil)
    let others = [
      try judged(.raw([1]), .ed25519Sign, by: Self.other), try judged(.raw([2]), .ed25519Sign, by: Self.action),
      try judged(.raw([1]), .ristretto255Sign, by: Self.action),
      try judged(.raw(digest), .secp256k1ECDSA, by: Self.action),
    ]
    #expect(Set((others + [first]).map { $0.session(protocolName: "x") }).count == 5)
    #expect(others[0].key != key && others[2].key != key && others[3].key != key)
    // Only bytes as they are, and only what the scheme signs.
    let wrong: [(ContentToSign, KeyPurpose)] = [
      (.message([1]), .ed25519Sign), (.personalMessage([1]), .secp256k1ECDSA), (.raw([1]), .secp256k1ECDSA),
      (.raw([UInt8](repeating: 0, count: 32)), .secp256k1ECDSA), (.raw([1]), .bls12381IBE),
    ]
    for (content, purpose) in wrong {
      #expect(throws: Refusal.self) { try judged(content, purpose, by: Self.action) }
    }
  }

  @Test func `J6 the id of an action's key is this`() throws {
    let network = try NetworkID(bytes: [UInt8](repeating: 1, count: 32))
    #expect(
      KeyID.derive(network: network, purpose: .ed25519Sign, action: ActionID(of: Array("1;".utf8))).text
        == "825952a0939b54b120e6be060949477eec2760d97469ad60900b1a7db262fdda")
  }

  @Test func `an action is run by exactly the threshold's number of nodes`() throws {
    let setting = try Setting()
    let order = Order(
      operation: .execute(code: Self.code, parameters: []), places: [0, 1, 2, 3, 4], grants: [.execute(Self.action)])
    #expect(setting.refusal(order)?.reason == .quorumSize)
  }

  @Test func `A13 the grant to execute signs with no key`() throws {
    let setting = try Setting()
    let run = try Self.run(setting)
    let order = Wire.Operation.sign(key: setting.record.key, content: Self.content)
    #expect(try Self.refusal(order, by: Self.action, run, setting) == .notPermitted)
  }

  @Test func `A13 every key is not this key, inside an action`() throws {
    let setting = try Setting()
    let run = try Self.run(setting, grants: [.everything(.sign), .everything(.decrypt)])
    let key = setting.record.key
    #expect(
      setting.refusal(Order(operation: .sign(key: key, content: Self.content), grants: [.everything(.sign)])) == nil)
    #expect(
      try Self.refusal(.sign(key: key, content: Self.content), by: Self.action, run, setting) == .notPermitted)
    let policy = Wire.Operation.decrypt(policy: setting.policy.bytes, dataKeyHash: .zero)
    #expect(try Self.refusal(policy, by: Self.action, run, setting) == .notPermitted)
  }

  @Test func `A13 N a judge that takes every key for this key signs with it inside an action`() throws {
    let setting = try Setting()
    let run = try Self.run(setting, grants: [.everything(.sign)])
    let lax = Authorizer(node: setting.node(0), instance: try Setting.instance(0), examiner: LaxExaminer())
    let order = ActionOrder(.sign(key: setting.record.key, content: Self.content), by: Self.action, label: "sign#0")
    let now = ClockReading(wall: setting.now, highest: setting.now)
    #expect(throws: Never.self) {
      try lax.authorize(order, within: run, at: now, in: setting.snapshot, under: setting.rules)
    }
  }

  @Test func `A13 N a judge that asks for the outermost action lets what it calls use its keys`() throws {
    var setting = try Setting()
    let record = try Self.naming([Self.action], in: &setting)
    let run = try Self.run(setting)
    guard case .execute(let outermost) = run.work else { return }
    let order = Wire.Operation.sign(key: record.key, content: Self.content)
    #expect(try Self.refusal(order, by: outermost, run, setting) == nil)
  }

  @Test func `A13 a key the user granted by its id signs, another's does not`() throws {
    let setting = try Setting()
    let run = try Self.run(setting, grants: [.sign(with: setting.record.key), .sign(with: setting.otherRecord.key)])
    let mine = try Self.judged(.sign(key: setting.record.key, content: Self.content), by: Self.action, run, setting)
      .get()
    #expect(mine.keyRecord == setting.record)
    #expect(mine.request == run.request && mine.label == "sign#0" && mine.operationDigest != run.operationDigest)
    #expect(mine.route != run.route)
    for key in [setting.otherRecord.key, .zero] {
      #expect(
        try Self.refusal(.sign(key: key, content: Self.content), by: Self.action, run, setting) == .notPermitted)
    }
  }

  @Test func `A13 a key whose record names the action signs for it, whoever runs it, and for no other action`() throws {
    var setting = try Setting()
    let record = try Self.naming([Self.action], in: &setting)
    let run = try Self.run(setting)
    let order = Wire.Operation.sign(key: record.key, content: Self.content)
    #expect(try Self.judged(order, by: Self.action, run, setting).get().keyRecord == record)
    // A nested call is another action: what its caller may do, it may not.
    #expect(try Self.refusal(order, by: Self.other, run, setting) == .notPermitted)
    // Kinds hold for actions, too.
    #expect(
      try Self.refusal(.sign(key: record.key, content: .raw([1])), by: Self.action, run, setting) == .notPermitted)
    // And the user alone may not.
    #expect(
      setting.refusal(Order(operation: order, grants: [.sign(with: record.key)]))?.reason == .notPermitted)
  }

  @Test func `A13 a policy that names the action opens for it, whoever runs it`() throws {
    let setting = try Setting()
    let run = try Self.run(setting)
    let policy = try DecryptionPolicy(anyOf: [], orActions: [Self.action])
    let order = Wire.Operation.decrypt(policy: policy.bytes, dataKeyHash: .zero)
    #expect(
      try Self.judged(order, by: Self.action, run, setting).get().work
        == .decrypt(identity: policy.identity(dataKeyHash: .zero)))
    #expect(try Self.refusal(order, by: Self.other, run, setting) == .notPermitted)
    #expect(setting.refusal(Order(operation: order, grants: [.decrypt(under: policy.hash)]))?.reason == .notPermitted)
    let granted = try Self.run(setting, grants: [.decrypt(under: setting.policy.hash)])
    let mine = Wire.Operation.decrypt(policy: setting.policy.bytes, dataKeyHash: .zero)
    #expect(try Self.refusal(mine, by: Self.action, granted, setting) == nil)
  }

  @Test func `an action runs no action by an operation, and only a run has operations`() throws {
    let setting = try Setting()
    let run = try Self.run(setting, grants: [.sign(with: setting.record.key)])
    let nested = Wire.Operation.execute(code: Self.code, parameters: [])
    #expect(try Self.refusal(nested, by: Self.action, run, setting) == .notPermitted)
    let signing = try setting.authorize(Order())
    let order = Wire.Operation.sign(key: setting.record.key, content: Self.content)
    #expect(try Self.refusal(order, by: Self.action, signing, setting) == .notPermitted)
  }

  @Test func `an exchange of values is an operation of its own, under its name and label`() throws {
    let setting = try Setting()
    let run = try Self.run(setting)
    func exchange(_ name: String, _ label: String) throws -> AuthorizedOperation {
      try setting.inner(
        ActionOrder(exchanging: name, by: Self.action, label: label), within: run, at: nil, rules: nil)
    }
    let first = try exchange("a", "broadcastAndCollect#0")
    #expect(first.work == .exchange && first.keyRecord == nil)
    let others = [try exchange("b", "broadcastAndCollect#0"), try exchange("a", "broadcastAndCollect#1")]
    #expect(Set((others + [first]).map { $0.session(protocolName: "x") }).count == 3)
    // What goes to other names meets on one route, and is told apart there.
    #expect(first.route == others[0].route && first.route != others[1].route)
  }

  @Test func `O5 what changed while the action ran counts`() throws {
    var setting = try Setting()
    let run = try Self.run(setting, grants: [.sign(with: setting.record.key)])
    let order = Wire.Operation.sign(key: setting.record.key, content: Self.content)
    func now(_ seconds: Int64) -> ClockReading {
      ClockReading(wall: setting.now.adding(seconds: seconds), highest: setting.now.adding(seconds: max(seconds, 0)))
    }
    #expect(try Self.refusal(order, by: Self.action, run, setting, at: now(59)) == nil)
    #expect(try Self.refusal(order, by: Self.action, run, setting, at: now(60)) == .expired)
    #expect(try Self.refusal(order, by: Self.action, run, setting, at: now(-60)) == .clockWentBack)
    let later = QuorumRules(
      epoch: 1, certificate: .zero, threshold: setting.rules.threshold, members: setting.rules.members)
    #expect(try Self.refusal(order, by: Self.action, run, setting, rules: later) == .epoch)
    try setting.apply(.notBefore(wallet: setting.user.address, setting.now), by: [setting.user])
    #expect(try Self.refusal(order, by: Self.action, run, setting) == .capability(.revoked))
  }

  @Test func `O5 a member that lost its stake while the action ran is in no session of it`() throws {
    var setting = try Setting()
    let run = try Self.run(setting, grants: [.sign(with: setting.record.key)])
    var members = try setting.members()
    members[1] = Member(registration: members[1].registration, stake: 0)
    try setting.apply(.members(members), by: setting.stakers)
    let order = Wire.Operation.sign(key: setting.record.key, content: Self.content)
    #expect(try Self.refusal(order, by: Self.action, run, setting) == .quorumMember)
  }
}

extension Setting {
  func inner(
    _ order: ActionOrder, within run: AuthorizedOperation, at clock: ClockReading?, rules: QuorumRules?
  ) throws(Refusal) -> AuthorizedOperation {
    guard let authorizer = try? authorizer() else { throw Refusal(.notPermitted) }
    return try authorizer.authorize(
      order, within: run, at: clock ?? ClockReading(wall: now, highest: now), in: snapshot, under: rules ?? self.rules)
  }
}

/// Does not tell a grant of everything from a grant of this.
private struct LaxExaminer: Examiner {
  let plain = PlainExaminer()

  func names(_ reCap: ReCap, _ wanted: Grant) -> Bool { plain.grants(reCap, wanted) }

  func isSigned(_ message: SIWEMessage, _ signature: [UInt8], text: String) -> Bool {
    plain.isSigned(message, signature, text: text)
  }

  func record(of key: KeyID, in snapshot: MembershipSnapshot) -> KeyRecord? { plain.record(of: key, in: snapshot) }
  func grants(_ reCap: ReCap, _ wanted: Grant) -> Bool { plain.grants(reCap, wanted) }
  func lists(_ record: KeyRecord, _ wallet: WalletAddress) -> Bool { plain.lists(record, wallet) }
  func lists(_ record: KeyRecord, _ action: ActionID) -> Bool { plain.lists(record, action) }
  func allows(_ record: KeyRecord, _ kind: SigningKind) -> Bool { plain.allows(record, kind) }
  func read(_ content: ContentToSign) throws(ContentError) -> ReadableContent { try plain.read(content) }

  func contentKey(of record: KeyRecord, under rules: QuorumRules) -> ContentKey? {
    plain.contentKey(of: record, under: rules)
  }

  func permits(_ record: KeyRecord, _ content: ReadableContent, by key: ContentKey?) -> Bool {
    plain.permits(record, content, by: key)
  }

  func message(of content: ReadableContent, for purpose: KeyPurpose, by key: ContentKey?) -> [UInt8]? {
    plain.message(of: content, for: purpose, by: key)
  }

  func policy(_ bytes: [UInt8]) -> DecryptionPolicy? { plain.policy(bytes) }
  func allows(_ policy: DecryptionPolicy, _ wallet: WalletAddress) -> Bool { plain.allows(policy, wallet) }
  func allows(_ policy: DecryptionPolicy, _ action: ActionID) -> Bool { plain.allows(policy, action) }
}
