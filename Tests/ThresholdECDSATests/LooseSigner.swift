import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets
import Transcripts

@testable import Rounds
@testable import ThresholdECDSA

/// One signer whose steps a test takes by hand.
protocol SteppedSigner: AnyObject {
  var announcement: NonceAnnouncement { get }
  var openings: [PartyID: MultiplicationOpening] { get }
  func checkAgreement(
    _ announcements: [(party: PartyID, message: NonceAnnouncement)], _ openings: [PartyID: MultiplicationOpening]
  ) throws
  func reply(to openings: [PartyID: MultiplicationOpening]) throws -> [PartyID: MultiplicationReply]
  func finish(
    _ announcements: [(party: PartyID, message: NonceAnnouncement)], _ replies: [PartyID: MultiplicationReply]
  ) throws -> ECDSAContribution
}

/// The project's.
final class CarefulSigner: SteppedSigner {
  private let signer: ECDSASigner
  private var random: SeededRandom

  init(_ party: PartyID, of run: SigningRun, seed: UInt64 = 1) throws {
    var random = SeededRandom(seed: seed).split(UInt64(party.value))
    signer = try ECDSASigner(
      run.order(party), share: run.key.share(of: party), setups: run.setups[party] ?? [:], in: run.context(party),
      random: &random)
    self.random = random
  }

  var announcement: NonceAnnouncement { signer.announcement }
  var openings: [PartyID: MultiplicationOpening] { signer.openings }

  func checkAgreement(
    _ announcements: [(party: PartyID, message: NonceAnnouncement)], _ openings: [PartyID: MultiplicationOpening]
  ) throws { try signer.checkAgreement(announcements, openings) }

  func reply(to openings: [PartyID: MultiplicationOpening]) throws -> [PartyID: MultiplicationReply] {
    try signer.reply(to: openings, random: &random)
  }

  func finish(
    _ announcements: [(party: PartyID, message: NonceAnnouncement)], _ replies: [PartyID: MultiplicationReply]
  ) throws -> ECDSAContribution { try signer.finish(Agreed(announcements), replies) }
}

/// A signer written again from the paper (ePrint 2023/765, protocol 3.6) over public scalars. A weakened one leaves out
/// checks; a corrupted one changes its values between steps.
final class LooseSigner: SteppedSigner {
  enum Check: Sendable, Hashable {
    /// That all were asked the same.
    case agreement
    /// That both ends mean one set-up.
    case setups
    /// That a nonce point is what was committed to.
    case commitments
    /// That a commitment names its party.
    case committedParty
    case multiplications
    case pointRelations
    case keySum
    /// That the nonce point is not the identity.
    case noncePoint
    /// That no other session burned the set-up meanwhile.
    case burning
  }

  let party: PartyID
  let announcement: NonceAnnouncement
  private(set) var openings: [PartyID: MultiplicationOpening] = [:]
  /// A corrupted signer may change its mind about these after round 1.
  var nonce: Secp256k1.Scalar
  var key: Secp256k1.Scalar
  var blinding: [UInt8]
  /// What one receiver's multiplication takes in place of nonce and key.
  var inputs: [PartyID: (nonce: Secp256k1.Scalar, key: Secp256k1.Scalar)] = [:]
  let mask: Secp256k1.Scalar
  private let context: SessionContext
  private let order: ECDSASigningOrder
  private let setups: [PartyID: PairSetup]
  private let skipped: Set<Check>
  private var random: SeededRandom
  private var receivers: [PartyID: LooseReceiver] = [:]
  private var sent: [PartyID: [Secp256k1.Scalar]] = [:]

  /// - Parameter key: in place of `λ·share + ζ`.
  init(
    _ party: PartyID, of run: SigningRun, skipping skipped: Set<Check> = [], seed: UInt64 = 1,
    nonce: Secp256k1.Scalar? = nil
  ) throws {
    self.party = party
    self.skipped = skipped
    random = SeededRandom(seed: seed).split(UInt64(party.value))
    (context, order) = (try run.context(party), try run.order(party))
    setups = run.setups[party] ?? [:]
    // The same order of draws as the real signer's.
    let drawn = SecretScalar<Secp256k1>.random(from: &random).declassified()
    self.nonce = nonce ?? drawn
    blinding = random.bytes(HashCommitment.blindingByteCount)
    mask = SecretScalar<Secp256k1>.random(from: &random).declassified()
    announcement = NonceAnnouncement(
      commitment: HashCommitment(
        .nonceCommitment,
        Self.fields(Secp256k1.generator.multiplied(by: self.nonce), party, context, skipped), blinding: blinding),
      agreement: order.agreement)
    let weight = try Lagrange.coefficient(party, in: run.quorum, group: Secp256k1.self)
    key = weight * run.key.share(of: party).value.declassified()
    for other in context.others {
      guard let setup = setups[other] else { throw ProtocolAbort.internalFault("no set-up") }
      key = key + (try setup.zeroShare(context.session).declassified())
      let receiver = try LooseReceiver(setup, label(setup, sender: other, receiver: party), random: &random)
      receivers[other] = receiver
      openings[other] = MultiplicationOpening(setup: setup.id, message: receiver.message)
    }
  }

  /// Everybody's nonce point, from the random source of the signer itself.
  static func nonce(of party: PartyID, seed: UInt64 = 1) -> Secp256k1.Scalar {
    var random = SeededRandom(seed: seed).split(UInt64(party.value))
    return SecretScalar<Secp256k1>.random(from: &random).declassified()
  }

  private func label(_ setup: PairSetup, sender: PartyID, receiver: PartyID) -> OTLabel {
    OTLabel(session: context.session, binding: setup.id, sender: sender, receiver: receiver)
  }

  private static func fields(
    _ point: Secp256k1.Element, _ party: PartyID, _ context: SessionContext, _ skipped: Set<Check>
  ) -> [[UInt8]] {
    let name = skipped.contains(.committedParty) ? 0 : UInt64(party.value)
    return [context.session.bytes, name.bigEndianBytes, point.canonicalBytes]
  }

  func checkAgreement(
    _ announcements: [(party: PartyID, message: NonceAnnouncement)], _ openings: [PartyID: MultiplicationOpening]
  ) throws {
    for (other, message) in announcements where other != party {
      if !skipped.contains(.agreement), message.agreement != order.agreement {
        throw ProtocolAbort.sessionMismatch([other])
      }
      if !skipped.contains(.setups), openings[other]?.setup != setups[other]?.id {
        throw ProtocolAbort.sessionMismatch([other])
      }
    }
  }

  func reply(to openings: [PartyID: MultiplicationOpening]) throws -> [PartyID: MultiplicationReply] {
    var replies: [PartyID: MultiplicationReply] = [:]
    for other in context.others {
      guard let setup = setups[other], let opening = openings[other], let receiver = receivers[other] else {
        throw ProtocolAbort.internalFault("no message")
      }
      let label = label(setup, sender: party, receiver: other)
      let extended: OTSenderHalf.Extension
      do throws(PairSetupRefusal) {
        extended = try setup.extend(opening.message, .multiplication, label)
      } catch {
        throw ProtocolAbort.blamed([other: .failedCheck(round: 1, name: "OT extension")])
      }
      let salt = random.bytes(MultiplicationRun.saltByteCount)
      let input = inputs[other] ?? (nonce: nonce, key: key)
      let check = SecretScalar<Secp256k1>.random(from: &random).declassified()
      let product = try LooseMultiplication.send(
        [input.nonce, input.key, check], with: extended, gadget: setup.gadget,
        run: MultiplicationRun(label, opening.message, senderSalt: salt), challenge: .ofCorrections)
      sent[other] = product.outputs
      replies[other] = MultiplicationReply(
        salt: salt, message: product.message, nonceOutput: point(product.outputs[0]),
        keyOutput: point(product.outputs[1]), masked: mask - receiver.factor(setup.gadget), noncePoint: point(nonce),
        blinding: blinding, keyPoint: point(key))
    }
    return replies
  }

  func finish(
    _ announcements: [(party: PartyID, message: NonceAnnouncement)], _ replies: [PartyID: MultiplicationReply]
  ) throws -> ECDSAContribution {
    var factor = mask
    var (denominator, product) = (Secp256k1.Scalar.zero, Secp256k1.Scalar.zero)
    var (noncePoint, keyPoint) = (point(nonce), point(key))
    for other in context.others {
      guard let reply = replies[other], let receiver = receivers[other], let setup = setups[other],
        let announced = announcements.first(where: { $0.party == other })?.message, let sent = sent[other]
      else { throw ProtocolAbort.internalFault("no message") }
      func blame(_ name: String) -> ProtocolAbort { .blamed([other: .failedCheck(round: 2, name: name)]) }
      if !skipped.contains(.burning), setup.condition == .burned { throw blame("burned set-up") }
      let fields = Self.fields(reply.noncePoint, other, context, skipped)
      if !skipped.contains(.commitments),
        !announced.commitment.opens(.nonceCommitment, to: fields, blinding: reply.blinding)
      {
        throw blame("nonce commitment")
      }
      let received = try receiver.finish(
        reply.message, senderSalt: reply.salt, gadget: setup.gadget,
        skipping: skipped.contains(.multiplications) ? [.consistency] : [])
      guard let received else {
        setup.burn()
        throw blame("multiplication")
      }
      let chi = receiver.factor(setup.gadget)
      let holds =
        reply.noncePoint.multiplied(by: chi) - reply.nonceOutput == point(received[0])
        && reply.keyPoint.multiplied(by: chi) - reply.keyOutput == point(received[1])
      if !skipped.contains(.pointRelations), !holds { throw blame("point relation") }
      factor = factor + reply.masked
      denominator = denominator + sent[0] + received[0]
      product = product + sent[1] + received[1]
      noncePoint = noncePoint + reply.noncePoint
      keyPoint = keyPoint + reply.keyPoint
    }
    if !skipped.contains(.keySum), keyPoint != order.publicKey { throw ProtocolAbort.disagreement([order.quorum]) }
    if !skipped.contains(.noncePoint), noncePoint.isIdentity { throw ProtocolAbort.disagreement([order.quorum]) }
    denominator = denominator + nonce * factor
    product = product + key * factor
    let r = try Secp256k1.Scalar(reducing: noncePoint.xOnlyBytes)
    return ECDSAContribution(
      noncePoint: noncePoint, denominator: denominator, numerator: order.scalar * mask + r * product)
  }

  private func point(_ scalar: Secp256k1.Scalar) -> Secp256k1.Element { Secp256k1.generator.multiplied(by: scalar) }
}

/// A signing taken step by step, every message delivered as it was sent unless a test changes it between steps.
struct SteppedRun {
  let signers: [PartyID: any SteppedSigner]
  var announcements: [PartyID: NonceAnnouncement]
  /// By sender, then receiver.
  var openings: [PartyID: [PartyID: MultiplicationOpening]]
  var replies: [PartyID: [PartyID: MultiplicationReply]] = [:]

  init(_ signers: [PartyID: any SteppedSigner]) {
    self.signers = signers
    announcements = signers.mapValues(\.announcement)
    openings = signers.mapValues(\.openings)
  }

  var ordered: [(party: PartyID, message: NonceAnnouncement)] {
    announcements.sorted { $0.key < $1.key }.map { (party: $0.key, message: $0.value) }
  }

  func openings(to party: PartyID) -> [PartyID: MultiplicationOpening] { openings.compactMapValues { $0[party] } }

  mutating func agree() throws {
    for (party, signer) in signers { try signer.checkAgreement(ordered, openings(to: party)) }
  }

  mutating func reply(_ party: PartyID) throws {
    replies[party] = try signers[party]?.reply(to: openings(to: party))
  }

  mutating func replyAll() throws {
    try agree()
    for party in signers.keys.sorted() { try reply(party) }
  }

  /// As `finish` of one signer ends.
  func finish(_ party: PartyID) -> Result<ECDSAContribution, ProtocolAbort> {
    guard let signer = signers[party] else { return .failure(.internalFault("no such signer")) }
    do {
      return .success(try signer.finish(ordered, replies.compactMapValues { $0[party] }))
    } catch {
      return .failure(error as? ProtocolAbort ?? .internalFault("\(error)"))
    }
  }

  func finishAll() -> [PartyID: Result<ECDSAContribution, ProtocolAbort>] {
    Dictionary(uniqueKeysWithValues: signers.keys.map { ($0, finish($0)) })
  }
}
