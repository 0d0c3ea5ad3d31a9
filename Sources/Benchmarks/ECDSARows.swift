internal import Aggregation
internal import Curves
internal import Identifiers
internal import KeyGeneration
internal import ProtocolTestKit
internal import PublicKeys
internal import Rounds
internal import SecretSharing
internal import Secrets
internal import ThresholdECDSA

/// What one party pays for threshold ECDSA: a set-up with one other party, and a signature. All parties run on one
/// thread of this process, over the simulated network of the tests.
enum ECDSARows {
  /// The best measured peer of the same strength and what it needs per party on a machine like this; a sixth of it is
  /// wanted.
  private static let peerMilliseconds: [Int: Double] = [3: 19.9, 7: 57]
  private static let multiplication = "\(Secp256k1.name) multiplication"

  struct Outcome {
    var rows: [Row] = []
    var targets: [Target] = []
  }

  static func measure(t: Int, n: Int) throws -> Outcome {
    let signers = try Signers(keys: GeneratedKeys(members: n, seed: 1), t: t)
    var outcome = Outcome()
    outcome.rows.append(try setup(signers, n: n, t: t))

    var sent = 0
    let time = try Stopwatch.measure(budget: .seconds(3)) { sent = try signers.sign().bytes }
    let perParty = time.cpuMilliseconds / Double(t)
    outcome.rows.append(
      Row(
        op: "DKLs23, signer", n: n, t: t, wallMedian: time.wallMilliseconds, cpuPerParty: perParty,
        bytesPerParty: sent / t, rounds: 2,
        note: "\((perParty / Double(t - 1)).decimal(2)) ms and \(sent / (t * (t - 1)) / 1000) kB per other signer; "
          + "wall time is all parties on one thread",
        references: [multiplication],
        bound: Row.Bound(parts: [(Double(40 * (t - 1)), multiplication)])))

    let perPair = Double(sent) / Double(t * (t - 1)) / 1000
    outcome.targets.append(
      Target(
        name: "DKLs23, traffic, t = \(t)", wanted: "50 kB or less to each other signer",
        figure: "\(perPair.decimal(1)) kB", isReached: perPair <= 50))
    if let peer = peerMilliseconds[t] {
      outcome.targets.append(
        Target(
          name: "DKLs23, signer, t = \(t)", wanted: "a sixth of \(peer.decimal(1)) ms = \((peer / 6).decimal(2)) ms",
          figure: "\(perParty.decimal(2)) ms, 1/\((peer / perParty).decimal(1))", isReached: perParty <= peer / 6))
    }

    let contributions = try signers.sign().contributions
    let user = try Stopwatch.measure { try signers.combine(contributions) }
    outcome.rows.append(
      Row(
        op: "DKLs23, user", n: n, t: t, wallMedian: user.wallMilliseconds, cpuPerParty: user.cpuMilliseconds,
        bytesPerParty: 0, rounds: 0, note: "combine and verify", references: [multiplication]))
    return outcome
  }

  private static func setup(_ signers: Signers, n: Int, t: Int) throws -> Row {
    let pair = try PartySet(signers.quorum.prefix(2))
    var sent = 0
    let time = try Stopwatch.measure(budget: .seconds(2)) { sent = try signers.setUp(pair).bytes }
    return Row(
      op: "DKLs23, set-up of a pair", n: n, t: t, wallMedian: time.wallMilliseconds,
      cpuPerParty: time.cpuMilliseconds / 2, bytesPerParty: sent / 2, rounds: 4,
      note: "once per pair, for both directions; wall time is both parties on one thread",
      references: [multiplication])
  }

  /// A quorum with everything it needs to sign again and again.
  private struct Signers {
    let quorum: PartySet
    private let publicKey: DerivedPublicKey<Secp256k1>
    private let keyID: KeyID
    private let shares: [PartyID: KeyShares]
    private var setups: [PartyID: [PartyID: PairSetup]] = [:]
    private let digest: Digest32

    init(keys: GeneratedKeys, t: Int) throws {
      var random = SystemRandom()
      keyID = try KeyID(bytes: random.bytes(32))
      digest = try Digest32(bytes: random.bytes(32))
      publicKey = try keys.certificate.derivedKey(.secp256k1ECDSA, keyID: keyID, in: Secp256k1.self)
      quorum = try PartySet((1...UInt16(t)).map { try PartyID($0) })
      shares = Dictionary(uniqueKeysWithValues: zip(quorum, keys.shares))
      for (place, lower) in quorum.enumerated() {
        for higher in quorum.dropFirst(place + 1) {
          let ends = try setUp(PartySet([lower, higher])).ends
          setups[lower, default: [:]][higher] = ends[lower]
          setups[higher, default: [:]][lower] = ends[higher]
        }
      }
    }

    func setUp(_ pair: PartySet) throws -> (ends: [PartyID: PairSetup], bytes: Int) {
      var random = SystemRandom()
      let ends = try pair.map { party in
        try PairSetupOrder.End(
          party: party, node: NodeID(bytes: random.bytes(20)), instance: Instance(bytes: random.bytes(32)))
      }
      guard let first = ends.first, let last = ends.last else { throw BenchmarkFailure.signing }
      let order = try PairSetupOrder(epoch: 1, first, last)
      return try run(pair, plan: PairSetupProtocol.plan) { session in
        try await PairSetupProtocol.run(order, in: session, random: SystemRandom())
      }
    }

    func sign() throws -> (contributions: [PartyID: ECDSAContribution], bytes: Int) {
      let order = try ECDSASigningOrder(digest: digest, key: publicKey, quorum: quorum, agreement: digest)
      return try run(quorum, plan: ECDSASigningProtocol.plan) { [setups, shares, keyID] session in
        let me = session.context.me
        guard let share = shares[me], let own = setups[me] else { throw BenchmarkFailure.signing }
        return try await ECDSASigningProtocol.sign(
          order, share: share.derivedShare(.secp256k1ECDSA, keyID: keyID), setups: own, in: session,
          random: SystemRandom())
      }
    }

    func combine(_ contributions: [PartyID: ECDSAContribution]) throws {
      _ = try ECDSACombination(digest: digest, key: publicKey, quorum: quorum).combine(contributions)
    }

    /// One session of these parties; the bytes are those of all of them together.
    private func run<Output: Sendable>(
      _ parties: PartySet, plan: (SessionContext) -> RoundPlan,
      party: @escaping @Sendable (ProtocolSession) async throws -> Output
    ) throws -> ([PartyID: Output], bytes: Int) {
      var random = SystemRandom()
      let session = try SessionID(bytes: random.bytes(32))
      var contexts: [PartyID: SessionContext] = [:]
      var mailboxes: [PartyID: Mailbox] = [:]
      for party in parties {
        let context = try SessionContext(
          session: session, me: party, parties: parties, threshold: publicKey.threshold)
        contexts[party] = context
        mailboxes[party] = Mailbox(context, plan(context))
      }
      let result = Simulation(seed: 1).run(mailboxes) { [contexts] id, mailbox, transport -> Output? in
        guard let context = contexts[id] else { return nil }
        return try? await party(ProtocolSession(context, mailbox: mailbox, transport: transport))
      }
      guard let result else { throw BenchmarkFailure.signing }
      let outputs = result.outcomes.compactMapValues { $0 }
      guard outputs.count == parties.count else { throw BenchmarkFailure.signing }
      return (outputs, result.sent.reduce(0) { $0 + $1.envelope.encoded.count })
    }
  }
}
