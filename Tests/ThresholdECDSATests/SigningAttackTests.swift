import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Secrets
import Testing
import Transcripts

@testable import ThresholdECDSA

@Suite struct SigningAttackTests {
  /// The honest parties' aborts name the cheater or a set with it in it, and nobody else.
  private func check(_ outcomes: [PartyID: SigningRun.Outcome], cheater: PartyID) {
    for (party, outcome) in outcomes where party != cheater {
      switch outcome {
      case .success: break
      case .failure(.blamed(let faults)): #expect(Array(faults.keys) == [cheater])
      case .failure(.missing(_, let parties)): #expect(parties == [cheater])
      case .failure(.disagreement(let sets)): #expect(sets.allSatisfy { $0.contains(cheater) })
      case .failure(.sessionMismatch(let parties)): #expect(parties == [cheater])
      case .failure(let abort): Issue.record("\(abort)")
      }
    }
  }

  @Test(arguments: Tampering.allCases)
  func `P11 P12 P36 P40 P41 no mistreated message makes an honest signer suspect another`(
    _ tampering: Tampering
  ) throws {
    for (round, channel) in [(UInt8(1), Channel.broadcast), (1, .direct), (1, .echo), (2, .direct)] {
      let run = try SigningRun(t: 2, n: 3, seed: 40)
      let cheater = run.quorum[1]
      let result = try #require(
        try run.run(
          seed: 7, corrupted: [cheater],
          adversary: Rewriting { message, _ in
            message.envelope.round == round && message.envelope.channel == channel
              ? tampering.applied(to: message, bit: 54321) : [message]
          }))
      check(result.outcomes, cheater: cheater)
      if tampering == .duplicate { _ = try run.combine(result.outcomes) }
    }
  }

  @Test func `P9 P28 signers that were asked different things blame nobody, burn nothing and stop`() throws {
    var run = try SigningRun(t: 3, n: 4, seed: 41)
    run.agreements[run.quorum[0]] = Digest32.sha256(of: [1])
    let result = try #require(try run.run(seed: 1))
    #expect(result.sent.allSatisfy { $0.envelope.round != 2 })
    for (party, outcome) in result.outcomes {
      guard case .failure(.sessionMismatch(let others)) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(others == (party == run.quorum[0] ? run.quorum.others(than: party) : [run.quorum[0]]))
    }
    #expect(run.setups.values.allSatisfy { $0.values.allSatisfy { $0.condition == .ready } })
  }

  @Test func `P3 a signer that shows two commitments gets no contribution from anybody`() throws {
    let run = try SigningRun(t: 3, n: 4, seed: 42)
    let (cheater, victim) = (run.quorum[0], run.quorum[1])
    let result = try #require(
      try run.run(
        seed: 2, corrupted: [cheater],
        adversary: Rewriting { message, _ in
          message.envelope.channel == .broadcast && message.receiver == victim
            ? Tampering.flip.applied(to: message, bit: 3) : [message]
        }))
    check(result.outcomes, cheater: cheater)
    for party in run.quorum.others(than: cheater) {
      #expect(throws: ProtocolAbort.self) { try result.outcomes[party]?.get() }
    }
  }

  @Test func `P17 P18 a signer whose extension fails the check is named, burned, and refused the next time`() throws {
    let run = try SigningRun(t: 2, n: 3, seed: 43)
    let (honest, cheater) = (run.quorum[0], run.quorum[1])
    // A flipped bit of the check's own value, which fails whatever Δ is.
    let bit = 8 * (32 + OTExtensionMessage.byteCount(.multiplication) - 1)
    let flip = Rewriting { message, _ in
      message.envelope.round == 1 && message.envelope.channel == .direct
        ? Tampering.flip.applied(to: message, bit: bit) : [message]
    }
    let first = try #require(try run.run(seed: 3, corrupted: [cheater], adversary: flip))
    #expect(
      first.outcomes[honest]
        == .failure(.blamed([cheater: .failedCheck(round: 1, name: "OT extension")])))
    #expect(first.sent.allSatisfy { $0.sender == cheater || $0.envelope.round != 2 })
    #expect(run.setups[honest]?[cheater]?.condition == .burned)
    let second = try #require(try run.run(seed: 4))
    #expect(
      second.outcomes[honest] == .failure(.blamed([cheater: .failedCheck(round: 1, name: "burned set-up")])))
  }

  @Test func `P25 a digest of zero is refused by signers and user, also when it is the order`() throws {
    let key = try DealtKey(t: 2, n: 3, seed: 44)
    let quorum = try key.quorum(seed: 1)
    let order = Hex.self
    for text in [
      String(repeating: "0", count: 64), "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
    ] {
      let digest = try Digest32(bytes: order.decode(text))
      #expect(throws: ECDSAInputError.zeroDigest) {
        try ECDSASigningOrder(digest: digest, key: key.publicKey, quorum: quorum, agreement: .zero)
      }
      #expect(throws: ECDSAInputError.zeroDigest) {
        try ECDSACombination(digest: digest, key: key.publicKey, quorum: quorum)
      }
    }
  }

  @Test func `P29 P34 wrong contributions give no signature and name only what is known`() throws {
    let run = try SigningRun(t: 2, n: 3, seed: 45)
    let result = try #require(try run.run(seed: 5))
    var contributions = try result.outcomes.mapValues { try $0.get() }
    let combination = try ECDSACombination(digest: run.digest, key: run.key.publicKey, quorum: run.quorum)
    let (first, second) = (run.quorum[0], run.quorum[1])
    let good = try #require(contributions[first])
    contributions[first] = ECDSAContribution(
      noncePoint: good.noncePoint, denominator: good.denominator, numerator: good.numerator + .one)
    #expect(throws: ECDSACombinationFailure.invalidSignature) { try combination.combine(contributions) }
    contributions[first] = ECDSAContribution(
      noncePoint: Secp256k1.generator, denominator: good.denominator, numerator: good.numerator)
    #expect(throws: ECDSACombinationFailure.differentNoncePoints([[first], [second]])) {
      try combination.combine(contributions)
    }
    contributions[first] = nil
    #expect(throws: ECDSACombinationFailure.missing([first])) { try combination.combine(contributions) }
    #expect(try ECDSAContribution(encoded: good.encoded) == good)
    #expect(throws: ECDSAInputError.malformedContribution) {
      try ECDSAContribution(encoded: good.encoded.dropLast(32) + [UInt8](repeating: 0xff, count: 32))
    }
  }

  @Test func `P8 P19 one session id run twice on one set-up has nothing in common`() throws {
    var random = SeededRandom(seed: 46)
    let ends = try DealtSetup.deal(PartyID(1), PartyID(2), from: &random)
    let label = OTLabel(
      session: .zero, binding: ends.lower.id, sender: try PartyID(1), receiver: try PartyID(2))
    var inputs = ScalarVector(count: 3)
    for place in 0..<3 { inputs.set(place, to: SecretScalar(Secp256k1.Scalar(UInt64(5 + place)))) }
    func corrections(receiverSalt: [UInt8], senderSalt: [UInt8], choices: UInt64) throws -> [UInt8] {
      let shape = ExtensionShape.multiplication
      var bits = SecretWords(count: shape.columnWords)
      for word in 0..<bits.count { bits[word] = choices }
      let message = try ends.higher.extend(choices: bits, shape, label, salt: receiverSalt).message
      let extended = try ends.lower.extend(message, shape, label)
      let run = MultiplicationRun(label, message, senderSalt: senderSalt)
      return MultiplicationSender.multiply(inputs, with: extended, gadget: ends.lower.gadget, run: run).message
        .corrections
    }
    let (a, b) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
    let first = try corrections(receiverSalt: a, senderSalt: a, choices: 3)
    // The inputs are the same, so a common mask would show as a common scalar.
    for (receiverSalt, senderSalt) in [(b, a), (a, b), (b, b)] {
      let other = try corrections(receiverSalt: receiverSalt, senderSalt: senderSalt, choices: 3)
      for start in stride(from: 0, to: first.count, by: 32) {
        #expect(first[start..<start + 32] != other[start..<start + 32])
      }
    }
    // N: with neither salt fresh the two runs mask alike, and differences of inputs would be seen.
    #expect(try corrections(receiverSalt: a, senderSalt: a, choices: 3) == first)
  }

  @Test func `P20 P33 base OTs refuse the identity and what is no element`() throws {
    var random = SeededRandom(seed: 47)
    let label = OTLabel(session: .zero, binding: .zero, sender: try PartyID(2), receiver: try PartyID(1))
    let receiver = EndemicOTReceiver(label, choices: SecretBytes(zeroed: 16), random: &random)
    let sender = EndemicOTSender(label, random: &random)
    for bad in [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xff, count: 32), []] {
      #expect(throws: MalformedOT.self) { _ = try receiver.finish(bad) }
      #expect(throws: MalformedOT.self) { _ = try sender.finish(bad + receiver.message.dropFirst(32)) }
    }
    #expect(throws: Never.self) { _ = try sender.finish(receiver.message) }
  }
}
