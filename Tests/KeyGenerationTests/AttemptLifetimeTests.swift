import Identifiers
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Testing

@testable import KeyGeneration

struct AttemptLifetimeTests {
  /// Lets every member's attempt run in step, without messages being carried by anything.
  private func dealtAttempts(_ run: KeyGenerationRun) throws -> [PartyID: KeyGenerationAttempt] {
    var attempts: [PartyID: KeyGenerationAttempt] = [:]
    for member in run.members {
      var random = SeededRandom(seed: UInt64(member.party.value))
      attempts[member.party] = try KeyGenerationAttempt(run.order(member.party), from: &random)
    }
    for (me, attempt) in attempts {
      for (dealer, other) in attempts where dealer != me {
        #expect(attempt.admit(other.opening, from: dealer, committed: other.commitment) == nil)
      }
    }
    for (me, attempt) in attempts {
      for (dealer, other) in attempts where dealer != me {
        let isGood = try attempt.receive(other.sealedShares(), from: dealer)
        #expect(isGood)
      }
    }
    return attempts
  }

  @Test func `P38 nothing keeps an attempt or its secrets once it has ended`() throws {
    let run = try KeyGenerationRun(3, seed: 8)
    weak var attempt: KeyGenerationAttempt?
    weak var root: (any SharedRoot)?
    weak var received: ReceivedShares?
    do {
      let attempts = try dealtAttempts(run)
      attempt = attempts[try party(1)]
      root = attempt?.roots.first
      received = attempt?.received.first
      try withExtendedLifetime(attempts) {
        #expect(attempt != nil && root != nil && received != nil)
        _ = try attempt?.finish()
      }
    }
    #expect(attempt == nil && root == nil && received == nil)
  }

  @Test func `the steps give what the run gives, and finishing early is our bug`() throws {
    let run = try KeyGenerationRun(3, seed: 8)
    let bodies = try dealtAttempts(run).values.map { try $0.finish().body }
    #expect(bodies.count == 3 && bodies.allSatisfy { $0 == bodies[0] })
    var random = SeededRandom(seed: 1)
    let lonely = try KeyGenerationAttempt(run.order(party(1)), from: &random)
    #expect(throws: ProtocolAbort.self) { _ = try lonely.finish() }
    #expect(throws: ProtocolAbort.self) { _ = try lonely.sealedShares() }
  }
}
