import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing
import Secrets
import Testing
import Transcripts

@testable import ThresholdECDSA

/// Attacks on set-ups that need knowledge of the protocol, and what comes of a set-up.
@Suite struct SetupAttackTests {
  private let (lower, higher): (PartyID, PartyID)

  init() throws { (lower, higher) = (try PartyID(1), try PartyID(2)) }

  private func failure(_ outcomes: [PartyID: SetupRun.Outcome], of party: PartyID) -> ProtocolAbort? {
    guard case .failure(let abort) = outcomes[party] else { return nil }
    return abort
  }

  @Test func `P5 P7 an end that changes or copies its part of the seed is named`() throws {
    for (cheater, victim) in [(lower, higher), (higher, lower)] {
      let seedCommitment = ProtocolAbort.blamed([cheater: .failedCheck(round: 2, name: "seed commitment")])
      let changed = try SetupRun.run(
        seed: 1, corrupted: [cheater],
        adversary: Rewriting { message, _ in
          message.envelope.round == 2 ? Tampering.flip.applied(to: message, bit: 5) : [message]
        })
      #expect(failure(changed, of: victim) == seedCommitment)

      // Commitment, contribution and blinding are the other's, byte for byte.
      let copied = try SetupRun.run(
        seed: 2, corrupted: [cheater],
        adversary: Rewriting { message, seen in
          let theirs = seen.first { $0.sender == victim && $0.envelope.round == message.envelope.round }
          guard let theirs = theirs?.envelope.payload else { return [message] }
          let own = message.envelope.payload
          switch message.envelope.round {
          case 1: return [message.with(payload: Array(own.dropLast(32)) + theirs.suffix(32))]
          case 2: return [message.with(payload: Array(theirs.prefix(64)) + own.dropFirst(64))]
          default: return [message]
          }
        })
      #expect(failure(copied, of: victim) == seedCommitment)
    }
  }

  @Test func `P7 N a commitment to a part of the seed that does not name its end opens as anybody's`() {
    let (part, blinding) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
    func opensAsAnothers(_ fields: (PartyID) -> [[UInt8]]) -> Bool {
      HashCommitment(.zeroSharingCommitment, fields(lower), blinding: blinding)
        .opens(.zeroSharingCommitment, to: fields(higher), blinding: blinding)
    }
    #expect(opensAsAnothers { _ in [SessionID.zero.bytes, Digest32.zero.bytes, part] })
    #expect(
      !opensAsAnothers { [SessionID.zero.bytes, Digest32.zero.bytes, UInt64($0.value).bigEndianBytes, part] })
  }

  /// The lower party's extension, which makes the base OTs of the other direction, with a bet on the higher one's Δ or
  /// just wrong.
  @Test func `P1 P17 P18 a wrong extension within a set-up names the lower end and leaves no set-up`() throws {
    let tree = PuncturedTree.messageByteCount(.standard)
    for place in [64 + tree + 32, 64 + tree + 32 + 64 * 32, 64 + tree + OTExtensionMessage.byteCount(.reversal) - 1] {
      let outcomes = try SetupRun.run(
        seed: 3, corrupted: [lower],
        adversary: Rewriting { message, _ in
          message.envelope.round == 2 ? Tampering.flip.applied(to: message, bit: 8 * place) : [message]
        })
      #expect(failure(outcomes, of: higher) == .blamed([lower: .failedCheck(round: 2, name: "OT extension")]))
    }
  }

  @Test func `P20 P33 a set-up's base OTs that are no elements name who sent them`() throws {
    for cheater in [lower, higher] {
      for bad in [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xff, count: 32)] {
        let outcomes = try SetupRun.run(
          seed: 4, corrupted: [cheater],
          adversary: Rewriting { message, _ in
            message.envelope.round == 1
              ? [message.with(payload: bad + message.envelope.payload.dropFirst(32))] : [message]
          })
        #expect(
          failure(outcomes, of: cheater == lower ? higher : lower)
            == .blamed([cheater: .failedCheck(round: 1, name: "base OT")]))
      }
    }
  }

  private func fuzz<Message: RoundMessage>(_ valid: Message, in context: SessionContext, seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let encoded = valid.encoded
    #expect(encoded.count == Message.byteLimit(in: context))
    for number in 0..<400 {
      let bytes = number % 4 == 0 ? random.garbage(around: encoded.count) : random.mutated(encoded)
      guard let message = try? Message(encoded: bytes, in: context) else { continue }
      #expect(message.encoded == bytes && bytes.count == encoded.count, "two encodings of one \(Message.self)")
    }
  }

  @Test func `P2 P36 no message of a set-up makes an end trap, and each has one length`() throws {
    let parties = try PartySet([lower, higher])
    let sent = try #require(try SetupRun.simulate(seed: 5) { _, outcome in outcome.map(\.id) }).sent
    for me in parties {
      let context = try SetupRun.context(me, parties, SetupRun.session())
      for (place, message) in sent.filter({ $0.receiver == me }).enumerated() {
        let payload = message.envelope.payload
        let seed = UInt64(place)
        switch message.envelope.round {
        case 1: fuzz(try BaseOTMessage(encoded: payload, in: context), in: context, seed: seed)
        case 2: fuzz(try ReversalMessage(encoded: payload, in: context), in: context, seed: seed)
        case 3: fuzz(try TreeMessage(encoded: payload, in: context), in: context, seed: seed)
        default: fuzz(try SetupConfirmation(encoded: payload, in: context), in: context, seed: seed)
        }
      }
    }
    // And the steps behind the decoders.
    var random = SeededRandom(seed: 6)
    for seed in UInt64(0)..<24 {
      let cheater = seed % 2 == 0 ? lower : higher
      let round = UInt8(1 + seed / 2 % 4)
      let noise = (0..<64).map { _ in (random.next(below: 1 << 20), UInt8(truncatingIfNeeded: random.next())) }
      let outcomes = try SetupRun.run(
        seed: seed, corrupted: [cheater],
        adversary: Rewriting { message, _ in
          guard message.envelope.round == round else { return [message] }
          var payload = message.envelope.payload
          for (place, byte) in noise where !payload.isEmpty { payload[place % payload.count] = byte }
          return [message.with(payload: payload)]
        })
      #expect(outcomes.count == 2)
    }
  }

  @Test func `P42 a set-up serves any number of signatures, so no user can use set-ups up`() throws {
    for (t, n) in [(2, 2), (3, 4), (4, 5)] {
      let dealt = try SigningRun(t: t, n: n, seed: UInt64(t))
      var setups: [PartyID: [PartyID: PairSetup]] = [:]
      for (place, one) in dealt.quorum.enumerated() {
        for other in dealt.quorum.dropFirst(place + 1) {
          let ends = try SetupRun.run(PartySet([one, other]), seed: UInt64(100 * place) + UInt64(other.value))
          setups[one, default: [:]][other] = try ends[one]?.get()
          setups[other, default: [:]][one] = try ends[other]?.get()
        }
      }
      var run = SigningRun(dealt, setups: setups)
      for seed in UInt64(0)..<2 {
        run.session = try SessionID(bytes: Digest32.sha256(of: [UInt8(seed), 9]).bytes)
        run.digest = Digest32.sha256(of: [UInt8(seed)])
        _ = try run.combine(try #require(try run.run(seed: seed)).outcomes)
      }
      #expect(setups.values.allSatisfy { $0.values.allSatisfy { $0.condition == .ready } })
    }
  }
}
