import EthereumChain
package import EthereumRPC
import Identifiers
package import Membership
import Signatures

/// How a ballot stands after a vote, as the contract told when it took the vote.
package struct VoteCount: Sendable, Hashable {
  package let votes: UInt64
  package let needed: UInt64

  /// Whether that vote carried its content out.
  package var decides: Bool { votes >= needed }

  private static let event = Digest32.keccak256(Array("Voted(address,uint256,bytes32,uint256,uint256)".utf8))

  /// Nil where nobody voted.
  package init?(in receipt: TransactionReceipt, _ terms: ChainRegistryTerms) {
    let event = receipt.events.first { $0.contract == terms.staking && $0.topics.first == Self.event }
    guard let event, let values = try? ABIValue.decode([.uint256, .uint256], from: event.data) else { return nil }
    var fields = ABIFields(values)
    guard let votes = try? fields.uint64(), let needed = try? fields.uint64() else { return nil }
    self.votes = votes
    self.needed = needed
  }
}
