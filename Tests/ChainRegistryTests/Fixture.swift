import ChainRegistry
import ChainTestKit
import EthereumRPC
import Identifiers
import Membership
import MetricsTestKit
import ProtocolTestKit

/// A network on a simulated chain, and a reader of it under a clock that moves when a test says so.
struct Fixture {
  static let start: UInt64 = 1_800_000_000

  let network: SampleChainNetwork
  let chain: SimulatedChain
  let endpoints: [SimulatedEndpoint]
  let clock: ManualClock
  let metrics = TestMetrics()
  let registry: ChainRegistry

  init(
    network: SampleChainNetwork? = nil, endpoints count: Int = 3, needed: Int = 2,
    _ change: (inout SimulatedRegistry) throws -> Void = { _ in }
  ) throws {
    let network = try network ?? SampleChainNetwork()
    self.network = network
    var contracts = try network.registry()
    try change(&contracts)
    chain = SimulatedChain(
      id: SampleChainNetwork.chainID, timestamp: Self.start, state: SimulatedState(contracts.contracts))
    for _ in 0..<10 { chain.mine() }
    clock = ManualClock(wall: Timestamp(secondsSince1970: Int64(Self.start) + 10))
    endpoints = (0..<count).map { [chain] _ in SimulatedEndpoint(chain) }
    registry = try ChainRegistry(
      founding: network.founding,
      endpoints: try endpoints.enumerated().map { try ChainEndpoint(name: "endpoint-\($0)", transport: $1) },
      needed: needed, clock: clock, metrics: metrics)
  }

  /// Mines blocks a second apart, the first of which holds these contracts, and looks after each.
  func mine(_ count: Int = 1, mark: [UInt8] = [], _ contracts: SimulatedRegistry? = nil) async {
    for place in 0..<count {
      chain.mine(mark: mark) { if let contracts, place == 0 { $0.contracts = contracts.contracts } }
      clock.advance(by: .seconds(1))
      await registry.refresh()
    }
  }

  var calls: Int { endpoints.reduce(0) { $0 + $1.traffic.calls } }

  func methods(_ name: String) -> Int { endpoints.reduce(0) { $0 + $1.traffic.methods[name, default: 0] } }

  func forgetTraffic() { for endpoint in endpoints { endpoint.forgetTraffic() } }

  func count(_ label: String, _ dimensions: [(String, String)] = []) -> Int64 {
    (try? metrics.expectCounter(label, dimensions).totalValue) ?? 0
  }
}
