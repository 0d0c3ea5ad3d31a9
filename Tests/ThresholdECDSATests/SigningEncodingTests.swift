import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets
import Signatures
import Testing
import Transcripts

@testable import Rounds
@testable import ThresholdECDSA

/// What a signer decodes: lengths, points, scalars, and bytes of all kinds.
@Suite struct SigningEncodingTests {
  private let run: SigningRun
  private let context: SessionContext
  private let announcement: NonceAnnouncement
  private let opening: MultiplicationOpening
  private let reply: MultiplicationReply
  private let steps: SteppedRun

  private static let pointSize = Secp256k1.elementByteCount
  /// Where the points of a reply begin: `Γ^u`, `Γ^v`, `R`, `pk`.
  private static let points = [
    32 + MultiplicationMessage.byteCount, 32 + MultiplicationMessage.byteCount + 33,
    32 + MultiplicationMessage.byteCount + 66 + 32, 32 + MultiplicationMessage.byteCount + 66 + 32 + 33 + 32,
  ]
  private static let masked = 32 + MultiplicationMessage.byteCount + 66

  init() throws {
    run = try SigningRun(t: 2, n: 3, seed: 80)
    let (me, peer) = (run.quorum[0], run.quorum[1])
    context = try run.context(me)
    var steps = SteppedRun([me: try CarefulSigner(me, of: run), peer: try CarefulSigner(peer, of: run)])
    try steps.replyAll()
    announcement = try #require(steps.announcements[peer])
    opening = try #require(steps.openings[peer]?[me])
    reply = try #require(steps.replies[peer]?[me])
    self.steps = steps
  }

  private func decodes<Message: RoundMessage>(_ type: Message.Type, _ bytes: [UInt8]) -> Bool {
    (try? Message(encoded: bytes, in: context)) != nil
  }

  @Test func `P2 messages of any length but their own do not decode`() throws {
    func check<Message: RoundMessage>(_ message: Message) {
      let encoded = message.encoded
      #expect(decodes(Message.self, encoded) && encoded.count == Message.byteLimit(in: context))
      var refused = 0
      let lengths =
        Array(0..<80) + stride(from: 81, to: 2 * encoded.count, by: 977) + [encoded.count - 1, encoded.count + 1]
      for length in lengths where length != encoded.count {
        let bytes = (0..<length).map { encoded[$0 % encoded.count] }
        if !decodes(Message.self, bytes) { refused += 1 }
      }
      #expect(refused == lengths.filter { $0 != encoded.count }.count)
    }
    check(announcement)
    check(opening)
    check(reply)
  }

  /// Encodings that are no point of the group, 33 bytes each.
  private static let badPoints: [(name: String, bytes: [UInt8])] = [
    ("the identity", [UInt8](repeating: 0, count: 33)),
    ("x not below the field's size", [2] + [UInt8](repeating: 0xff, count: 32)),
    ("x of the field's size exactly", [2] + [UInt8](repeating: 0xff, count: 27) + [0xfe, 0xff, 0xff, 0xfc, 0x2f]),
    ("x = 0, which is on another curve", [2] + [UInt8](repeating: 0, count: 32)),
    ("x = 5, which is on no such curve", [2] + [UInt8](repeating: 0, count: 31) + [5]),
    ("uncompressed prefix", [4] + Secp256k1.generator.xOnlyBytes),
    ("hybrid prefix", [6] + Secp256k1.generator.xOnlyBytes),
    ("no prefix", [0] + Secp256k1.generator.xOnlyBytes),
  ]

  @Test func `P20 P25 P33 what is no point is refused in every position of a reply`() throws {
    let encoded = reply.encoded
    for start in Self.points {
      #expect((try? Secp256k1.Element(canonicalBytes: encoded[start..<start + 33])) != nil)
      for (name, bytes) in Self.badPoints {
        var changed = encoded
        changed.replaceSubrange(start..<start + 33, with: bytes)
        #expect(!decodes(MultiplicationReply.self, changed), "\(name) at \(start)")
      }
    }
  }

  @Test func `P25 P33 N a signer that takes the identity takes a nonce of zero`() throws {
    let (me, peer) = (run.quorum[0], run.quorum[1])
    var steps = SteppedRun([me: try CarefulSigner(me, of: run), peer: try LooseSigner(peer, of: run, nonce: .zero)])
    try steps.replyAll()
    // Handed over without its encoding, it would be a nonce like any other.
    #expect((try? steps.finish(me).get()) != nil)
    let sent = try #require(steps.replies[peer]?[me])
    #expect(sent.noncePoint.isIdentity && !decodes(MultiplicationReply.self, sent.encoded))
  }

  @Test func `P34 a masked value that is not below the order is refused`() throws {
    let order: [UInt8] = try Hex.decode("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
    for bytes in [order, order.dropLast() + [0x42], [UInt8](repeating: 0xff, count: 32)] {
      var changed = reply.encoded
      changed.replaceSubrange(Self.masked..<Self.masked + 32, with: bytes)
      #expect(!decodes(MultiplicationReply.self, changed))
    }
  }

  /// A decoder that reduces what it should refuse.
  @Test func `P34 N a signer that reduces a masked value takes two messages for one`() throws {
    let order: [UInt8] = try Hex.decode("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
    func reduced(_ encoded: [UInt8]) throws -> Secp256k1.Scalar {
      try Secp256k1.Scalar(reducing: Array(encoded[Self.masked..<Self.masked + 32]))
    }
    func with(_ bytes: [UInt8]) -> [UInt8] {
      var changed = reply.encoded
      changed.replaceSubrange(Self.masked..<Self.masked + 32, with: bytes)
      return changed
    }
    let (one, another) = (with(Secp256k1.Scalar.one.canonicalBytes), with(order.dropLast() + [0x42]))
    #expect(try reduced(one) == reduced(another) && one != another)
    #expect(decodes(MultiplicationReply.self, one) && !decodes(MultiplicationReply.self, another))
  }

  @Test func `P34 a share of zero and set-ups of others are a bug of the host and sign nothing`() throws {
    let me = run.quorum[0]
    var random = SeededRandom(seed: 1)
    func signs(_ share: consuming SecretShare<Secp256k1>, _ setups: [PartyID: PairSetup]) throws {
      _ = try ECDSASigner(run.order(me), share: share, setups: setups, in: run.context(me), random: &random)
    }
    let setups = try #require(run.setups[me])
    #expect(throws: ProtocolAbort.internalFault("a share of zero")) {
      try signs(SecretShare(party: me, value: SecretScalar(.zero)), setups)
    }
    #expect(throws: ProtocolAbort.internalFault("share, set-ups or session are not the order's")) {
      try signs(run.key.share(of: run.quorum[1]), setups)
    }
    #expect(throws: ProtocolAbort.internalFault("share, set-ups or session are not the order's")) {
      try signs(run.key.share(of: me), [:])
    }
    #expect(throws: ProtocolAbort.internalFault("share, set-ups or session are not the order's")) {
      try signs(run.key.share(of: me), run.setups[run.quorum[1]] ?? [:])
    }
  }

  @Test func `P34 no quorum has a party twice or one that is not certified`() throws {
    let key = run.key.publicKey
    #expect(throws: SharingError.self) { try PartySet([PartyID(1), PartyID(1)]) }
    #expect(throws: SharingError.self) { try PartyID(0) }
    let stranger = try PartySet([PartyID(1), PartyID(4)])
    #expect(throws: ECDSAInputError.unknownParty(try PartyID(4))) {
      try ECDSASigningOrder(digest: run.digest, key: key, quorum: stranger, agreement: .zero)
    }
    #expect(throws: ECDSAInputError.unknownParty(try PartyID(4))) {
      try ECDSACombination(digest: run.digest, key: key, quorum: stranger)
    }
  }

  @Test func `P35 a quorum of one too few or too many signs nothing`() throws {
    let key = try DealtKey(t: 3, n: 5, seed: 81)
    for count in [1, 2, 4, 5] {
      let quorum = try PartySet((1...UInt16(count)).map { try PartyID($0) })
      #expect(throws: ECDSAInputError.wrongQuorumSize) {
        try ECDSASigningOrder(digest: run.digest, key: key.publicKey, quorum: quorum, agreement: .zero)
      }
      #expect(throws: ECDSAInputError.wrongQuorumSize) {
        try ECDSACombination(digest: run.digest, key: key.publicKey, quorum: quorum)
      }
    }
  }

  /// What a group that counted one too few would get: the parts of t − 1 add up to another key.
  @Test func `P35 N parts of one signer too few add up to another key, those of one too many to this one`() throws {
    let key = try DealtKey(t: 3, n: 5, seed: 81)
    for (count, isKey) in [(2, false), (3, true), (4, true)] {
      let quorum = try PartySet((1...UInt16(count)).map { try PartyID($0) })
      let sum = try quorum.reduce(Secp256k1.Scalar.zero) { sum, party in
        let weight = try Lagrange.coefficient(party, in: quorum, group: Secp256k1.self)
        return sum + weight * key.share(of: party).value.declassified()
      }
      #expect((Secp256k1.generator.multiplied(by: sum) == key.publicKey.publicKey) == isKey)
    }
  }

  @Test func `P25 sums of zero are no signature`() throws {
    let combination = try ECDSACombination(digest: run.digest, key: run.key.publicKey, quorum: run.quorum)
    let good = try steps.finishAll().mapValues { try $0.get() }
    #expect((try? combination.combine(good)) != nil)
    let (one, two) = (run.quorum[0], run.quorum[1])
    let (first, second) = (try #require(good[one]), try #require(good[two]))
    for replacement in [
      ECDSAContribution(
        noncePoint: second.noncePoint, denominator: -first.denominator, numerator: second.numerator),
      ECDSAContribution(
        noncePoint: second.noncePoint, denominator: second.denominator, numerator: -first.numerator),
    ] {
      #expect(throws: ECDSACombinationFailure.invalidSignature) {
        try combination.combine([one: first, two: replacement])
      }
    }
    let zero = [UInt8](repeating: 0, count: 64)
    #expect(
      !ECDSASecp256k1.isValid(signature: zero, digest: run.digest, publicKey: run.key.publicKey.publicKey))
  }

  /// A verifier without range checks: `1/0` is 0 to it, the identity's x is 0, and r = s = 0 fits everything.
  @Test func `P25 N a verifier without range checks takes a signature of zeros for any key and digest`() throws {
    func isValid(_ r: Secp256k1.Scalar, _ s: Secp256k1.Scalar) throws -> Bool {
      let inverse = (try? s.inverted()) ?? .zero
      let h = try Secp256k1.Scalar(reducing: run.digest.bytes)
      let point =
        Secp256k1.generator.multiplied(by: h * inverse)
        + run.key.publicKey.publicKey.multiplied(by: r * inverse)
      return try Secp256k1.Scalar(reducing: point.xOnlyBytes) == r
    }
    #expect(try isValid(.zero, .zero))
    #expect(try !isValid(.one, .one))
  }

  // MARK: Bytes of all kinds

  private func fuzz<Message: RoundMessage>(
    _ valid: Message, _ count: Int, seed: UInt64, in context: SessionContext, _ use: (Message) throws -> Void = { _ in }
  ) throws {
    var random = SeededRandom(seed: seed)
    let encoded = valid.encoded
    for number in 0..<count {
      let bytes = number % 4 == 0 ? random.garbage(around: encoded.count) : random.mutated(encoded)
      guard let message = try? Message(encoded: bytes, in: context) else { continue }
      #expect(message.encoded == bytes, "two encodings of one \(Message.self)")
      try use(message)
    }
  }

  @Test func `P36 no message of a signing makes a signer trap`() throws {
    try fuzz(announcement, 2000, seed: 1, in: context)
    let (me, peer) = (run.quorum[0], run.quorum[1])
    var steps = steps
    try fuzz(opening, 40, seed: 2, in: context) { opening in
      // A set-up burns with the first, so each gets its own.
      let run = try SigningRun(t: 2, n: 3, seed: 80)
      let signer = try CarefulSigner(me, of: run)
      _ = try? signer.reply(to: [peer: opening])
    }
    try fuzz(reply, 30, seed: 3, in: context) { reply in
      steps.replies[peer]?[me] = reply
      _ = steps.finish(me)
    }
  }

  /// What the fuzzing would find: a decoder that trusts the length.
  @Test func `P36 N a decoder that does not look at the length ends the process`() async {
    await #expect(processExitsWith: .failure) {
      let bytes: [UInt8] = [1, 2, 3]
      _ = bytes[0..<32]
    }
  }
}
