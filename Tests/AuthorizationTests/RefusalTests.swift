import Authorization
import Identifiers
import Membership
import Signatures
import Testing
import Wire

/// For each numbered step requests that pass every step before it and fail there.
@Suite struct RefusalTests {
  private static func check(
    _ order: Order, _ reason: Refusal.Reason, _ step: Refusal.Step, _ code: ErrorCode, in setting: Setting,
    at clock: ClockReading? = nil, snapshot: MembershipSnapshot? = nil, rules: QuorumRules? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let refusal = setting.refusal(order, at: clock, in: snapshot, rules: rules)
    #expect(refusal?.reason == reason, sourceLocation: sourceLocation)
    #expect(refusal?.step == step, sourceLocation: sourceLocation)
    #expect(refusal?.code == code, sourceLocation: sourceLocation)
    #expect((refusal?.request == nil) == (step <= .addressee), sourceLocation: sourceLocation)
  }

  @Test func `step 1 size and shape`() throws {
    let setting = try Setting()
    let body = try Order().submission(setting).encoded
    let authorizer = try setting.authorizer()
    let clock = ClockReading(wall: setting.now, highest: setting.now)
    let bodies: [([UInt8], Refusal.Reason, ErrorCode)] = [
      ([], .malformed(.json(.syntax)), .invalidRequest),
      (body + [0x7d], .malformed(.json(.trailingBytes)), .invalidRequest),
      (body + [UInt8](repeating: 0x20, count: WireLimits.body), .malformed(.json(.tooLarge)), .tooLarge),
      (Array(#"{"request":{}}"#.utf8), .malformed(.missing("protected")), .invalidRequest),
    ]
    for (body, reason, code) in bodies {
      #expect(
        performing: {
          try authorizer.authorize(body: body, at: clock, in: setting.snapshot, under: setting.rules)
        },
        throws: { error in
          guard let refusal = error as? Refusal else { return false }
          return refusal.reason == reason && refusal.step == .shape && refusal.code == code && refusal.request == nil
        })
    }
  }

  @Test func `step 2 A3 network, epoch and certificate`() throws {
    let setting = try Setting()
    Self.check(Order(network: NetworkID.zero), .network, .addressee, .wrongNetwork, in: setting)
    for epoch: UInt64 in [0, 2] {
      Self.check(Order(epoch: epoch), .epoch, .addressee, .wrongEpoch, in: setting)
    }
    let oldRules = QuorumRules(epoch: 0, certificate: .zero, threshold: 4, members: setting.rules.members)
    Self.check(Order(), .epoch, .addressee, .wrongEpoch, in: setting, rules: oldRules)
    Self.check(Order(epoch: 0), .epoch, .addressee, .wrongEpoch, in: setting, rules: oldRules)
    var certified = setting
    try certified.apply(.keyCertificate(epoch: 1, digest: .zero), by: setting.stakers)
    Self.check(Order(), .epoch, .addressee, .wrongEpoch, in: certified)
    var same = setting
    try same.apply(.keyCertificate(epoch: 1, digest: setting.rules.certificate), by: setting.stakers)
    #expect(same.refusal(Order()) == nil)
  }

  @Test func `step 2 the quorum: its size, its members, this node as it runs now`() throws {
    let setting = try Setting()
    Self.check(Order(places: [0, 1, 2]), .quorumSize, .addressee, .wrongQuorum, in: setting)
    Self.check(Order(places: [0, 1, 2, 3, 4]), .quorumSize, .addressee, .wrongQuorum, in: setting)
    let decrypt = Wire.Operation.decrypt(policy: setting.policy.bytes, dataKeyHash: .zero)
    Self.check(Order(operation: decrypt, places: [0, 1, 2]), .quorumSize, .addressee, .wrongQuorum, in: setting)
    Self.check(Order(places: [1, 2, 3, 4]), .notThisInstance, .addressee, .wrongQuorum, in: setting)
    let restarted = [QuorumEntry(node: setting.node(0), instance: try Setting.instance(9))]
    let rest = try (1...3).map { try setting.entry($0) }
    Self.check(Order(entries: restarted + rest), .notThisInstance, .addressee, .wrongQuorum, in: setting)
    let stranger = QuorumEntry(node: NodeID(staker: setting.user.address), instance: try Setting.instance(1))
    let withStranger = try ((0...2).map { try setting.entry($0) } + [stranger]).sorted { $0.node < $1.node }
    Self.check(Order(entries: withStranger), .quorumMember, .addressee, .wrongQuorum, in: setting)
  }

  @Test func `step 2 T8 a slashed member is in no quorum, nor one the certificate does not name`() throws {
    var setting = try Setting()
    #expect(setting.refusal(Order(places: [0, 1, 2, 4])) == nil)
    try setting.apply(.members(setting.members(stakeOfLast: 99)), by: setting.stakers)
    Self.check(Order(places: [0, 1, 2, 4]), .quorumMember, .addressee, .wrongQuorum, in: setting)
    #expect(setting.refusal(Order(places: [0, 1, 2, 3])) == nil)
    let narrow = QuorumRules(
      epoch: 1, certificate: setting.rules.certificate, threshold: 4,
      members: setting.rules.members.subtracting([setting.node(3)]))
    Self.check(Order(), .quorumMember, .addressee, .wrongQuorum, in: setting, rules: narrow)
  }

  @Test func `step 2 A3 a delivery made out to another node, or by somebody else`() throws {
    let setting = try Setting()
    Self.check(
      Order(delivery: try setting.entry(1)), .delivery, .addressee, .invalidSignature, in: setting)
    let earlier = QuorumEntry(node: setting.node(0), instance: try Setting.instance(9))
    Self.check(Order(delivery: earlier), .delivery, .addressee, .invalidSignature, in: setting)
    Self.check(
      Order(deliveryKey: try Setting.key(0x62)), .delivery, .addressee, .invalidSignature, in: setting)
  }

  @Test func `step 2 A6 a request whose texts were not signed together`() throws {
    let setting = try Setting()
    let one = try Order().request(setting)
    let two = try Order(expires: 61).request(setting)
    let mixed = try SignedRequest(
      protectedText: one.protectedText, payloadText: one.payloadText, signature: two.signature)
    let delivery = RequestBuilder(sessionKey: setting.sessionKey).delivery(of: mixed, to: try setting.entry(0))
    let submission = RequestSubmission(request: mixed, delivery: delivery)
    let clock = ClockReading(wall: setting.now, highest: setting.now)
    #expect(
      performing: {
        try setting.authorizer().authorize(submission, at: clock, in: setting.snapshot, under: setting.rules)
      }, throws: { ($0 as? Refusal)?.reason == .signature })
  }

  @Test func `steps run in order: of two faults the earlier is told`() throws {
    let setting = try Setting()
    let late = ClockReading(wall: setting.now.adding(seconds: 9_999), highest: setting.now)
    let forbidden = Wire.Operation.sign(key: setting.otherRecord.key, content: .message([1]))
    var everything = Order(operation: forbidden, epoch: 2, delivery: try setting.entry(1))
    everything.message = { $0.domain = "evil.example" }
    #expect(setting.refusal(everything, at: late)?.step == .addressee)
    everything.epoch = 1
    everything.delivery = nil
    #expect(setting.refusal(everything, at: late)?.step == .capability)
    everything.message = { _ in }
    #expect(setting.refusal(everything, at: late)?.step == .time)
    #expect(setting.refusal(everything)?.step == .permission)
    everything.operation = nil
    #expect(setting.refusal(everything) == nil)
  }
}
