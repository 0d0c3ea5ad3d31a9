internal import ChainRegistry
internal import ChainTestKit
internal import EthereumRPC
internal import Identifiers
internal import Membership

/// A simulated chain with a network's contracts, and a reader with three endpoints of it.
struct SimulatedReading {
  let chain: SimulatedChain
  let endpoints: [SimulatedEndpoint]
  let registry: ChainRegistry

  init(_ network: SampleChainNetwork, _ contracts: SimulatedRegistry) throws {
    let now = UInt64(max(0, SystemClock().wall.secondsSince1970))
    chain = SimulatedChain(
      id: SampleChainNetwork.chainID, timestamp: now - 10, state: SimulatedState(contracts.contracts))
    for _ in 0..<2 { chain.mine() }
    endpoints = (0..<3).map { [chain] _ in SimulatedEndpoint(chain) }
    registry = try ChainRegistry(
      founding: network.founding,
      endpoints: try endpoints.enumerated().map { try ChainEndpoint(name: "endpoint-\($0)", transport: $1) },
      needed: 2, clock: SystemClock())
  }

  /// Blocks until what the first of them holds counts.
  func mine(_ contracts: SimulatedRegistry?) {
    chain.mine { if let contracts { $0.contracts = contracts.contracts } }
    if contracts != nil { for _ in 0..<2 { chain.mine() } }
  }

  func takeTraffic() -> SimulatedEndpoint.Traffic {
    let all = endpoints.map(\.traffic).reduce(into: SimulatedEndpoint.Traffic()) { sum, one in
      sum.calls += one.calls
      sum.received += one.received
    }
    for endpoint in endpoints { endpoint.forgetTraffic() }
    return all
  }
}
