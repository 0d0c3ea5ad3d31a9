import ActionNames
import Identifiers
import Membership
import ProtocolTestKit
import PublicKeys
import Signatures
import SigningContent
import Synchronization
import Testing
import Wire

@testable import Authorization

/// Counts work instead of time: which signatures were recovered, which records and lists were looked at, in which order.
@Suite struct EqualWorkTests {
  private let setting: Setting
  private let content = ContentToSign.message([1])

  init() throws {
    setting = try Setting()
  }

  private func signingOrders() -> [Order] {
    let mine = setting.record.key
    return [
      Order(operation: .sign(key: mine, content: content)),
      Order(operation: .sign(key: .zero, content: content), grants: [.everything(.sign)]),
      Order(operation: .sign(key: .zero, content: content)),
      Order(operation: .sign(key: setting.otherRecord.key, content: content), grants: [.everything(.sign)]),
      Order(operation: .sign(key: setting.otherRecord.key, content: content)),
      Order(operation: .sign(key: mine, content: .raw([1]))),
      Order(operation: .sign(key: mine, content: content), grants: [.sign(with: .zero)]),
      Order(operation: .sign(key: mine, content: content), grants: [.everything(.decrypt)]),
    ]
  }

  private func decryptionOrders() throws -> [Order] {
    let strangers = try DecryptionPolicy(anyOf: [setting.other.address])
    let mine = Wire.Operation.decrypt(policy: setting.policy.bytes, dataKeyHash: .zero)
    return [
      Order(operation: mine),
      Order(operation: mine, grants: [.decrypt(under: .zero)]),
      Order(operation: mine, grants: [.everything(.sign)]),
      Order(operation: .decrypt(policy: strangers.bytes, dataKeyHash: .zero), grants: [.everything(.decrypt)]),
      Order(operation: .decrypt(policy: strangers.bytes, dataKeyHash: .zero)),
    ]
  }

  @Test func `A11 not_permitted comes after the same work, whatever is missing`() throws {
    for orders in [signingOrders(), try decryptionOrders()] {
      let runs = try orders.map { try run($0, setting) }
      let permitted = try #require(runs.first)
      #expect(permitted.refusal == nil)
      #expect(permitted.work.count { $0 == "recover" } == 1)
      #expect(permitted.work.count > 3)
      for run in runs.dropFirst() {
        #expect(run.refusal?.code == .notPermitted)
        #expect(run.work == permitted.work)
      }
    }
  }

  @Test func `A11 a transaction outside its key's limits is refused after the same work as an unknown key's`() throws {
    let constraints = try ContentConstraints(
      ethereumTransaction: EthereumTransactionConstraints(chainIDs: [1], maximumValue: UInt256(10)))
    let setting = try Setting(kinds: [.transaction], purpose: .secp256k1ECDSA, constraints: constraints)
    let mine = setting.record.key
    let content = try ContentToSign.transaction(TestContent.transaction().unsignedEncoding)
    let dear = try ContentToSign.transaction(TestContent.transaction(value: 11).unsignedEncoding)
    let unlisted = try ContentToSign.psbt(WrittenPSBT.bytes(spending: [(1_000, [0x51])], to: [(500, [0x51])]), input: 0)
    let orders = [
      Order(operation: .sign(key: mine, content: content)),
      Order(operation: .sign(key: mine, content: dear)),
      Order(operation: .sign(key: mine, content: unlisted)),
      Order(operation: .sign(key: .zero, content: content), grants: [.everything(.sign)]),
      Order(operation: .sign(key: setting.otherRecord.key, content: content), grants: [.everything(.sign)]),
      Order(operation: .sign(key: mine, content: content), grants: [.sign(with: .zero)]),
    ]
    let runs = try orders.map { try run($0, setting) }
    #expect(runs[0].refusal == nil)
    #expect(runs[0].work.contains("derive"))
    for run in runs.dropFirst() {
      #expect(run.refusal?.code == .notPermitted)
      #expect(run.work == runs[0].work)
    }
  }

  @Test func `A11 an action learns no more from the work done for it than a user does`() throws {
    let code = Array("1;".utf8)
    let action = ActionID(of: code)
    let runs = try [Set<Grant>([.sign(with: setting.record.key)]), []].flatMap { (grants) in
      let run = try setting.authorize(
        Order(operation: .execute(code: code, parameters: []), grants: grants.union([.execute(action)])))
      return try [setting.record.key, setting.otherRecord.key, .zero].map { key in
        let counting = CountingExaminer()
        let authorizer = Authorizer(node: setting.node(0), instance: try Setting.instance(0), examiner: counting)
        let order = ActionOrder(.sign(key: key, content: content), by: action, label: "sign#0")
        let now = ClockReading(wall: setting.now, highest: setting.now)
        let isPermitted =
          (try? authorizer.authorize(order, within: run, at: now, in: setting.snapshot, under: setting.rules)) != nil
        return (isPermitted, counting.work)
      }
    }
    #expect(runs.map(\.0) == [true, false, false, false, false, false])
    #expect(Set(runs.map(\.1)).count == 1)
    #expect((runs.first?.1.count ?? 0) > 5)
  }

  @Test func `A11 N a judge that stops at the first no works differently for unknown, foreign and ungranted`() throws {
    let runs = try signingOrders().map(hastyWork)
    #expect(Set(runs).count > 1)
  }

  private func run(_ order: Order, _ setting: Setting) throws -> (refusal: Refusal?, work: [String]) {
    let counting = CountingExaminer()
    let authorizer = Authorizer(node: setting.node(0), instance: try Setting.instance(0), examiner: counting)
    let submission = try order.submission(setting)
    do throws(Refusal) {
      let now = ClockReading(wall: setting.now, highest: setting.now)
      _ = try authorizer.authorize(submission, at: now, in: setting.snapshot, under: setting.rules)
      return (nil, counting.work)
    } catch {
      return (error, counting.work)
    }
  }

  /// The obvious way to write step 5 for signing.
  private func hastyWork(_ order: Order) throws -> [String] {
    let counting = CountingExaminer()
    let request = try order.request(setting)
    guard case .sign(let key, let content) = request.payload.operation else { return [] }
    let capability = try CapabilityRules.verify(
      CapabilityRules.read(request.payload.capability, sessionKey: request.sessionKey, in: setting.snapshot),
      finding: nil, in: setting.snapshot, examiner: counting)
    guard let record = counting.record(of: key, in: setting.snapshot),
      counting.grants(capability.reCap, .sign(with: key)), counting.lists(record, capability.wallet),
      counting.allows(record, content.kind)
    else { return counting.work }
    let contentKey = counting.contentKey(of: record, under: setting.rules)
    guard let content = try? content.read(), counting.permits(record, content, by: contentKey) else {
      return counting.work
    }
    _ = counting.message(of: content, for: record.purpose, by: contentKey)
    return counting.work
  }
}

/// Answers like the real one and keeps what it was asked.
private final class CountingExaminer: Examiner {
  private let plain = PlainExaminer()
  private let asked = Mutex<[String]>([])

  var work: [String] { asked.withLock { $0 } }

  private func note(_ question: String) { asked.withLock { $0.append(question) } }

  func isSigned(_ message: SIWEMessage, _ signature: [UInt8], text: String) -> Bool {
    note("recover")
    return plain.isSigned(message, signature, text: text)
  }

  func record(of key: KeyID, in snapshot: MembershipSnapshot) -> KeyRecord? {
    note("record")
    return plain.record(of: key, in: snapshot)
  }

  func grants(_ reCap: ReCap, _ wanted: Grant) -> Bool {
    note("grants")
    return plain.grants(reCap, wanted)
  }

  func names(_ reCap: ReCap, _ wanted: Grant) -> Bool {
    note("names")
    return plain.names(reCap, wanted)
  }

  func lists(_ record: KeyRecord, _ action: ActionID) -> Bool {
    note("actions")
    return plain.lists(record, action)
  }

  func allows(_ policy: DecryptionPolicy, _ action: ActionID) -> Bool {
    note("policy actions")
    return plain.allows(policy, action)
  }

  func lists(_ record: KeyRecord, _ wallet: WalletAddress) -> Bool {
    note("wallets")
    return plain.lists(record, wallet)
  }

  func allows(_ record: KeyRecord, _ kind: SigningKind) -> Bool {
    note("kinds")
    return plain.allows(record, kind)
  }

  func read(_ content: ContentToSign) throws(ContentError) -> ReadableContent {
    note("read")
    return try plain.read(content)
  }

  func contentKey(of record: KeyRecord, under rules: QuorumRules) -> ContentKey? {
    note("derive")
    return plain.contentKey(of: record, under: rules)
  }

  func permits(_ record: KeyRecord, _ content: ReadableContent, by key: ContentKey?) -> Bool {
    note("constraints")
    return plain.permits(record, content, by: key)
  }

  func message(of content: ReadableContent, for purpose: KeyPurpose, by key: ContentKey?) -> [UInt8]? {
    note("message")
    return plain.message(of: content, for: purpose, by: key)
  }

  func policy(_ bytes: [UInt8]) -> DecryptionPolicy? {
    note("policy")
    return plain.policy(bytes)
  }

  func allows(_ policy: DecryptionPolicy, _ wallet: WalletAddress) -> Bool {
    note("policy wallets")
    return plain.allows(policy, wallet)
  }
}
