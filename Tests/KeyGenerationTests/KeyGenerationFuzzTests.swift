import Curves
import Identifiers
import ProtocolTestKit
import PublicKeys
import SecretSharing
import Secrets
import Testing

@testable import KeyGeneration
@testable import Rounds

/// Bytes of all kinds for every decoder and step of key generation. A trap would end the test process.
struct KeyGenerationFuzzTests {
  private let run: KeyGenerationRun
  private let attempts: [PartyID: KeyGenerationAttempt]

  init() throws {
    run = try KeyGenerationRun(3, seed: 90)
    var attempts: [PartyID: KeyGenerationAttempt] = [:]
    for member in run.members {
      var random = SeededRandom(seed: UInt64(member.party.value))
      attempts[member.party] = try KeyGenerationAttempt(run.order(member.party), from: &random)
    }
    for (me, attempt) in attempts {
      for (dealer, other) in attempts where dealer != me {
        _ = attempt.admit(other.opening, from: dealer, committed: other.commitment)
      }
    }
    self.attempts = attempts
  }

  private func fuzz<Message: RoundMessage>(
    _ valid: Message, _ count: Int, seed: UInt64, _ use: (Message) throws -> Void = { _ in }
  ) throws {
    let context = try run.order(party(1)).context
    var random = SeededRandom(seed: seed)
    let encoded = valid.encoded
    for number in 0..<count {
      let bytes = number % 4 == 0 ? random.garbage(around: encoded.count) : random.mutated(encoded)
      guard let message = try? Message(encoded: bytes, in: context) else { continue }
      #expect(message.encoded == bytes, "two encodings of one \(Message.self)")
      try use(message)
    }
  }

  @Test func `P36 no message of any round makes a member trap`() throws {
    let (one, two) = (try #require(attempts[try party(1)]), try #require(attempts[try party(2)]))
    let dealer = try party(2)
    try fuzz(two.commitment, 4000, seed: 1)
    try fuzz(Confirmation(digest: .zero), 4000, seed: 2)
    try fuzz(two.verdict(against: [party(1), party(3)]), 4000, seed: 3)
    try fuzz(two.opening, 800, seed: 4) { opening in
      let context = try run.order(party(1)).context
      let committed = DealingCommitment(opening.commitment(of: dealer, in: context))
      let order = try run.order(party(1))
      // Each changes what the member knows of the dealer, so it is a new member each time where it is admitted.
      if one.admit(opening, from: dealer, committed: committed) == nil {
        var random = SeededRandom(seed: 5)
        _ = try KeyGenerationAttempt(order, from: &random).admit(opening, from: dealer, committed: committed)
      }
    }
  }

  @Test func `P36 no sealed shares and no complaint make a member trap`() throws {
    let one = try #require(attempts[try party(1)])
    let sealed = try #require(attempts[try party(2)]).sealedShares()
    let dealer = try party(2)
    var opened = 0
    try fuzz(sealed, 300, seed: 6) { shares in
      if try one.receive(shares, from: dealer) { opened += 1 }
    }
    // Only changes to another member's box go unnoticed by this one.
    #expect(opened > 0)
    let good = Agreed(
      try attempts.sorted { $0.key < $1.key }.map { (party: $0.key, message: try $0.value.sealedShares()) })
    try fuzz(one.verdict(against: [dealer]), 3000, seed: 7) { verdict in
      guard let complaint = verdict.complaint else { return }
      for complainer in try [party(1), party(3)] { _ = try one.judge(complaint, by: complainer, good) }
    }
  }

  @Test func `P36 no stored shares make the reader trap`() throws {
    let outcome = try #require(try run.run()?.outcomes.values.first)
    guard case .keys(let kept) = outcome else { return }
    let stored = kept.shares.encoded()
    let valid = unsafe stored.withUnsafeBytes { unsafe Array($0) }
    var random = SeededRandom(seed: 8)
    for number in 0..<2000 {
      let bytes = number % 4 == 0 ? random.garbage(around: valid.count) : random.mutated(valid)
      do throws(KeyShareError) {
        let read = try PendingKeyShares(encoded: SecretBytes(copying: bytes))
        let again = read.encoded()
        let isSame = again.isEqual(to: SecretBytes(copying: bytes))
        #expect(isSame)
      } catch {}
    }
  }
}
