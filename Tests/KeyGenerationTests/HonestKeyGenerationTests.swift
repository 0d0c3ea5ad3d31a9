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
  }
}
