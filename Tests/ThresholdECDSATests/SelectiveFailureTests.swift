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
  var shape = ExtensionShape.multiplication

  func message(block: Int, guess: Int, _ label: OTLabel, random: inout SeededRandom) -> OTExtensionMessage {
    let choices = SecretWords(count: shape.columnWords, from: &random)
    return messages(choices, block: block, guess: guess, label, salt: random.bytes(32)).cheating
  }

  /// What it should have sent, and what it sends.
  func messages(
    _ choices: borrowing SecretWords, block: Int, guess: Int, _ label: OTLabel, salt: [UInt8]
  ) -> (honest: OTExtensionMessage, cheating: OTExtensionMessage) {
    let extended = half.receiver().extend(choices: choices, shape, label, salt: salt)
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
    let cheating = OTExtensionMessage(
      salt: honest.salt, corrections: corrections, choiceHash: hash.bits(of: choices),
      rowHashes: (0..<hashes.count).map { hashes[$0] })
    return (honest, cheating)
  }
}

/// A sender that compares only those rows of the hash whose choice bit is set, written from what the honest message
/// would have given it.
private func looseSenderAccepts(
  _ half: DealtSetup.Halves, _ honest: OTExtensionMessage, _ sent: OTExtensionMessage, block: Int,
  _ shape: ExtensionShape, _ label: OTLabel, everyRow: Bool
) -> Bool {
  guard let extended = half.sender().extend(honest, shape, label) else { return false }
  var rows = SecretWords(count: 2 * shape.rows)
  for word in 0..<rows.count { rows[word] = extended.rows[word] }
  // Δ times the flipped bit.
  for bit in 0..<half.parameters.fieldBits {
    let column = block * half.parameters.fieldBits + bit
    rows[column / 64] ^= extended.delta[column / 64] & 1 << UInt64(column % 64)
  }
  let hashes = ConsistencyHash(label, shape, salt: sent.salt, corrections: sent.corrections).rows(of: rows)
  return (0..<OTParameters.columnCount).allSatisfy { row in
    let isChosen = sent.choiceHash[row / 64] >> UInt64(row % 64) & 1 == 1
    return (0..<2).allSatisfy { word in
      hashes[2 * row + word] == sent.rowHashes[2 * row + word] ^ (isChosen ? extended.delta[word] : 0)
    } || !(isChosen || everyRow)
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

  @Test func `P17 P18 N a sender that goes on after a failed check gives away all of Δ`() throws {
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

  private enum Pattern: CaseIterable {
    case zeros
    case ones
    case random
  }

  /// How often a cheating receiver is accepted, for each pattern of its choice bits, with a new Δ each time.
  private func acceptances(
    _ runs: Int,
    _ accepts: (DealtSetup.Halves, OTExtensionMessage, OTExtensionMessage, Int, OTLabel) -> Bool
  ) throws -> [Pattern: Int] {
    var random = SeededRandom(seed: 22)
    var accepted: [Pattern: Int] = [:]
    // The smaller extension: the check is the same.
    let shape = ExtensionShape.reversal
    for pattern in Pattern.allCases {
      for run in 0..<runs {
        let halves = DealtSetup.Halves(delta: random.bytes(16), .standard, from: &random)
        let label = try label(&random)
        var choices = SecretWords(count: shape.columnWords, from: &random)
        if pattern != .random {
          for word in 0..<shape.columnWords { choices[word] = pattern == .zeros ? 0 : ~0 }
        }
        let (honest, cheating) = CheatingReceiver(half: halves, shape: shape)
          .messages(choices, block: run % 64, guess: run % 4, label, salt: random.bytes(32))
        if accepts(halves, honest, cheating, run % 64, label) { accepted[pattern, default: 0] += 1 }
      }
    }
    return accepted
  }

  /// Each bet is right with probability 1/4. True within four standard deviations for each pattern, and of the
  /// difference between any two.
  private func isIndependent(_ accepted: [Pattern: Int], _ runs: Int) -> Bool {
    let counts = Pattern.allCases.map { Double(accepted[$0] ?? 0) }
    let deviation = (Double(runs) * 3 / 16).squareRoot()
    return counts.allSatisfy { abs($0 - Double(runs) / 4) < 4 * deviation }
      && counts.allSatisfy { one in counts.allSatisfy { abs(one - $0) < 4 * 2.0.squareRoot() * deviation } }
  }

  /// The cheater's bet is on Δ alone: whatever β it has, it is caught equally often.
  @Test func `P18 a cheating receiver's choice bits do not influence the sender's decision`() throws {
    let runs = 240
    let accepted = try acceptances(runs) { halves, _, sent, _, label in
      halves.sender().extend(sent, .reversal, label) != nil
    }
    #expect(isIndependent(accepted, runs), "\(accepted)")
  }

  @Test func `P18 N the decisions of a sender that checks some rows only depend on the choice bits`() throws {
    let runs = 40
    let accepted = try acceptances(runs) { halves, honest, sent, block, label in
      looseSenderAccepts(halves, honest, sent, block: block, .reversal, label, everyRow: false)
    }
    #expect(!isIndependent(accepted, runs), "\(accepted)")
    // Without that fault it decides as the project's.
    _ = try acceptances(8) { halves, honest, sent, block, label in
      let strict = looseSenderAccepts(halves, honest, sent, block: block, .reversal, label, everyRow: true)
      #expect(strict == (halves.sender().extend(sent, .reversal, label) != nil))
      return strict
    }
  }
}
