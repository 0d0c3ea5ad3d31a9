import Identifiers
import ProtocolTestKit
import SecretSharing
import Secrets
import Testing

@testable import ThresholdECDSA

/// A receiver that flips one row of one block's correction and bets on that block's two bits of Δ: it passes the check
/// exactly when the bet is right.
private struct CheatingReceiver {
  let half: DealtSetup.Halves
  let shape = ExtensionShape.multiplication

  func message(block: Int, guess: Int, _ label: OTLabel, random: inout SeededRandom) -> OTExtensionMessage {
    let choices = SecretWords(count: shape.columnWords, from: &random)
    let extended = half.receiver().extend(choices: choices, shape, label, salt: random.bytes(32))
    let honest = extended.message
    var corrections = honest.corrections
    corrections[block * shape.columnWords] ^= 1
    var rows = extended.takeRows()
    for bit in 0..<half.parameters.fieldBits where guess >> bit & 1 == 1 {
      let column = block * half.parameters.fieldBits + bit
      rows[column / 64] ^= 1 << UInt64(column % 64)
    }
    let hash = ConsistencyHash(label, shape, salt: honest.salt, corrections: corrections)
    let hashes = hash.rows(of: rows)
    return OTExtensionMessage(
      salt: honest.salt, corrections: corrections, choiceHash: hash.bits(of: choices),
      rowHashes: (0..<hashes.count).map { hashes[$0] })
  }
}

@Suite struct SelectiveFailureTests {
  private func label(_ random: inout SeededRandom) throws -> OTLabel {
    OTLabel(
      session: try SessionID(bytes: random.bytes(32)), binding: .zero, sender: try PartyID(1), receiver: try PartyID(2))
  }

  private func setup(_ halves: DealtSetup.Halves) throws -> PairSetup {
    PairSetup(
      id: .zero, me: try PartyID(1), peer: try PartyID(2),
      secrets: PairSecrets(
        sender: halves.sender(), receiver: halves.receiver(),
        zeroSeed: ZeroSeed(.zero, lower: SecretBytes(zeroed: 32), higher: SecretBytes(zeroed: 32))))
  }

  @Test func `P18 P17 a cheating receiver is burned after the first failed check`() throws {
    var random = SeededRandom(seed: 18)
    let halves = DealtSetup.Halves(delta: random.bytes(16), .standard, from: &random)
    let cheater = CheatingReceiver(half: halves)
    let setup = try setup(halves)
    var passed = 0
    var failed = 0
    var refused = 0
    for run in 0..<128 {
      let label = try label(&random)
      let message = cheater.message(block: run % 64, guess: run / 64, label, random: &random)
      do throws(PairSetupRefusal) {
        _ = try setup.extend(message, .multiplication, label)
        passed += 1
      } catch {
        switch error {
        case .failedCheck: failed += 1
        case .burned: refused += 1
        case .retired: Issue.record("not retired")
        }
      }
    }
    #expect(failed == 1)
    #expect(passed + refused == 127 && passed < 20)
    #expect(setup.condition == .burned)
    // Both directions are gone.
    #expect(throws: PairSetupRefusal.burned) { _ = try setup.zeroShare(.zero) }
    #expect(throws: PairSetupRefusal.burned) {
      let label = try label(&random)
      _ = try MultiplicationReceiver(setup, label, random: &random)
    }
  }

  @Test func `P18 N a sender that goes on after a failed check gives away all of Δ`() throws {
    var random = SeededRandom(seed: 19)
    let delta = random.bytes(16)
    let halves = DealtSetup.Halves(delta: delta, .standard, from: &random)
    let cheater = CheatingReceiver(half: halves)
    let sender = halves.sender()
    var found = [UInt8](repeating: 0, count: 16)
    for block in 0..<64 {
      for guess in 0..<4 {
        let label = try label(&random)
        let message = cheater.message(block: block, guess: guess, label, random: &random)
        let passes = sender.extend(message, .multiplication, label) != nil
        if passes { found[block / 4] |= UInt8(guess) << UInt8(2 * (block % 4)) }
      }
    }
    #expect(found == delta)
  }

  @Test func `P18 every changed bit of an extension's message fails the check`() throws {
    var random = SeededRandom(seed: 20)
    let halves = DealtSetup.Halves(delta: [UInt8](repeating: 0xff, count: 16), .standard, from: &random)
    let sender = halves.sender()
    let shape = ExtensionShape.multiplication
    let label = try label(&random)
    let choices = SecretWords(count: shape.columnWords, from: &random)
    let honest = halves.receiver().extend(choices: choices, shape, label, salt: random.bytes(32)).message
    let holds = sender.extend(honest, shape, label) != nil
    #expect(holds)
    let encoded = honest.encoded
    for place in stride(from: 0, to: encoded.count, by: 97) {
      var changed = encoded
      changed[place] ^= 1 << UInt8(place % 8)
      let accepted = sender.extend(try OTExtensionMessage(encoded: changed, shape), shape, label) != nil
      #expect(!accepted)
    }
  }

  @Test func `P18 an honest receiver's choice bits do not decide whether it is accepted`() throws {
    var random = SeededRandom(seed: 21)
    let shape = ExtensionShape.multiplication
    for round in 0..<40 {
      let halves = DealtSetup.Halves(delta: random.bytes(16), .standard, from: &random)
      let label = try label(&random)
      var choices = SecretWords(count: shape.columnWords, from: &random)
      // All zeros, all ones, and random ones.
      if round % 4 < 2 {
        for word in 0..<shape.columnWords { choices[word] = round % 4 == 0 ? 0 : ~0 }
      }
      let message = halves.receiver().extend(choices: choices, shape, label, salt: random.bytes(32)).message
      let accepted = halves.sender().extend(message, shape, label) != nil
      #expect(accepted)
    }
  }

  /// The cheater's bet is on Δ alone: whatever β it has, it is caught equally often.
  @Test func `P18 a cheating receiver's choice bits do not influence the sender's decision`() throws {
    var random = SeededRandom(seed: 22)
    var accepted = [0, 0]
    let runs = 200
    for run in 0..<2 * runs {
      let delta = random.bytes(16)
      let halves = DealtSetup.Halves(delta: delta, .standard, from: &random)
      let label = try label(&random)
      let message = CheatingReceiver(half: halves).message(block: run % 64, guess: run % 4, label, random: &random)
      let passes = halves.sender().extend(message, .multiplication, label) != nil
      if passes { accepted[Int(message.choiceHash[0] & 1)] += 1 }
    }
    // Each bet is right with probability 1/4; six standard deviations around the mean.
    let total = accepted[0] + accepted[1]
    #expect(abs(total - runs / 2) < 55)
    #expect(abs(accepted[0] - accepted[1]) < 60)
  }
}
