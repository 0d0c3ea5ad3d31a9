import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Signatures
import SigningContent

/// Seeds of what a chain's endpoints and contracts answer, made by a simulated chain.
struct ChainSeeds {
  func seeds() async throws -> [String: [[UInt8]]] {
    let items: [RLPItem] = [
      .bytes([]), .bytes([0x7f]), .bytes([UInt8](repeating: 1, count: 60)),
      .list([.integer(1 as UInt64), .list([]), .list([.bytes([UInt8](repeating: 2, count: 33))])]),
    ]
    return [
      "rlp": items.map(\.encoded), "rpc-answer": try await endpointAnswers(), "contract-answer": try contractAnswers(),
    ]
  }

  private func endpointAnswers() async throws -> [[UInt8]] {
    let address = WalletAddress.zero
    let chain = SimulatedChain(
      id: 1, timestamp: 1,
      state: SimulatedState([
        address: SimulatedContract(code: [1], storage: [.zero: UInt256(42), .keccak256([2]): .max])
      ]))
    let endpoint = SimulatedEndpoint(chain)
    guard let block = chain.block(0) else { return [] }
    let pinned = JSONValue.object([JSONMember("blockHash", .string("0x" + block.hash.text))])
    let keys = [Digest32.zero, .keccak256([1])].map { JSONValue.string("0x" + $0.text) }
    let questions: [(String, [JSONValue])] = [
      ("eth_chainId", []), ("eth_getBlockByNumber", [.string("latest"), .bool(false)]),
      ("eth_getProof", [.string(address.text), .array(keys), pinned]),
    ]
    var answers: [[UInt8]] = []
    for (method, parameters) in questions {
      let body = JSONValue.object([
        JSONMember("id", .integer(1)), JSONMember("method", .string(method)), JSONMember("params", .array(parameters)),
      ]).serialized
      answers.append(try await endpoint.exchange(body, limit: RPCLimits.answer, within: .seconds(1)))
    }
    return answers
  }

  /// By the place of the view in `SampleState.views`.
  private func contractAnswers() throws -> [[UInt8]] {
    let network = try SampleChainNetwork()
    var registry = try network.registry()
    registry.members.removeLast(3)
    registry.epoch = 2
    registry.certificates = [1: .keccak256([1])]
    registry.measurements = [.init(kind: "sev-snp", value: [UInt8](repeating: 7, count: 48), since: 9)]
    registry.policy = Array(#"{"evidenceKinds":["sev-snp"],"minimumStake":100}"#.utf8)
    registry.entries = [.init(try network.record()), .init(notBefore: 5, of: network.owner.address)]
    let contracts = registry.contracts
    guard let staking = contracts[registry.terms.staking], let keys = contracts[registry.terms.keys] else { return [] }
    let pair: [ABIValue] = [.uint(0), .uint(32)]
    let calls: [(SimulatedContract, String, [ABIValue])] = [
      (staking, "overview()", []), (staking, "members(uint256,uint256)", pair), (staking, "measurements()", []),
      (staking, "policy()", []), (staking, "certificates(uint256,uint256)", [.uint(1), .uint(32)]),
      (keys, "overview()", []), (keys, "pageDigests(uint256,uint256)", pair), (keys, "entries(uint256,uint256)", pair),
    ]
    return try calls.enumerated().compactMap { place, call in
      let (contract, signature, arguments) = call
      let function = ContractFunction(signature, arguments.map { _ in .uint256 })
      guard case .returned(let bytes) = contract.run(try function.callData(arguments)) else { return nil }
      return [UInt8(place)] + bytes
    }
  }
}
