import Foundation
import Identifiers
import Membership
@testable import Node
import NodeTestKit
import Testing

@Suite struct `Whether a node may serve` {
  @Test func `O2 a vault that failed at one duty is not excused by another one`() async throws {
    let network = try await TestNetwork(count: 2)
    let node = try NodeID(bytes: [UInt8](repeating: 1, count: 20))
    let standing = Standing(
      node: node, identityKey: [], membership: try network.openRegistry(), clock: network.clock, highestWallClock: nil,
      seen: nil)
    #expect(throws: NotServing.notMember) { _ = try standing.serving() }
    for failed in VaultDuty.allCases {
      standing.vaultWrote(failed, false)
      for other in VaultDuty.allCases where other != failed {
        standing.vaultWrote(other, true)
        #expect(throws: NotServing.vault) { _ = try standing.serving() }
      }
      standing.vaultWrote(failed, true)
      #expect(throws: NotServing.notMember) { _ = try standing.serving() }
    }
    await network.remove()
  }
}
