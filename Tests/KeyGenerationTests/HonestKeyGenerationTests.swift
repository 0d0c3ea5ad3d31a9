import Curves
import Identifiers
import KeyGeneration
import ProtocolTestKit
import PublicKeys
import Rounds
import SecretSharing
import Testing

struct HonestKeyGenerationTests {
  @Test(arguments: 3...7)
  func `all members end with the same certificate body`(count: Int) throws {
    let result = try #require(try KeyGenerationRun(count, seed: UInt64(count)).run())
    let bodies = result.outcomes.values.compactMap(\.body)
    #expect(bodies.count == count)
    #expect(Set(bodies.map(\.digest)).count == 1)
    #expect(bodies.first?.threshold.t == 2 * count / 3 + 1)
  }

  @Test func `every schedule ends the same way`() throws {
    for seed in Seeds.range(20) {
      let result = try #require(try KeyGenerationRun(3, seed: seed).run())
      #expect(Set(result.outcomes.values.map { $0.body?.digest }).count == 1, "seed \(seed)")
      #expect(result.abortedCount == 0, "seed \(seed)")
    }
  }

  @Test func `the same seed repeats the run message by message`() throws {
    let first = try #require(try KeyGenerationRun(3, seed: 5).run())
    let second = try #require(try KeyGenerationRun(3, seed: 5).run())
    let other = try #require(try KeyGenerationRun(3, seed: 6).run())
    #expect(first.sent == second.sent)
    #expect(first.sent != other.sent)
  }

  @Test func `two runs make different keys`() throws {
    let first = try #require(try KeyGenerationRun(3, seed: 1).run()?.outcomes.values.first?.body)
    let second = try #require(try KeyGenerationRun(3, seed: 2).run()?.outcomes.values.first?.body)
    for purpose in KeyPurpose.allCases {
      let elements = Set([first, second].flatMap { ($0.roots[purpose] ?? []).joined() })
      #expect(elements.count == 2 * purpose.rootCount * first.threshold.t)
    }
  }

  @Test func `checking dealers one by one lets other work run in between`() throws {
    // Without yields a party is suspended once per round and echo; each dealer adds a job twice.
    let few = try #require(try KeyGenerationRun(3, seed: 1).run())
    let many = try #require(try KeyGenerationRun(6, seed: 1).run())
    #expect(few.jobCount >= 3 * (9 + 2 * 2))
    #expect(many.jobCount >= 6 * (9 + 2 * 5))
  }
}
