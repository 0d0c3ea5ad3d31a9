import ChainRegistry
import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Signatures
import SigningContent

extension FuzzTarget {
  /// What endpoints of a chain and contracts on it answer.
  static let chainTargets: [FuzzTarget] = [
    .exact("rlp", decode: { try RLPItem(decoding: $0) }, encode: { $0.encoded }),
    FuzzTarget("rpc-answer") { bytes in
      let result = try RPCMessage.result(of: bytes)
      try whereAccepted {
        let header = try BlockHeader(result)
        try require(HexText.bytes(result["hash"].text, limit: 32) == header.hash.bytes, "a header has its stated hash")
      }
      try whereAccepted {
        let proof = try StateProof(result, address: SampleState.address, keys: SampleState.keys)
        let state = try proof.verified(under: SampleState.root)
        try require(state.words == SampleState.words, "a proof shows what the state holds")
      }
    },
    // The first byte chooses the view, the rest is its answer.
    FuzzTarget("contract-answer") { bytes in
      guard let first = bytes.first else { throw NoView() }
      let views = SampleState.views
      let view = views[Int(first) % views.count]
      let answer = Array(bytes.dropFirst())
      let values = try ABIValue.decode(view.results, from: answer)
      try require(try? ABIValue.encode(values, as: view.results) == answer, "values have one encoding")
      try whereAccepted { _ = try StakingOverview(answer).stateDigest }
      try whereAccepted { _ = try KeysOverview(answer).stateDigest }
      guard case .array(let entries)? = values.first else { return }
      for entry in entries {
        guard case .tuple(let values) = entry else { continue }
        try whereAccepted {
          var fields = ABIFields(values)
          let member = try ListedMember(&fields)
          _ = member.leaf
          if let read = member.member { try require(read.node.staker == member.staker, "a member is its staker's") }
        }
        try whereAccepted {
          var fields = ABIFields(values)
          let entry = try KeyEntry(&fields)
          _ = entry.leaf
          if let record = entry.keyRecord(in: .init(Digest32.zero)) {
            try require(record.key.digest == entry.subject && record.owner == entry.owner, "a record is of its entry")
          }
        }
      }
    },
  ]
}

private struct NoView: Error {}

/// A state with one contract, and the contracts' views.
enum SampleState {
  static let address = WalletAddress.zero
  static let keys = [Digest32.zero, .keccak256([1])]
  static let words = [UInt256(42), .zero]
  static let chain = SimulatedChain(
    id: 1, timestamp: 1,
    state: SimulatedState([
      address: SimulatedContract(code: [1], storage: [.zero: UInt256(42), .keccak256([2]): .max])
    ]))
  static let root: Digest32 = (chain.block(0)?.json).flatMap { try? BlockHeader($0).stateRoot } ?? .zero

  static let views = [
    StakingContract.overview, StakingContract.members, StakingContract.measurements, StakingContract.policy,
    StakingContract.certificates, KeysContract.overview, KeysContract.pageDigests, KeysContract.entries,
  ]
}
