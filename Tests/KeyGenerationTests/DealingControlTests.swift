import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Testing

@testable import KeyGeneration

/// The attack of each test fails against members and succeeds against members that leave out one defence.
struct DealingControlTests {
  /// Member 2 attacks; the others run the protocol, or leave out checks of it.
  private func run(
    _ corruption: @escaping KeyGenerationRun.Corruption, adversary: some Adversary = HonestNetwork(),
    skipping skipped: Set<CarelessMember.Check>
  ) throws -> KeyGenerationRun.Result {
    let run = try KeyGenerationRun(3, seed: 5)
    let cheater = try party(2)
    var careless: [PartyID: KeyGenerationRun.Corruption] = [:]
    if !skipped.isEmpty {
      for member in run.members where member.party != cheater {
        careless[member.party] = CarelessMember(skipped: skipped).member
      }
    }
    return try #require(
      try run.simulate(adversary: adversary, corruptions: [cheater: corruption], weakened: careless))
  }

  private func honest(_ result: KeyGenerationRun.Result) throws -> [PartyID: KeyGenerationRun.Outcome] {
    let cheater = try party(2)
    return result.outcomes.filter { $0.key != cheater }
  }

  private func kept(_ result: KeyGenerationRun.Result) throws -> [PartyID: KeyGenerationRun.Kept] {
    try honest(result).compactMapValues { if case .keys(let kept) = $0 { kept } else { nil } }
  }

  private func faults(_ result: KeyGenerationRun.Result) throws -> Set<ProtocolAbort?> {
    Set(try honest(result).values.map(\.abort))
  }

  private func blamed(_ round: UInt8, _ name: String) throws -> Set<ProtocolAbort?> {
    [.blamed([try party(2): .failedCheck(round: round, name: name)])]
  }

  @Test func `careless members that skip nothing do what members do`() throws {
    let dealer = DeviantDealer().corruption
    let careful = try kept(run(dealer, skipping: []))
    let nothing = try kept(run(dealer, skipping: [.confirmations]))
    #expect(careful.count == 2 && nothing.count == 2)
    let all = Array(careful.values) + Array(nothing.values)
    #expect(Set(all.map { $0.shares.body.digest }).count == 1)
    #expect(all.allSatisfy { $0.isConsistent })
  }

  @Test func `P1 N members that do not check their shares keep a bad one`() throws {
    let victim = try party(3)
    let attack = DeviantDealer(sealed: { shares, context in
      var boxes = shares.boxes
      boxes[context.parties.others(than: context.me).firstIndex(of: victim) ?? 0][40] ^= 1
      return SealedShares(boxes: boxes)
    }).corruption
    #expect(try faults(run(attack, skipping: [])) == blamed(3, "share"))
    let kept = try kept(run(attack, skipping: [.shares]))
    #expect(kept.count == 2)
    #expect(kept[victim]?.isConsistent == false)
  }

  @Test func `P3 N without echo and confirmation one dealer gives two members two keys`() throws {
    let (cheater, victim) = (try party(2), try party(3))
    // What the dealer says with another polynomial; nobody's messages depend on it before round 4.
    let recorded = try run(RushingDealer.smooth(1).corruption, skipping: []).sent.filter {
      $0.sender == cheater && $0.receiver == victim && $0.envelope.channel == .broadcast
    }
    let equivocation = Rewriting { message, _ in
      guard message.sender == cheater, message.receiver == victim, message.envelope.channel == .broadcast,
        let other = recorded.first(where: { $0.envelope.round == message.envelope.round })
      else { return [message] }
      return [message.with(payload: other.envelope.payload)]
    }
    let dealer = RushingDealer.smooth(0).corruption
    let noticed = try run(dealer, adversary: equivocation, skipping: [])
    #expect(try kept(noticed).isEmpty)
    #expect(noticed.violations(corrupted: [cheater]).isEmpty)

    let split = try run(dealer, adversary: equivocation, skipping: [.echoes, .confirmations])
    #expect(try kept(split).count == 2)
    #expect(split.violations(corrupted: [cheater]) == ["two certificate bodies"])
  }

  @Test func `P4 N without a certificate a member that is silent at the end leaves keys with some only`() throws {
    let (cheater, victim) = (try party(2), try party(3))
    let silence = Rewriting { message, _ in
      message.envelope.round == Confirmation.round && message.receiver == victim ? [] : [message]
    }
    let result = try #require(
      try KeyGenerationRun(4, seed: 6).run(corrupted: [cheater], adversary: silence))
    let kept = try kept(result)
    // Hosts that use keys as soon as they have them now sign with a key that one of them has no share of.
    #expect(kept.keys.sorted() == [try party(1), try party(4)])

    // Hosts that wait for everybody's signature learn that there will be none.
    for (party, keys) in kept {
      var (ceremony, _) = CertificateCeremony.begin(keys.shares.body, me: party)
      var actions = ceremony.handle(.pendingKept)
      actions += ceremony.handle(.declaredNone(victim, keys.shares.body.digest))
      actions += ceremony.handle(.pendingDropped)
      #expect(ceremony.phase == .abandoned)
      #expect(!actions.contains(.activate) && !actions.contains(.recordSignature))
    }
  }

  @Test func `P5 N without commitment and proof the last dealer owns the key`() throws {
    let attack = RushingDealer.rogue(wanting: 4242).corruption
    #expect(try faults(run(attack, skipping: [])) == blamed(2, "commitment"))
    // Either defence is enough.
    #expect(try faults(run(attack, skipping: [.openings])) == blamed(2, "proof of knowledge"))
    #expect(try faults(run(attack, skipping: [.proofs])) == blamed(2, "commitment"))

    // Every member checks its shares, and finds them good.
    let kept = try kept(run(attack, skipping: [.openings, .proofs, .confirmations]))
    let owned = Edwards25519.generator.multiplied(by: Edwards25519.Scalar(4242)).canonicalBytes
    #expect(kept.count == 2)
    for keys in kept.values {
      #expect(keys.isConsistent)
      #expect(keys.shares.body.roots[.ed25519Sign]?[0][0] == owned)
    }
  }

  @Test func `P6 P7 N without context in commitment and proof a copycat counts another's dealing twice`() throws {
    let attack = RushingDealer.copycat(of: try party(1)).corruption
    #expect(try faults(run(attack, skipping: [])) == blamed(2, "commitment"))
    #expect(try faults(run(attack, skipping: [.openings])) == blamed(2, "proof of knowledge"))

    let result = try run(attack, skipping: [.openings, .proofs, .shares, .confirmations])
    let openings = result.sent.filter {
      $0.sender.value != 2 && $0.envelope.round == DealingOpening.round && $0.envelope.channel == .broadcast
    }
    var keys: [Edwards25519.Element] = []
    for number in [1, 3] as [UInt16] {
      let payload = try #require(openings.first { $0.sender.value == number }).envelope.payload
      // Behind the blinding and the sealing key.
      keys.append(try Edwards25519.Element(canonicalBytes: payload.dropFirst(64).prefix(32)))
    }
    let doubled = (keys[0] + keys[0] + keys[1]).canonicalBytes
    let kept = try kept(result)
    #expect(kept.count == 2)
    for keys in kept.values { #expect(keys.shares.body.roots[.ed25519Sign]?[0][0] == doubled) }
  }

  @Test func `P40 N without the host's deadline a silent member keeps the others waiting for ever`() throws {
    let cheater = try party(2)
    let silence = Rewriting { _, _ in [] }
    let run = try KeyGenerationRun(3, seed: 7)
    let ended = try #require(try run.run(corrupted: [cheater], adversary: silence))
    #expect(try honest(ended).values.allSatisfy { $0.abort == .missing(round: 1, [cheater]) })
    #expect(try run.simulate(corrupted: [cheater], adversary: silence, hasDeadline: false) == nil)
  }

  @Test func `P41 N members that believe complaints blame an honest dealer`() throws {
    let accused = try party(1)
    let attack = DeviantDealer(accused: [accused]).corruption
    #expect(try faults(run(attack, skipping: [])) == blamed(4, "complaint"))
    let result = try run(attack, skipping: [.complaints])
    #expect(try faults(result) == [.blamed([accused: .failedCheck(round: 3, name: "share")])])
    #expect(!result.violations(corrupted: [try party(2)]).isEmpty)
  }
}
