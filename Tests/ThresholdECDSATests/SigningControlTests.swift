import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Secrets
import Signatures
import Testing
import Transcripts

@testable import ThresholdECDSA

/// The attack of each test fails against this project's signers and succeeds against signers that leave out one defence.
@Suite struct SigningControlTests {
  private typealias Check = LooseSigner.Check
  private typealias Scalar = Secp256k1.Scalar

  /// Honest signers, careful or without some checks, and the last of the quorum, which attacks.
  private struct Attack {
    let run: SigningRun
    let cheater: LooseSigner
    let honest: [PartyID]
    var steps: SteppedRun

    init(t: Int = 2, seed: UInt64 = 60, skipping: Set<Check> = [], nonce: Scalar? = nil) throws {
      run = try SigningRun(t: t, n: t + 1, seed: seed)
      honest = Array(run.quorum.dropLast())
      cheater = try LooseSigner(run.quorum[t - 1], of: run, skipping: skipping, nonce: nonce)
      var signers: [PartyID: any SteppedSigner] = [cheater.party: cheater]
      for party in honest {
        signers[party] =
          skipping.isEmpty ? try CarefulSigner(party, of: run) : try LooseSigner(party, of: run, skipping: skipping)
      }
      steps = SteppedRun(signers)
    }

    func combine() throws -> [UInt8] {
      try run.combine(steps.finishAll()).compact
    }
  }

  private func blamed(_ party: PartyID, _ name: String) -> Result<ECDSAContribution, ProtocolAbort> {
    .failure(.blamed([party: .failedCheck(round: 2, name: name)]))
  }

  @Test func `a signer written again that leaves out nothing signs with the project's`() throws {
    var attack = try Attack(t: 3)
    try attack.steps.replyAll()
    #expect(try attack.combine().count == 64)
    var loose = try Attack(t: 2, skipping: [.burning])
    try loose.steps.replyAll()
    #expect(try loose.combine().count == 64)
  }

  // MARK: A wrong part for one victim

  /// What the cheater multiplies with the victim is not what it shows to all.
  private func giveWrongInput(skipping: Set<Check>, key: Bool) throws -> (Attack, victim: PartyID) {
    var attack = try Attack(t: 3, skipping: skipping)
    let victim = attack.honest[0]
    let cheater = attack.cheater
    cheater.inputs[victim] =
      key ? (nonce: cheater.nonce, key: cheater.key + .one) : (nonce: cheater.nonce + .one, key: cheater.key)
    try attack.steps.replyAll()
    return (attack, victim)
  }

  @Test(arguments: [false, true])
  func `P1 P4 the victim of a wrong input names the cheater, and what others give makes no signature`(key: Bool) throws
  {
    let (attack, victim) = try giveWrongInput(skipping: [], key: key)
    #expect(attack.steps.finish(victim) == blamed(attack.cheater.party, "point relation"))
    let others = attack.steps.finishAll().filter { $0.key != victim }
    #expect(others.values.allSatisfy { (try? $0.get()) != nil })
    #expect(throws: ECDSACombinationFailure.missing([victim])) { try attack.run.combine(others) }
    // It knows nothing of Δ by that, and the pair may sign again.
    #expect(attack.run.setups[victim]?[attack.cheater.party]?.condition == .ready)
  }

  @Test(arguments: [false, true])
  func `P1 P4 N signers that do not relate inputs to points end with a wrong signature and no culprit`(
    key: Bool
  ) throws {
    let (attack, _) = try giveWrongInput(skipping: [.pointRelations], key: key)
    #expect(throws: ECDSACombinationFailure.invalidSignature) { try attack.combine() }
  }

  /// One correction of the victim's multiplication is off in rows of both choices.
  private func giveWrongCorrections(skipping: Set<Check>) throws -> (Attack, victim: PartyID) {
    var attack = try Attack(t: 3, skipping: skipping)
    let (victim, party) = (attack.honest[0], attack.cheater.party)
    try attack.steps.replyAll()
    let honest = try #require(attack.steps.replies[party]?[victim])
    var message = honest.message
    for row in 0..<16 { message = message.flipping(row: row, column: 0) }
    attack.steps.replies[party]?[victim] = honest.with(message: message)
    return (attack, victim)
  }

  @Test func `P1 P17 a wrong correction names the cheater and burns the pair's set-up and no other`() throws {
    let (attack, victim) = try giveWrongCorrections(skipping: [])
    let party = attack.cheater.party
    #expect(attack.steps.finish(victim) == blamed(party, "multiplication"))
    for (holder, setups) in attack.run.setups {
      for (peer, setup) in setups {
        #expect(setup.condition == (holder == victim && peer == party ? .burned : .ready))
      }
    }
  }

  @Test func `P1 P17 N signers that check neither multiplications nor points give contributions for wrong sums`() throws
  {
    let (attack, _) = try giveWrongCorrections(skipping: [.multiplications, .pointRelations])
    #expect(throws: ECDSACombinationFailure.invalidSignature) { try attack.combine() }
  }

  // MARK: Equivocation

  /// One commitment for the first signer and another for the second, each opened as it should be.
  private func showTwoCommitments(skipping: Set<Check>) throws -> [Result<ECDSAContribution, ProtocolAbort>] {
    var attack = try Attack(t: 3, skipping: skipping)
    let party = attack.cheater.party
    try attack.steps.agree()
    for honest in attack.honest { try attack.steps.reply(honest) }
    try attack.steps.reply(party)
    var ends: [Result<ECDSAContribution, ProtocolAbort>] = [attack.steps.finish(attack.honest[0])]
    // To the second it says the double nonce, and everything else as if that had been its nonce from the start.
    let second = try LooseSigner(party, of: attack.run, nonce: attack.cheater.nonce + attack.cheater.nonce)
    attack.steps.announcements[party] = second.announcement
    attack.steps.replies[party] = try second.reply(to: attack.steps.openings(to: party))
    ends.append(attack.steps.finish(attack.honest[1]))
    return ends
  }

  /// Steps taken by hand have no echo; what it guards against is shown by its absence.
  @Test func `P3 N signers without an echo give contributions for two nonce points`() throws {
    let points = try showTwoCommitments(skipping: []).map { try $0.get().noncePoint }
    #expect(points[0] != points[1])
  }

  // MARK: Who moves last

  /// Having seen the others' nonce points, the cheater takes a nonce that makes the sum end in a byte of zeros.
  private func chooseNonceLast(skipping: Set<Check>) throws -> Attack {
    var attack = try Attack(skipping: skipping)
    try attack.steps.agree()
    try attack.steps.reply(attack.honest[0])
    let seen = try #require(attack.steps.replies[attack.honest[0]]?[attack.cheater.party]).noncePoint
    var nonce = attack.cheater.nonce
    var sum = seen + Secp256k1.generator.multiplied(by: nonce)
    while sum.canonicalBytes.last != 0 {
      nonce = nonce + .one
      sum = sum + Secp256k1.generator
    }
    attack.cheater.nonce = nonce
    try attack.steps.reply(attack.cheater.party)
    return attack
  }

  @Test func `P5 a signer that chooses its nonce after the others is named`() throws {
    let attack = try chooseNonceLast(skipping: [])
    #expect(attack.steps.finish(attack.honest[0]) == blamed(attack.cheater.party, "nonce commitment"))
  }

  @Test func `P5 N signers that do not open commitments sign with a nonce the last one chose`() throws {
    let attack = try chooseNonceLast(skipping: [.commitments])
    #expect(try attack.combine()[31] == 0)
  }

  /// The cheater shows the one key point that makes the sum right, whatever it put in.
  private func fitKeyPoint(skipping: Set<Check>) throws -> Attack {
    var attack = try Attack(skipping: skipping)
    attack.cheater.key = .one
    try attack.steps.replyAll()
    let (party, victim) = (attack.cheater.party, attack.honest[0])
    let theirs = try #require(attack.steps.replies[victim]?[party]).keyPoint
    let honest = try #require(attack.steps.replies[party]?[victim])
    attack.steps.replies[party]?[victim] = honest.with(
      keyPoint: attack.run.key.publicKey.publicKey - theirs)
    return attack
  }

  @Test func `P5 a key point that is only made to fit the sum names who shows it`() throws {
    let attack = try fitKeyPoint(skipping: [])
    #expect(attack.steps.finish(attack.honest[0]) == blamed(attack.cheater.party, "point relation"))
  }

  @Test func `P5 N signers that only add up the key points take one of a signer without a share`() throws {
    let attack = try fitKeyPoint(skipping: [.pointRelations])
    #expect((try? attack.steps.finish(attack.honest[0]).get()) != nil)
  }

  @Test func `P1 a signer whose share is another's stops all and names nobody`() throws {
    var attack = try Attack()
    attack.cheater.key = attack.cheater.key + .one
    try attack.steps.replyAll()
    #expect(attack.steps.finish(attack.honest[0]) == .failure(.disagreement([attack.run.quorum])))
    var loose = try Attack(skipping: [.keySum])
    loose.cheater.key = loose.cheater.key + .one
    try loose.steps.replyAll()
    // N: without the sum a share that is wrong is found by the user, when all have answered.
    #expect(throws: ECDSACombinationFailure.invalidSignature) { try loose.combine() }
  }

  // MARK: Copies

  /// The cheater's commitment, and later its opening, are the victim's byte for byte.
  private func copyCommitment(skipping: Set<Check>) throws -> Attack {
    var attack = try Attack(skipping: skipping)
    let (party, victim) = (attack.cheater.party, attack.honest[0])
    attack.steps.announcements[party] = attack.steps.announcements[victim]
    try attack.steps.replyAll()
    let theirs = try #require(attack.steps.replies[victim]?[party])
    let own = try #require(attack.steps.replies[party]?[victim])
    attack.steps.replies[party]?[victim] = own.with(noncePoint: theirs.noncePoint, blinding: theirs.blinding)
    return attack
  }

  @Test func `P7 a signer that copies a commitment cannot open it`() throws {
    let attack = try copyCommitment(skipping: [])
    #expect(attack.steps.finish(attack.honest[0]) == blamed(attack.cheater.party, "nonce commitment"))
  }

  @Test func `P7 N a commitment that does not name its party can be copied and opened by another`() throws {
    let attack = try copyCommitment(skipping: [.committedParty])
    // What catches it then is the second line.
    #expect(attack.steps.finish(attack.honest[0]) == blamed(attack.cheater.party, "point relation"))
    let open = try copyCommitment(skipping: [.committedParty, .pointRelations])
    let point = try open.steps.finish(open.honest[0]).get().noncePoint
    let theirs = try #require(open.steps.replies[open.honest[0]]?[open.cheater.party]).noncePoint
    #expect(point == theirs + theirs)
  }

  // MARK: A set-up that burns while another session is going on

  private func burnMeanwhile(skipping: Set<Check>) throws -> Attack {
    var attack = try Attack(skipping: skipping)
    try attack.steps.replyAll()
    attack.run.setups[attack.honest[0]]?[attack.cheater.party]?.burn()
    return attack
  }

  @Test func `P17 a set-up that another session burned ends every session that uses it, at every step`() throws {
    let late = try burnMeanwhile(skipping: [])
    #expect(late.steps.finish(late.honest[0]) == blamed(late.cheater.party, "burned set-up"))

    var early = try Attack()
    try early.steps.agree()
    early.run.setups[early.honest[0]]?[early.cheater.party]?.burn()
    #expect(throws: ProtocolAbort.blamed([early.cheater.party: .failedCheck(round: 1, name: "burned set-up")])) {
      try early.steps.reply(early.honest[0])
    }
    #expect(throws: ProtocolAbort.blamed([early.cheater.party: .failedCheck(round: 1, name: "burned set-up")])) {
      try CarefulSigner(early.honest[0], of: early.run)
    }
  }

  @Test func `P17 N signers that look at a set-up only at the start go on after it burned`() throws {
    let attack = try burnMeanwhile(skipping: [.burning])
    #expect((try? attack.steps.finish(attack.honest[0]).get()) != nil)
  }

  // MARK: Points at infinity

  /// The cheater knows the victim's nonce, as nobody should, and takes its negative.
  private func cancelNonce(skipping: Set<Check>) throws -> Attack {
    let victim = try SigningRun(t: 2, n: 3, seed: 60).quorum[0]
    var attack = try Attack(skipping: skipping, nonce: -LooseSigner.nonce(of: victim))
    try attack.steps.replyAll()
    return attack
  }

  @Test func `P25 nonce points that cancel out give no contribution`() throws {
    let attack = try cancelNonce(skipping: [])
    #expect(attack.steps.finish(attack.honest[0]) == .failure(.disagreement([attack.run.quorum])))
  }

  @Test func `P25 N signers that do not look at the sum contribute under r = 0`() throws {
    let attack = try cancelNonce(skipping: [.noncePoint])
    let contribution = try attack.steps.finish(attack.honest[0]).get()
    #expect(contribution.noncePoint.isIdentity)
    // And that is none for the user.
    #expect(throws: ECDSAInputError.malformedContribution) { try ECDSAContribution(encoded: contribution.encoded) }
  }

  // MARK: Different questions

  /// Whoever asks tells the two signers different digests.
  private func askDifferently(skipping: Set<Check>) throws -> SteppedRun {
    var one = try SigningRun(t: 2, n: 3, seed: 61)
    let quorum = one.quorum
    var other = one
    one.agreements = [quorum[0]: .sha256(of: one.digest.bytes), quorum[1]: .sha256(of: one.digest.bytes)]
    other.digest = .sha256(of: [1])
    other.agreements = [quorum[0]: .sha256(of: other.digest.bytes), quorum[1]: .sha256(of: other.digest.bytes)]
    let signers: [PartyID: any SteppedSigner] =
      skipping.isEmpty
      ? [quorum[0]: try CarefulSigner(quorum[0], of: one), quorum[1]: try CarefulSigner(quorum[1], of: other)]
      : [
        quorum[0]: try LooseSigner(quorum[0], of: one, skipping: skipping),
        quorum[1]: try LooseSigner(quorum[1], of: other, skipping: skipping),
      ]
    return SteppedRun(signers)
  }

  @Test func `P28 signers that were asked for different digests send no second message`() throws {
    var steps = try askDifferently(skipping: [])
    #expect(throws: ProtocolAbort.self) { try steps.replyAll() }
    #expect(steps.replies.isEmpty)
  }

  @Test func `P28 N signers that do not compare what they were asked contribute to different signatures`() throws {
    var steps = try askDifferently(skipping: [.agreement])
    try steps.replyAll()
    let contributions = steps.finishAll()
    #expect(contributions.count == 2 && contributions.values.allSatisfy { (try? $0.get()) != nil })
  }

  // MARK: Ends that differ

  /// As after a set-up whose last message reached one end only: each end holds another set-up.
  private func mixSetups(skipping: Set<Check>) throws -> (Attack, SigningRun) {
    let run = try SigningRun(t: 2, n: 3, seed: 60)
    let other = try DealtSetup.all(run.quorum, seed: 1)
    var attack = try Attack(skipping: skipping)
    let (first, second) = (attack.honest[0], attack.cheater.party)
    let mixed = SigningRun(run, setups: [first: run.setups[first] ?? [:], second: other[second] ?? [:]])
    attack.steps = SteppedRun(
      skipping.isEmpty
        ? [first: try CarefulSigner(first, of: mixed), second: try CarefulSigner(second, of: mixed)]
        : [
          first: try LooseSigner(first, of: mixed, skipping: skipping),
          second: try LooseSigner(second, of: mixed, skipping: skipping),
        ])
    return (attack, mixed)
  }

  @Test func `P4 P41 ends that hold different set-ups blame nobody and burn nothing`() throws {
    let (attack, run) = try mixSetups(skipping: [])
    for (me, peer) in [(attack.honest[0], attack.cheater.party), (attack.cheater.party, attack.honest[0])] {
      #expect(throws: ProtocolAbort.sessionMismatch([peer])) {
        try attack.steps.signers[me]?.checkAgreement(attack.steps.ordered, attack.steps.openings(to: me))
      }
      #expect(run.setups[me]?[peer]?.condition == .ready)
    }
  }

  @Test func `P4 P41 N ends that do not compare set-ups blame each other, both honest`() throws {
    var (attack, run) = try mixSetups(skipping: [.setups])
    try attack.steps.agree()
    for (me, peer) in [(attack.honest[0], attack.cheater.party), (attack.cheater.party, attack.honest[0])] {
      #expect(throws: ProtocolAbort.blamed([peer: .failedCheck(round: 1, name: "OT extension")])) {
        try attack.steps.reply(me)
      }
      #expect(run.setups[me]?[peer]?.condition == .burned)
    }
  }
}

extension MultiplicationReply {
  func with(
    message: MultiplicationMessage? = nil, noncePoint: Secp256k1.Element? = nil, blinding: [UInt8]? = nil,
    keyPoint: Secp256k1.Element? = nil
  ) -> MultiplicationReply {
    MultiplicationReply(
      salt: salt, message: message ?? self.message, nonceOutput: nonceOutput, keyOutput: keyOutput, masked: masked,
      noncePoint: noncePoint ?? self.noncePoint, blinding: blinding ?? self.blinding,
      keyPoint: keyPoint ?? self.keyPoint)
  }
}
