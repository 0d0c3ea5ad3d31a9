import Aggregation
import Curves
import Identifiers
import ProtocolTestKit
import Rounds
import SecretSharing
import Secrets
import Testing

@testable import ThresholdECDSA

@Suite struct SetupTests {
  @Test func `two parties set up once and multiply in both directions`() throws {
    let outcomes = try SetupRun.run(seed: 1)
    let (one, two) = (try PartyID(1), try PartyID(2))
    let setups = [one: try #require(try outcomes[one]?.get()), two: try #require(try outcomes[two]?.get())]
    #expect(setups[one]?.id == setups[two]?.id)
    var random = SeededRandom(seed: 2)
    for (sender, receiver) in [(one, two), (two, one)] {
      let (sending, receiving) = (try #require(setups[sender]), try #require(setups[receiver]))
      let label = OTLabel(session: .zero, binding: sending.id, sender: sender, receiver: receiver)
      let bob = try MultiplicationReceiver(receiving, label, random: &random)
      let extended = try sending.extend(bob.message, .multiplication, label)
      let salt = random.bytes(32)
      var inputs = ScalarVector(count: 3)
      let a = [SecretScalar<Secp256k1>.random(from: &random).declassified(), Secp256k1.Scalar(7)]
      for (place, value) in a.enumerated() { inputs.set(place, to: SecretScalar(value)) }
      inputs.set(2, to: SecretScalar.random(from: &random))
      let product = MultiplicationSender.multiply(
        inputs, with: extended, gadget: sending.gadget,
        run: MultiplicationRun(label, bob.message, senderSalt: salt))
      guard let d = bob.finish(product.message, senderSalt: salt, gadget: receiving.gadget) else {
        Issue.record("an honest multiplication was refused")
        return
      }
      let chi = bob.factor(receiving.gadget).declassified()
      for i in 0..<2 {
        let sum = product.outputs.scalar(i).declassified() + d.scalar(i).declassified()
        #expect(sum == a[i] * chi)
      }
    }
    let shares = try setups.values.map { try $0.zeroShare(.zero).declassified() }
    #expect((shares[0] + shares[1]).isZero)
    #expect(!shares[0].isZero)
  }

  @Test func `P38 a set-up says nothing about its secrets`() throws {
    var random = SeededRandom(seed: 4)
    let ends = try DealtSetup.deal(PartyID(1), PartyID(2), from: &random)
    #expect("\(ends.lower)" == "PairSetup(1, 2, ready)")
    #expect(String(reflecting: ends.lower) == "PairSetup(1, 2, ready)")
    #expect(Mirror(reflecting: ends.lower).children.count == 2)
  }

  @Test func `P6 P8 ends of different orders make no set-up`() throws {
    let outcomes = try SetupRun.run(seed: 6, orders: [2: SetupRun.order(epoch: 2)])
    for outcome in outcomes.values { #expect(throws: ProtocolAbort.self) { try outcome.get() } }
  }

  @Test(arguments: Tampering.allCases)
  func `P11 P12 P36 P40 no mistreated message of a set-up leaves ends that differ`(_ tampering: Tampering) throws {
    let cheater = try PartyID(2)
    for round: UInt8 in 1...4 {
      let outcomes = try SetupRun.run(
        seed: UInt64(round), corrupted: [cheater],
        adversary: Rewriting { message, _ in
          message.envelope.round == round ? tampering.applied(to: message, bit: 12345) : [message]
        })
      let honest = try #require(outcomes[PartyID(1)])
      switch honest {
      case .success(let setup):
        if case .success(let theirs) = outcomes[cheater] { #expect(theirs.id == setup.id) }
      case .failure(.blamed(let faults)):
        #expect(Array(faults.keys) == [cheater])
      case .failure(.missing(_, let parties)):
        #expect(parties == [cheater])
      case .failure(.disagreement(let sets)):
        #expect(sets.allSatisfy { $0.contains(cheater) })
      case .failure(let abort):
        Issue.record("\(abort)")
      }
    }
  }
}
