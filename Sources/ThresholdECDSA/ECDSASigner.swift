import Aggregation
import Curves
import Identifiers
import Rounds
import SecretSharing
import Secrets
import Transcripts

/// One signer of protocol 3.6 (ePrint 2023/765) from its first message to its contribution. It runs once and dies with
/// the session.
struct ECDSASigner: ~Copyable {
  let announcement: NonceAnnouncement
  let openings: [PartyID: MultiplicationOpening]
  private let context: SessionContext
  private let order: ECDSASigningOrder
  private let setups: [PartyID: PairSetup]
  /// `r_i`
  private let nonce: SecretScalar<Secp256k1>
  /// `φ_i`
  private let mask: SecretScalar<Secp256k1>
  /// `sk_i = λ_i·share_i + ζ_i`
  private let key: SecretScalar<Secp256k1>
  private let noncePoint: Secp256k1.Element
  private let keyPoint: Secp256k1.Element
  private let blinding: [UInt8]
  private let pairs: [PartyID: SigningPair]

  // MARK: Round 1

  init(
    _ order: ECDSASigningOrder, share: borrowing SecretShare<Secp256k1>, setups: [PartyID: PairSetup],
    in context: SessionContext, random: inout some RandomSource
  ) throws(ProtocolAbort) {
    guard context.parties == order.quorum, context.threshold == order.threshold, share.party == context.me,
      context.others.allSatisfy({ setups[$0]?.me == context.me && setups[$0]?.peer == $0 })
    else { throw .internalFault("share, set-ups or session are not the order's") }
    guard !share.value.isEqual(to: SecretScalar(.zero)) else { throw .internalFault("a share of zero") }

    // Step 1: r_i, φ_i, R_i = r_i·G and the commitment to it.
    let nonce = SecretScalar<Secp256k1>.random(from: &random)
    let noncePoint = nonce.timesGenerator()
    let blinding = random.bytes(HashCommitment.blindingByteCount)
    let commitment = Self.commitment(to: noncePoint, of: context.me, blinding, in: context)
    let mask = SecretScalar<Secp256k1>.random(from: &random)

    // Step 1: as receiver of every pair, β, χ_ij = ⟨g, β⟩ and the OT extension's message.
    var key: SecretScalar<Secp256k1>
    do {
      key = share.value.multiplied(by: try Lagrange.coefficient(context.me, in: order.quorum, group: Secp256k1.self))
    } catch {
      throw .internalFault("a signer outside its quorum")
    }
    var openings: [PartyID: MultiplicationOpening] = [:]
    var pairs: [PartyID: SigningPair] = [:]
    var refusals = SetupRefusals(round: 1)
    for party in context.others {
      guard let setup = setups[party] else { throw .internalFault("no set-up") }
      do throws(PairSetupRefusal) {
        key = key.adding(try setup.zeroShare(context.session))
        let label = Self.label(context, setup, sender: party, receiver: context.me)
        let receiver = try MultiplicationReceiver(setup, label, random: &random)
        openings[party] = MultiplicationOpening(setup: setup.id, message: receiver.message)
        pairs[party] = SigningPair(receiver, gadget: setup.gadget)
      } catch {
        refusals.add(party, error)
      }
    }
    try refusals.conclude()
    announcement = NonceAnnouncement(commitment: commitment, agreement: order.agreement)
    keyPoint = key.timesGenerator()
    self.key = key
    self.mask = mask
    self.nonce = nonce
    self.noncePoint = noncePoint
    self.blinding = blinding
    self.openings = openings
    self.pairs = pairs
    self.setups = setups
    self.order = order
    self.context = context
  }

  private static func label(
    _ context: SessionContext, _ setup: PairSetup, sender: PartyID, receiver: PartyID
  ) -> OTLabel {
    OTLabel(session: context.session, binding: setup.id, sender: sender, receiver: receiver)
  }

  private static func commitment(
    to point: Secp256k1.Element, of party: PartyID, _ blinding: [UInt8], in context: SessionContext
  ) -> HashCommitment {
    HashCommitment(.nonceCommitment, commitmentFields(point, party, context), blinding: blinding)
  }

  private static func commitmentFields(
    _ point: Secp256k1.Element, _ party: PartyID, _ context: SessionContext
  ) -> [[UInt8]] {
    [context.session.bytes, UInt64(party.value).bigEndianBytes, point.canonicalBytes]
  }

  /// Everybody was asked the same, and both ends of every pair mean the same set-up. Otherwise nothing more is sent.
  borrowing func checkAgreement(
    _ announcements: [(party: PartyID, message: NonceAnnouncement)], _ openings: [PartyID: MultiplicationOpening]
  ) throws(ProtocolAbort) {
    let others = announcements.filter { party, message in
      message.agreement != order.agreement || (party != context.me && openings[party]?.setup != setups[party]?.id)
    }
    guard others.isEmpty else { throw .sessionMismatch(others.map(\.party)) }
  }

  // MARK: Round 2

  /// Step 2, as sender towards every other party with inputs `(r_i, sk_i)`.
  ///
  /// All messages are checked before anything is answered. A failed check has burned its set-up when this throws.
  borrowing func reply(
    to openings: [PartyID: MultiplicationOpening], random: inout some RandomSource
  ) throws(ProtocolAbort) -> [PartyID: MultiplicationReply] {
    var refusals = SetupRefusals(round: 1)
    var extensions: [PartyID: SenderExtension] = [:]
    for party in context.others {
      guard let setup = setups[party], let opening = openings[party] else { throw .internalFault("no message") }
      do throws(PairSetupRefusal) {
        let label = Self.label(context, setup, sender: context.me, receiver: party)
        extensions[party] = SenderExtension(try setup.extend(opening.message, .multiplication, label), label)
      } catch {
        refusals.add(party, error)
      }
    }
    try refusals.conclude()

    var replies: [PartyID: MultiplicationReply] = [:]
    for party in context.others {
      guard let setup = setups[party], let opening = openings[party], let extended = extensions[party],
        let pair = pairs[party]
      else { throw .internalFault("no message") }
      let salt = random.bytes(MultiplicationRun.saltByteCount)
      var inputs = ScalarVector(count: ECDSAParameters.width)
      inputs.set(0, to: nonce)
      inputs.set(1, to: key)
      inputs.set(2, to: SecretScalar.random(from: &random))
      let run = MultiplicationRun(extended.label, opening.message, senderSalt: salt)
      let multiplied = MultiplicationSender.multiply(
        inputs, with: extended.value, gadget: setup.gadget, run: run)
      // c^u_ij and c^v_ij
      let nonceOutput = multiplied.outputs.scalar(0)
      let keyOutput = multiplied.outputs.scalar(1)
      replies[party] = MultiplicationReply(
        salt: salt, message: multiplied.message, nonceOutput: nonceOutput.timesGenerator(),
        keyOutput: keyOutput.timesGenerator(),
        masked: mask.adding(pair.factor.negated()).declassified(), noncePoint: noncePoint, blinding: blinding,
        keyPoint: keyPoint)
      pair.sent(nonceOutput, keyOutput)
    }
    for party in context.others {
      do throws(PairSetupRefusal) { try setups[party]?.confirmReady() } catch { refusals.add(party, error) }
    }
    try refusals.conclude()
    return replies
  }

  // MARK: Output

  /// Step 3: every check, and this signer's part of the signature. The caller has confirmed that all signers hold the
  /// same announcements.
  borrowing func finish(
    _ announcements: Agreed<NonceAnnouncement>, _ replies: [PartyID: MultiplicationReply]
  ) throws(ProtocolAbort) -> ECDSAContribution {
    var judgement = Judgement()
    for party in context.others {
      guard let reply = replies[party], let pair = pairs[party], let setup = setups[party],
        let announced = announcements.message(of: party)
      else { throw .internalFault("no message") }
      let fields = Self.commitmentFields(reply.noncePoint, party, context)
      // Another session caught the party since: nothing is signed with it any more.
      if setup.condition == .burned {
        judgement.blame(party, .failedCheck(round: 2, name: "burned set-up"))
        continue
      }
      guard announced.commitment.opens(.nonceCommitment, to: fields, blinding: reply.blinding) else {
        judgement.blame(party, .failedCheck(round: 2, name: "nonce commitment"))
        continue
      }
      guard pair.receive(reply, gadget: setup.gadget) else {
        // What a sender learns from this failure is a bit of this run's β only. The set-up goes all the same.
        setup.burn()
        judgement.blame(party, .failedCheck(round: 2, name: "multiplication"))
        continue
      }
      if !pair.isConsistent(with: reply) { judgement.blame(party, .failedCheck(round: 2, name: "point relation")) }
    }
    try judgement.conclude()

    let others = context.others.compactMap { replies[$0] }
    let keySum = others.reduce(keyPoint) { $0 + $1.keyPoint }
    let point = others.reduce(noncePoint) { $0 + $1.noncePoint }
    // Nobody can tell whose part is wrong.
    guard keySum == order.publicKey, !point.isIdentity,
      let r = try? Secp256k1.Scalar(reducing: point.xOnlyBytes), !r.isZero
    else { throw .disagreement([order.quorum]) }

    // φ_i + Σ ψ_ji
    var factor = mask.clone()
    for reply in others { factor = factor.adding(reply.masked) }
    // u_i and v_i
    var denominator = nonce.multiplied(by: factor)
    var product = key.multiplied(by: factor)
    for party in context.others {
      guard let outputs = pairs[party]?.outputs() else { throw .internalFault("no outputs") }
      denominator = denominator.adding(outputs.nonce)
      product = product.adding(outputs.key)
    }
    // w_i = h·φ_i + r_x·v_i
    let numerator = mask.multiplied(by: order.scalar).adding(product.multiplied(by: r))
    return ECDSAContribution(
      noncePoint: point, denominator: denominator.declassified(), numerator: numerator.declassified())
  }
}

/// The refusals of several pairs' set-ups in one step become one abort; a cheating party outweighs a lost set-up.
private struct SetupRefusals {
  private var judgement = Judgement()
  private var retired: [PartyID] = []
  private let round: UInt8

  init(round: UInt8) { self.round = round }

  mutating func add(_ party: PartyID, _ refusal: PairSetupRefusal) {
    switch refusal {
    case .failedCheck: judgement.blame(party, .failedCheck(round: round, name: "OT extension"))
    case .burned: judgement.blame(party, .failedCheck(round: round, name: "burned set-up"))
    case .retired: retired.append(party)
    }
  }

  func conclude() throws(ProtocolAbort) {
    try judgement.conclude()
    if !retired.isEmpty { throw .sessionMismatch(retired) }
  }
}

/// A noncopyable extension in a box that a dictionary can hold.
private final class SenderExtension {
  let value: OTSenderHalf.Extension
  let label: OTLabel

  init(_ value: consuming OTSenderHalf.Extension, _ label: OTLabel) {
    self.value = value
    self.label = label
  }
}
