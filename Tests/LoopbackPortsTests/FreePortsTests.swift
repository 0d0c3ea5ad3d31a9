@testable import LoopbackPorts
import Testing

@Suite struct FreePortsTests {
  @Test func `ports found together differ, are free and below those of connections`() throws {
    let ports = try FreePorts.find(20)
    #expect(Set(ports).count == 20)
    #expect(ports.allSatisfy { FreePorts.range.contains(Int($0)) && FreePorts.isFree($0) })
  }

  @Test func `no port comes twice in a row`() throws {
    #expect(try Set(FreePorts.find(20)).isDisjoint(with: FreePorts.find(20)))
  }

  @Test func `more ports than there are, are not found`() {
    #expect(throws: NoFreePort.self) { try FreePorts.find(FreePorts.range.count + 1) }
  }
}
