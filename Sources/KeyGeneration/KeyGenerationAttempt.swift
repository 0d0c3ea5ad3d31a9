import Curves
import Identifiers
import PublicKeys
import Rounds
import SecretSharing
import Secrets
import Transcripts

/// The steps of one key generation, without any waiting; ``generateKeys(_:mailbox:transport:random:)`` calls them in
/// order.
///
/// It owns every secret of the attempt. They are wiped when it is dropped, whatever the outcome.
final class KeyGenerationAttempt {
  /// Round 2, committed to in round 1.
  let opening: DealingOpening
  private let order: KeyGenerationOrder
  let roots: [any SharedRoot]
  private let sealSecret: SecretScalar<Ristretto255>
  private var sealKeys: [PartyID: Ristretto255.Element]
  private(set) var received: [ReceivedShares] = []

  private var context: SessionContext { order.context }

  convenience init(_ order: KeyGenerationOrder, from random: inout some RandomSource) throws(ProtocolAbort) {
    var roots: [any SharedRoot] = []
    do {
      for slot in RootSlot.all { roots.append(try Self.root(slot, order.context, slot.purpose.group, &random)) }
    } catch {
      throw .internalFault("the random source gave a coefficient 0")
    }
    self.init(order, dealing: roots, from: &random)
  }

  /// - Parameter roots: one for each of ``RootSlot/all``, in that order.
  init(_ order: KeyGenerationOrder, dealing roots: [any SharedRoot], from random: inout some RandomSource) {
    self.order = order
    self.roots = roots
    sealSecret = SecretScalar.random(from: &random)
    let sealKey = sealSecret.timesGenerator()
    sealKeys = [order.context.me: sealKey]
    opening = DealingOpening(
      blinding: random.bytes(HashCommitment.blindingByteCount), sealKey: sealKey, offers: roots.map(\.offer))
  }

  private static func root<G: PrimeOrderGroup>(
    _ slot: RootSlot, _ context: SessionContext, _ group: G.Type, _ random: inout some RandomSource
  ) throws(SharingError) -> any SharedRoot {
    try GroupRoot<G>(slot, context, from: &random)
  }

  /// Round 1.
  var commitment: DealingCommitment { DealingCommitment(opening.commitment(of: context.me, in: context)) }

  /// One dealer's opening: is what it committed to, and proves what it must.
  func admit(_ opening: DealingOpening, from dealer: PartyID, committed: DealingCommitment?) -> Fault? {
    guard opening.commitment(of: dealer, in: context) == committed?.commitment else { return .check(2, "commitment") }
    for (root, offer) in zip(roots, opening.offers) {
      do throws(OfferFlaw) {
        try root.admit(offer, from: dealer)
      } catch {
        return .check(2, error.rawValue)
      }
    }
    sealKeys[dealer] = opening.sealKey
    return nil
  }

  /// Round 3: this party's shares for every other.
  func sealedShares() throws(ProtocolAbort) -> SealedShares {
    var boxes: [[UInt8]] = []
    for recipient in context.others {
      var shares = SecretBytes(zeroed: RootSlot.sharesByteCount)
      for (slot, root) in zip(RootSlot.all, roots) {
        shares.replaceBytes(at: slot.shareRange.lowerBound, with: root.share(of: recipient))
      }
      guard let key = sealKeys[recipient] else { throw .internalFault("shares are dealt before openings are admitted") }
      let seal = try seal(from: context.me, to: recipient)
      boxes.append(seal.seal(shares, sharedSecret: sealSecret.sharedSecret(with: key)))
    }
    return SealedShares(boxes: boxes)
  }

  /// Opens what one dealer sealed to this party and keeps it if it is consistent with the dealer's commitments.
  func receive(_ sealed: SealedShares, from dealer: PartyID) throws(ProtocolAbort) -> Bool {
    guard let shares = try open(sealed, from: dealer, to: context.me, with: sealSecret) else { return false }
    received.append(shares)
    return true
  }

  /// Round 4. Complaining makes this party's sealing key public.
  func verdict(against dealers: [PartyID]) -> Verdict {
    guard let set = try? PartySet(dealers) else { return Verdict(complaint: nil) }
    return Verdict(complaint: .init(dealers: set, sealSecret: sealSecret.declassified()))
  }

  /// Who is at fault in one party's complaint: each dealer whose sealed shares are bad, and the complainer if it named
  /// one whose shares are good. Everybody judges the same bytes and comes to the same end.
  func judge(
    _ complaint: Verdict.Complaint, by complainer: PartyID, _ sealed: Agreed<SealedShares>
  ) throws(ProtocolAbort) -> [PartyID: Fault] {
    let secret = SecretScalar<Ristretto255>(complaint.sealSecret)
    guard secret.timesGenerator() == sealKeys[complainer] else { return [complainer: .check(4, "complaint key")] }
    var faults: [PartyID: Fault] = [:]
    for dealer in complaint.dealers {
      guard dealer != complainer, let shares = sealed.message(of: dealer) else {
        faults[complainer] = .check(4, "complaint")
        continue
      }
      if try open(shares, from: dealer, to: complainer, with: secret) == nil {
        faults[dealer] = .check(3, "share")
      } else {
        faults[complainer] = .check(4, "complaint")
      }
    }
    return faults
  }

  /// This party's shares of the sums, with what all members will certify.
  func finish() throws(ProtocolAbort) -> PendingKeyShares {
    guard received.count == context.others.count else { throw .internalFault("shares of some dealers are missing") }
    var secrets = SecretBytes(zeroed: RootSlot.sharesByteCount)
    var commitments: [KeyPurpose: [[[UInt8]]]] = [:]
    do {
      for (slot, root) in zip(RootSlot.all, roots) {
        let outcome = try root.sum(received, in: slot)
        secrets.replaceBytes(at: slot.shareRange.lowerBound, with: outcome.share)
        commitments[slot.purpose, default: []].append(outcome.commitment)
      }
      let body = try KeyCertificateBody(
        network: order.network, epoch: order.epoch, threshold: context.threshold, members: order.members,
        roots: commitments)
      return PendingKeyShares(body: body, party: context.me, secrets: secrets)
    } catch {
      throw .internalFault("the sum of all dealings is not a sharing")
    }
  }

  private func open(
    _ sealed: SealedShares, from dealer: PartyID, to recipient: PartyID,
    with secret: borrowing SecretScalar<Ristretto255>
  ) throws(ProtocolAbort) -> ReceivedShares? {
    let seal = try seal(from: dealer, to: recipient)
    let box = sealed.box(for: recipient, from: dealer, in: context)
    let shares = ReceivedShares(seal.open(box, sharedSecret: secret.sharedSecret(with: seal.dealerKey)))
    for (slot, root) in zip(RootSlot.all, roots) {
      guard let share = shares.bytes.copy(of: slot.shareRange) else { return nil }
      guard root.isConsistent(share, of: recipient, from: dealer) else { return nil }
    }
    return shares
  }

  private func seal(from dealer: PartyID, to recipient: PartyID) throws(ProtocolAbort) -> ShareSeal {
    guard let dealerKey = sealKeys[dealer], let recipientKey = sealKeys[recipient] else {
      throw .internalFault("shares are opened before openings are admitted")
    }
    return ShareSeal(
      context: context, dealer: dealer, recipient: recipient, dealerKey: dealerKey, recipientKey: recipientKey)
  }
}

extension Fault {
  static func check(_ round: UInt8, _ name: String) -> Fault { .failedCheck(round: round, name: name) }
}
