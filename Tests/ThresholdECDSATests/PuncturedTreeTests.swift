import Curves
import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing
import Secrets
import Testing

@testable import ThresholdECDSA

/// All-but-one OT, and extended OTs over fields of every size.
@Suite struct PuncturedTreeTests {
  private let label: OTLabel
  private let other: OTLabel

  init() throws { (label, other) = try OTLabel.bothDirections() }

  /// Both keys of each base OT, and the chosen ones for Δ.
  private func keys(
    _ delta: [UInt8], _ parameters: OTParameters, from random: inout SeededRandom
  ) -> (both: [[UInt8]], chosen: [[UInt8]]) {
    let choices = PuncturedTree.choices(delta: SecretBytes(copying: delta), parameters)
    let both = (0..<2 * EndemicOT.count).map { _ in random.bytes(32) }
    return (both, (0..<EndemicOT.count).map { both[2 * $0 + Int(choices.mask($0) & 1)] })
  }

  private func secret(_ keys: [[UInt8]]) -> SecretKeys {
    var all = SecretKeys(count: keys.count)
    for (index, key) in keys.enumerated() { all.set(index, to: SecretBytes(copying: key)) }
    return all
  }

  @Test(arguments: [1, 2, 4, 8])
  func `a punctured tree has every leaf but one, for fields of every size`(fieldBits: Int) throws {
    var random = SeededRandom(seed: UInt64(fieldBits))
    let parameters = OTParameters(fieldBits: fieldBits)
    let delta = random.bytes(16)
    let (both, chosen) = keys(delta, parameters, from: &random)
    let grown = PuncturedTree.grow(secret(both), label, parameters)
    let message = grown.message
    let leaves = grown.takeLeaves()
    #expect(message.count == PuncturedTree.messageByteCount(parameters))
    let punctured = PuncturedTree.puncture(
      secret(chosen), delta: SecretBytes(copying: delta), message: message, label, parameters)
    guard let punctured else {
      Issue.record("the check fails")
      return
    }
    for block in 0..<parameters.blockCount {
      let missing = (0..<fieldBits).reduce(0) { sum, bit in
        let place = block * fieldBits + bit
        return sum | Int(delta[place / 8] >> UInt8(place % 8) & 1) << bit
      }
      let start = block * parameters.leafCount
      for leaf in 0..<parameters.leafCount {
        let known = punctured.publicBytes(start + (leaf ^ missing))
        #expect((known == leaves.publicBytes(start + leaf)) == (leaf != missing))
        if leaf == missing { #expect(known == [UInt8](repeating: 0, count: 32)) }
      }
    }
    // Any changed key of the check, and any other length, is refused.
    var changed = message
    changed[message.count - 1] ^= 1
    for bad in [changed, [], message.dropLast(), message + [0]] as [[UInt8]] {
      let accepts =
        PuncturedTree.puncture(secret(chosen), delta: SecretBytes(copying: delta), message: bad, label, parameters)
        != nil
      #expect(!accepts)
    }
    let elsewhere =
      PuncturedTree.puncture(secret(chosen), delta: SecretBytes(copying: delta), message: message, other, parameters)
      != nil
    #expect(!elsewhere)
  }

  /// A grower that changes the correction of one side of a block: it is noticed exactly by a party that chose this side,
  /// so the answer is a bit of Δ.
  private func bet(_ message: [UInt8], block: Int) -> [UInt8] {
    var changed = message
    changed[3 * 32 * block] ^= 1
    return changed
  }

  @Test func `P17 P18 a tree that bets on Δ ends the set-up when the bet is lost`() throws {
    var lost = 0
    let (lower, cheater) = (try PartyID(1), try PartyID(2))
    let bets = 12
    for seed in 0..<UInt64(bets) {
      let outcomes = try SetupRun.run(
        seed: seed, corrupted: [cheater],
        adversary: Rewriting { message, _ in
          message.envelope.round == 3 ? [message.with(payload: bet(message.envelope.payload, block: 5))] : [message]
        })
      guard case .failure(.blamed(let faults)) = try #require(outcomes[lower]) else {
        Issue.record("\(outcomes)")
        continue
      }
      // A bet that is won passes this check. The cheater's own end then has another transcript, as it runs the protocol.
      if faults == [cheater: .failedCheck(round: 3, name: "tree")] {
        lost += 1
      } else {
        #expect(faults == [cheater: .failedCheck(round: 4, name: "set-up id")])
      }
    }
    // Every set-up has a Δ of its own.
    #expect(0 < lost && lost < bets)
  }

  @Test func `P17 P18 N a party that keeps its Δ after a lost bet gives away a bit for each`() throws {
    var random = SeededRandom(seed: 8)
    let delta = random.bytes(16)
    let (both, chosen) = keys(delta, .standard, from: &random)
    let message = PuncturedTree.grow(secret(both), label).message
    for block in 0..<OTParameters.standard.blockCount {
      let wins =
        PuncturedTree.puncture(
          secret(chosen), delta: SecretBytes(copying: delta), message: bet(message, block: block), label) != nil
      // The second level of a block hides bit 0 of its place.
      let bit = delta[2 * block / 8] >> UInt8(2 * block % 8) & 1
      #expect(wins == (bit == 0))
    }
  }

  @Test(arguments: [1, 2, 4, 8])
  func `extended OTs and multiplications are right for fields of every size`(fieldBits: Int) throws {
    var random = SeededRandom(seed: 9)
    let parameters = OTParameters(fieldBits: fieldBits)
    let ends = try DealtSetup.deal(PartyID(1), PartyID(2), from: &random, parameters)
    let label = OTLabel(
      session: .zero, binding: ends.lower.id, sender: try PartyID(1), receiver: try PartyID(2))
    let receiver = try MultiplicationReceiver(ends.higher, label, random: &random)
    let encoded = receiver.message.encoded
    #expect(encoded.count == OTExtensionMessage.byteCount(.multiplication, parameters))
    #expect(try OTExtensionMessage(encoded: encoded, .multiplication, parameters) == receiver.message)
    let extended = try ends.lower.extend(receiver.message, .multiplication, label)
    let inputs = [Secp256k1.Scalar(3), Secp256k1.Scalar(4), Secp256k1.Scalar(5)]
    let run = MultiplicationRun(label, receiver.message, senderSalt: [])
    var vector = ScalarVector(count: 3)
    for (place, input) in inputs.enumerated() { vector.set(place, to: SecretScalar(input)) }
    let product = MultiplicationSender.multiply(vector, with: extended, gadget: ends.lower.gadget, run: run)
    let factor = receiver.factor(ends.higher.gadget).declassified()
    guard let outputs = receiver.finish(product.message, senderSalt: [], gadget: ends.higher.gadget) else {
      Issue.record("the check fails")
      return
    }
    for i in 0..<2 {
      #expect(
        product.outputs.scalar(i).declassified() + outputs.scalar(i).declassified() == inputs[i] * factor)
    }
    // And a changed bit of the corrections is noticed or, with probability 2^−k, was a right bet on Δ.
    var corrections = receiver.message.corrections
    for block in 0..<parameters.blockCount { corrections[block * ExtensionShape.multiplication.columnWords] ^= 2 }
    corrections[0] ^= 2
    let changed = OTExtensionMessage(
      salt: receiver.message.salt, corrections: corrections, choiceHash: receiver.message.choiceHash,
      rowHashes: receiver.message.rowHashes)
    #expect(throws: PairSetupRefusal.failedCheck) { _ = try ends.lower.extend(changed, .multiplication, label) }
  }
}
