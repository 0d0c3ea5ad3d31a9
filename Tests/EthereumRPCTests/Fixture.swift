import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import MetricsTestKit
import ProtocolTestKit
import SigningContent

/// A chain with one contract, and endpoints of it under a clock that stands still.
struct Fixture {
  static let start: UInt64 = 1_800_000_000
  static let contract = WalletAddress.zero
  static let slot = Digest32.zero

  let chain: SimulatedChain
  let endpoints: [SimulatedEndpoint]
  let clock: ManualClock
  let metrics = TestMetrics()
  let set: EndpointSet

  /// - Parameter blocks: mined a second apart, the newest one now.
  init(
    endpoints count: Int = 3, needed: Int = 2, blocks: Int = 10, depth: UInt64 = 2, headAge: Duration = .seconds(30),
    contract: SimulatedContract = SimulatedContract(code: [1], storage: [slot: UInt256(42)])
  ) throws {
    chain = SimulatedChain(id: 31_337, timestamp: Self.start, state: SimulatedState([Self.contract: contract]))
    for _ in 0..<blocks { chain.mine() }
    endpoints = (0..<count).map { [chain] _ in SimulatedEndpoint(chain) }
    clock = ManualClock(wall: Timestamp(secondsSince1970: Int64(Self.start) + Int64(blocks)))
    set = try EndpointSet(
      try endpoints.enumerated().map { try ChainEndpoint(name: "endpoint-\($0)", transport: $1) }, needed: needed,
      rules: ChainRules(chainID: 31_337, finalityDepth: depth, headAgeLimit: headAge), clock: clock,
      metrics: ChainMetrics(factory: metrics))
  }

  /// Mines and lets as much time pass.
  func mine(_ count: Int = 1, mark: [UInt8] = [], _ change: (inout SimulatedState) -> Void = { _ in }) {
    for _ in 0..<count {
      chain.mine(mark: mark, change)
      clock.advance(by: .seconds(1))
    }
  }

  /// The same chain up to some blocks ago, and other blocks since: what a liar tells.
  func fork(back: UInt64, mark: [UInt8] = [0xbb], _ change: (inout SimulatedState) -> Void = { _ in }) -> SimulatedChain
  {
    let fork = SimulatedChain(
      id: chain.id, timestamp: Self.start, state: chain.block(0)?.state ?? SimulatedState())
    for number in 1...chain.head {
      fork.mine(mark: number + back > chain.head ? mark : []) { if number + back > chain.head { change(&$0) } }
    }
    return fork
  }

  func count(_ label: String, _ dimensions: [(String, String)] = []) -> Int64 {
    (try? metrics.expectCounter(label, dimensions).totalValue) ?? 0
  }
}
