#if os(Linux)
  import Aggregation
  import Curves
  import Identifiers
  import ProtocolTestKit
  @testable import PublicKeys
  import SecretSharing
  import Secrets
  import Testing
  import Transcripts

  @testable import Rounds
  @testable import ThresholdECDSA

  /// A set-up and a signature in a process of their own whose memory is then searched for everything that was secret.
  @Suite struct SecretLifetimeTests {
    /// What lives as long as set-up, share and signer do.
    private static let living = ["Δ", "share", "key", "nonce", "mask", "choices"]
    /// What lives within one step.
    private static let passing = ["zero share", "check element"]

    @Test func `P38 after a set-up and a signature no share, nonce, mask, choice or Δ is left in memory`() async {
      await #expect(processExitsWith: .success) {
        let search = MemorySearch()
        try SecretLifetimeTests.setUpAndSign(search)
        #expect(search.names.count == 2 * (SecretLifetimeTests.living + SecretLifetimeTests.passing).count)
        #expect(try search.findings() == [])
      }
    }

    @Test func `P38 N the same search finds what is secret while set-ups and signers live`() async {
      await #expect(processExitsWith: .success) {
        let search = MemorySearch()
        let holders = try SecretLifetimeTests.setUpAndSign(search)
        let names = (1...2).flatMap { party in SecretLifetimeTests.living.map { "\(party) \($0)" } }
        let found = try search.findings()
        #expect(found == Set(names))
        #expect(holders.count == 2)
      }
    }

    private final class Holder {
      let setup: PairSetup
      let share: SecretShare<Secp256k1>
      let signer: ECDSASigner
      var random: SeededRandom

      init(
        _ setup: PairSetup, _ share: consuming SecretShare<Secp256k1>, _ order: ECDSASigningOrder,
        _ context: SessionContext, _ random: SeededRandom
      ) throws {
        var random = random
        signer = try ECDSASigner(order, share: share, setups: [setup.peer: setup], in: context, random: &random)
        self.setup = setup
        self.share = share
        self.random = random
      }
    }

    @discardableResult
    private static func setUpAndSign(_ search: MemorySearch) throws -> [Holder] {
      var system = SystemRandom()
      let seed = system.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let threshold = try Threshold(t: 2, n: 2)
      let parties = PartySet(allOf: threshold)
      let setups = try SetupRun.run(parties, seed: seed).mapValues { try $0.get() }
      let key = try SecretlyDealtKey(threshold, from: &system)
      let session = try SessionID(bytes: system.bytes(32))
      let order = try ECDSASigningOrder(
        digest: Digest32(bytes: system.bytes(32)), key: key.publicKey, quorum: parties, agreement: .zero)
      var holders: [PartyID: Holder] = [:]
      for party in parties {
        let setup = try #require(setups[party])
        rememberDelta(search, party, seed, isLower: party == parties[0])
        let share = key.share(of: party)
        search.remember(share.value.canonicalBytes(), as: "\(party) share")
        let zeroShare = try setup.zeroShare(session)
        search.remember(zeroShare.canonicalBytes(), as: "\(party) zero share")
        let weight = try Lagrange.coefficient(party, in: parties, group: Secp256k1.self)
        search.remember(
          share.value.multiplied(by: weight).adding(zeroShare).canonicalBytes(), as: "\(party) key")
        let random = SeededRandom(seed: seed &+ 1).split(UInt64(party.value))
        rememberDraws(search, party, random)
        holders[party] = try Holder(
          setup, share, order,
          SessionContext(session: session, me: party, parties: parties, threshold: threshold), random)
      }
      try sign(holders, parties, order, key.publicKey)
      return Array(holders.values)
    }

    private static func sign(
      _ holders: [PartyID: Holder], _ parties: PartySet, _ order: ECDSASigningOrder,
      _ key: DerivedPublicKey<Secp256k1>
    ) throws {
      let announcements = parties.compactMap { party in
        holders[party].map { (party: party, message: $0.signer.announcement) }
      }
      var replies: [PartyID: [PartyID: MultiplicationReply]] = [:]
      for (party, holder) in holders {
        let openings = holders.compactMapValues { $0.signer.openings[party] }
        replies[party] = try holder.signer.reply(to: openings, random: &holder.random)
      }
      var contributions: [PartyID: ECDSAContribution] = [:]
      for (party, holder) in holders {
        contributions[party] = try holder.signer.finish(
          Agreed(announcements), replies.compactMapValues { $0[party] })
      }
      _ = try ECDSACombination(digest: order.digest, key: key, quorum: parties).combine(contributions)
    }

    /// The same random numbers again, in the order in which an end of a set-up draws them.
    private static func rememberDelta(_ search: MemorySearch, _ party: PartyID, _ seed: UInt64, isLower: Bool) {
      var random = SeededRandom(seed: seed).split(UInt64(party.value))
      _ = SecretBytes(count: ZeroSeed.contributionByteCount, from: &random)
      _ = random.bytes(HashCommitment.blindingByteCount)
      if isLower { _ = SecretScalar<Ristretto255>.random(from: &random) }
      search.remember(SecretBytes(count: OTParameters.columnByteCount, from: &random), as: "\(party) Δ")
    }

    /// And of a signer.
    private static func rememberDraws(_ search: MemorySearch, _ party: PartyID, _ source: SeededRandom) {
      var random = source
      search.remember(SecretScalar<Secp256k1>.random(from: &random).canonicalBytes(), as: "\(party) nonce")
      _ = random.bytes(HashCommitment.blindingByteCount)
      search.remember(SecretScalar<Secp256k1>.random(from: &random).canonicalBytes(), as: "\(party) mask")
      let choiceByteCount = 8 * ExtensionShape.multiplication.columnWords
      search.remember(SecretBytes(count: choiceByteCount, from: &random), as: "\(party) choices")
      _ = random.bytes(OTExtensionMessage.saltByteCount)
      _ = random.bytes(MultiplicationRun.saltByteCount)
      search.remember(SecretScalar<Secp256k1>.random(from: &random).canonicalBytes(), as: "\(party) check element")
    }
  }

  /// A derived key whose polynomials leave nothing in memory that is not wiped.
  private final class SecretlyDealtKey {
    let publicKey: DerivedPublicKey<Secp256k1>
    private let roots: [Polynomial]
    private let weights: [Secp256k1.Scalar]

    private final class Polynomial {
      let constant: SecretScalar<Secp256k1>
      let slope: SecretScalar<Secp256k1>

      init(from random: inout SystemRandom) {
        constant = .random(from: &random)
        slope = .random(from: &random)
      }
    }

    init(_ threshold: Threshold, from random: inout SystemRandom) throws {
      var roots: [Polynomial] = []
      for _ in 0..<KeyPurpose.secp256k1ECDSA.rootCount { roots.append(Polynomial(from: &random)) }
      weights = try KeyDerivation.weights(KeyID(bytes: random.bytes(32)), .secp256k1ECDSA, in: Secp256k1.self)
      let commitments = try roots.map {
        try FeldmanCommitment<Secp256k1>(
          elements: [$0.constant.timesGenerator(), $0.slope.timesGenerator()], threshold)
      }
      publicKey = try DerivedPublicKey(
        .secp256k1ECDSA, roots: commitments, weights: weights, threshold: threshold)
      self.roots = roots
    }

    func share(of party: PartyID) -> SecretShare<Secp256k1> {
      let x = party.coordinate(in: Secp256k1.self)
      var sum = SecretScalar<Secp256k1>(.zero)
      for (root, weight) in zip(roots, weights) {
        sum = sum.adding(root.constant.adding(root.slope.multiplied(by: x)).multiplied(by: weight))
      }
      return SecretShare(party: party, value: sum)
    }
  }
#endif
