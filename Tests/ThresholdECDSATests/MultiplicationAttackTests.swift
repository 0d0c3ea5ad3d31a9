import Curves
import Identifiers
import ProtocolTestKit
import SecretSharing
import Secrets
import Testing

@testable import ThresholdECDSA

/// One multiplication between a sender that cheats and a receiver that is the project's, or one written again without a
/// defence.
@Suite struct MultiplicationAttackTests {
  private typealias Scalar = Secp256k1.Scalar
  private typealias Challenge = LooseMultiplication.Challenge

  private struct Pair {
    let setups: DealtSetup.Ends
    let label: OTLabel
    var random: SeededRandom
    let salt: [UInt8]
    let inputs = [Scalar(5), Scalar(7), Scalar(11)]

    init(seed: UInt64) throws {
      random = SeededRandom(seed: seed)
      setups = try DealtSetup.deal(PartyID(1), PartyID(2), from: &random)
      label = OTLabel(
        session: .zero, binding: setups.lower.id, sender: try PartyID(1), receiver: try PartyID(2))
      salt = random.bytes(32)
    }

    func send(
      to message: OTExtensionMessage, _ challenge: Challenge = .ofCorrections, shifts: [Int: [Scalar]] = [:]
    ) throws -> (message: MultiplicationMessage, outputs: [Scalar]) {
      try LooseMultiplication.send(
        inputs, with: try setups.lower.extend(message, .multiplication, label), gadget: setups.lower.gadget,
        run: MultiplicationRun(label, message, senderSalt: salt), challenge: challenge, shifts: shifts)
    }

    /// What the cheater knows before it chooses its corrections, if anything.
    func challenge(_ message: OTExtensionMessage, _ challenge: Challenge, _ corrections: [UInt8]) -> [Scalar] {
      challenge.scalars(MultiplicationRun(label, message, senderSalt: salt), corrections)
    }
  }

  @Test func `both sides written again multiply with the project's`() throws {
    var pair = try Pair(seed: 70)
    let receiver = try MultiplicationReceiver(pair.setups.higher, pair.label, random: &pair.random)
    let sent = try pair.send(to: receiver.message)
    let outputs = receiver.finish(sent.message, senderSalt: pair.salt, gadget: pair.setups.higher.gadget)
    let factor = receiver.factor(pair.setups.higher.gadget).declassified()
    guard let outputs else {
      Issue.record("the check fails")
      return
    }
    for i in 0..<2 {
      #expect(sent.outputs[i] + outputs.scalar(i).declassified() == pair.inputs[i] * factor)
    }
  }

  /// Adds to one row's first input, and to its check element what makes up for it under `θ`.
  private func shiftRow(_ pair: Pair, _ message: OTExtensionMessage, _ challenge: Challenge) throws
    -> MultiplicationMessage
  {
    let honest = try pair.send(to: message, challenge).message
    let theta = pair.challenge(message, challenge, honest.corrections)
    let shifted = try pair.send(to: message, challenge, shifts: [3: [.one, .zero, -theta[0]]]).message
    return MultiplicationMessage(corrections: shifted.corrections, response: honest.response, check: honest.check)
  }

  @Test func `P15 corrections that were changed after the challenge was known are refused`() throws {
    for seed in 71..<75 as Range<UInt64> {
      var pair = try Pair(seed: seed)
      let receiver = try MultiplicationReceiver(pair.setups.higher, pair.label, random: &pair.random)
      let shifted = try shiftRow(pair, receiver.message, .ofCorrections)
      let accepts = receiver.finish(shifted, senderSalt: pair.salt, gadget: pair.setups.higher.gadget) != nil
      #expect(!accepts)
    }
  }

  @Test func `P15 N a challenge that leaves out the corrections lets a sender put in what it likes`() throws {
    for seed in 71..<75 as Range<UInt64> {
      var pair = try Pair(seed: seed)
      let gadget = LooseMultiplication.scalars(pair.setups.higher.gadget)
      let receiver = try LooseReceiver(pair.setups.higher, pair.label, random: &pair.random)
      let shifted = try shiftRow(pair, receiver.message, .ofRunAlone)
      let outputs = try receiver.finish(
        shifted, senderSalt: pair.salt, gadget: pair.setups.higher.gadget, challenge: .ofRunAlone)
      let sent = try pair.send(to: receiver.message, .ofRunAlone).outputs[0]
      let product = pair.inputs[0] * receiver.factor(pair.setups.higher.gadget)
      let error = receiver.choice(3) ? gadget[3] : .zero
      #expect(outputs?[0] == product - sent + error)
    }
  }

  @Test func `P15 every field that fixes a run changes its challenge and every hash`() throws {
    var pair = try Pair(seed: 75)
    let receiver = try MultiplicationReceiver(pair.setups.higher, pair.label, random: &pair.random)
    let message = receiver.message
    let other = try Digest32(bytes: pair.random.bytes(32))
    let session = try SessionID(bytes: pair.random.bytes(32))
    let (one, two, three) = (try PartyID(1), try PartyID(2), try PartyID(3))
    let label = pair.label
    var runs = [MultiplicationRun(label, message, senderSalt: pair.salt)]
    for changed in [
      OTLabel(session: session, binding: label.binding, sender: one, receiver: two),
      OTLabel(session: label.session, binding: other, sender: one, receiver: two),
      OTLabel(session: label.session, binding: label.binding, sender: three, receiver: two),
      OTLabel(session: label.session, binding: label.binding, sender: one, receiver: three),
      OTLabel(session: label.session, binding: label.binding, sender: two, receiver: one),
    ] {
      runs.append(MultiplicationRun(changed, message, senderSalt: pair.salt))
      let shape = ExtensionShape.multiplication
      #expect(
        OTExtensionMessage.nonce(changed, salt: message.salt) != OTExtensionMessage.nonce(label, salt: message.salt))
      let hash = ConsistencyHash(changed, shape, salt: message.salt, corrections: message.corrections)
      let bits = SecretWords(count: shape.columnWords, from: &pair.random)
      #expect(
        hash.bits(of: bits)
          != ConsistencyHash(label, shape, salt: message.salt, corrections: message.corrections).bits(of: bits))
    }
    runs.append(MultiplicationRun(label, message, senderSalt: other.bytes))
    let encoded = message.encoded
    for place in [0, 31, 32, encoded.count / 2, encoded.count - 2064, encoded.count - 2048, encoded.count - 1] {
      var bytes = encoded
      bytes[place] ^= 1
      let changed = try OTExtensionMessage(encoded: bytes, .multiplication)
      runs.append(MultiplicationRun(label, changed, senderSalt: pair.salt))
    }
    #expect(Set(runs.map(\.key)).count == runs.count)
    #expect(Set(runs.map { $0.challenge([1]).scalar(0).declassified() }).count == runs.count)
    // And so does every byte of the corrections, and their length.
    let challenges = [[], [0], [1], [0, 0], [0, 1]].map { runs[0].challenge($0).scalar(1).declassified() }
    #expect(Set(challenges).count == 5)
    let theta = runs[0].challenge([1])
    #expect(theta.scalar(0).declassified() != theta.scalar(1).declassified())
  }

  @Test func `P15 P36 every changed byte of a multiplication is refused`() throws {
    var pair = try Pair(seed: 76)
    let receiver = try MultiplicationReceiver(pair.setups.higher, pair.label, random: &pair.random)
    let encoded = try pair.send(to: receiver.message).message.encoded
    for place in stride(from: 0, to: encoded.count, by: 1500) + [encoded.count - 64, encoded.count - 1] {
      var bytes = encoded
      bytes[place] ^= 1
      var reader = ByteReader(bytes)
      let changed = try MultiplicationMessage(reading: &reader)
      let accepts = receiver.finish(changed, senderSalt: pair.salt, gadget: pair.setups.higher.gadget) != nil
      #expect(!accepts, "byte \(place)")
    }
    let honest = try pair.send(to: receiver.message).message
    let other = pair.salt.reversed() as [UInt8]
    let accepts = receiver.finish(honest, senderSalt: other, gadget: pair.setups.higher.gadget) != nil
    #expect(!accepts)
  }

  /// A sender that never did an OT: no corrections at all, and a hash over no `μ`.
  private func nothing(_ pair: Pair, _ message: OTExtensionMessage) -> MultiplicationMessage {
    let run = MultiplicationRun(pair.label, message, senderSalt: pair.salt)
    return MultiplicationMessage(
      corrections: [], response: Scalar.one.canonicalBytes, check: LooseMultiplication.check(run, []))
  }

  @Test func `P2 a multiplication of fewer or more rows than there are choices is refused`() throws {
    var pair = try Pair(seed: 77)
    let receiver = try MultiplicationReceiver(pair.setups.higher, pair.label, random: &pair.random)
    let honest = try pair.send(to: receiver.message).message
    let row = 32 * ECDSAParameters.width
    var refused = 0
    for rows in [0, 1, 2, 208, 415, 417, 832] {
      let corrections = (0..<rows * row).map { honest.corrections[$0 % honest.corrections.count] }
      let message =
        rows == 0
        ? nothing(pair, receiver.message)
        : MultiplicationMessage(corrections: corrections, response: honest.response, check: honest.check)
      if receiver.finish(message, senderSalt: pair.salt, gadget: pair.setups.higher.gadget) == nil { refused += 1 }
    }
    #expect(refused == 7)
  }

  @Test func `P2 N a receiver that takes as many rows as are sent accepts a multiplication of none`() throws {
    var pair = try Pair(seed: 77)
    let receiver = try LooseReceiver(pair.setups.higher, pair.label, random: &pair.random)
    let message = nothing(pair, receiver.message)
    let setup = pair.setups.higher
    let strict = try receiver.finish(message, senderSalt: pair.salt, gadget: setup.gadget)
    #expect(strict == nil)
    let loose = try receiver.finish(message, senderSalt: pair.salt, gadget: setup.gadget, skipping: [.length])
    #expect(loose == [.zero, .zero])
  }

  @Test func `P34 a response that is not below the order is refused`() throws {
    var pair = try Pair(seed: 78)
    let receiver = try MultiplicationReceiver(pair.setups.higher, pair.label, random: &pair.random)
    let honest = try pair.send(to: receiver.message).message
    let big = [UInt8](repeating: 0xff, count: 32)
    let message = MultiplicationMessage(corrections: honest.corrections, response: big, check: honest.check)
    let accepts = receiver.finish(message, senderSalt: pair.salt, gadget: pair.setups.higher.gadget) != nil
    #expect(!accepts)
  }

  /// A message sent back to where it came from: the pair's other direction has other halves and another label.
  @Test func `P8 a party's own opening sent back to it burns the set-up`() throws {
    var pair = try Pair(seed: 79)
    let mine = try MultiplicationReceiver(pair.setups.higher, pair.label, random: &pair.random).message
    let back = OTLabel(
      session: pair.label.session, binding: pair.label.binding, sender: pair.label.receiver,
      receiver: pair.label.sender)
    #expect(throws: PairSetupRefusal.failedCheck) { _ = try pair.setups.higher.extend(mine, .multiplication, back) }
    #expect(pair.setups.higher.condition == .burned && pair.setups.lower.condition == .ready)
  }
}
