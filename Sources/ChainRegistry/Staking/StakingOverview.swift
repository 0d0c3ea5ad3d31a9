package import EthereumChain
package import Identifiers
import Membership

/// One view of `Staking` that covers all the others: sums, counts and digests at one block.
package struct StakingOverview: Sendable, Hashable {
  let network: Digest32
  let number: UInt64
  let epoch: UInt64
  /// In gwei.
  let minimumStake: UInt64
  let policyDigest: Digest32
  let measurementsDigest: Digest32
  let certificatesDigest: Digest32
  let pausedUntil: UInt64
  let memberCount: UInt64
  let memberRoot: Digest32
  let parametersDigest: Digest32

  package init(_ answer: [UInt8]) throws(ABIError) {
    var fields = try StakingContract.overview.decode(answer)
    network = try fields.digest()
    number = try fields.uint64()
    // The one that counts is what the storage holds.
    _ = try fields.digest()
    epoch = try fields.uint64()
    minimumStake = try fields.uint64()
    policyDigest = try fields.digest()
    measurementsDigest = try fields.digest()
    certificatesDigest = try fields.digest()
    pausedUntil = try fields.uint64()
    memberCount = try fields.uint64()
    memberRoot = try fields.digest()
    parametersDigest = try fields.digest()
    try fields.finish()
  }

  /// What the contract keeps in its first slot while it holds this.
  package var stateDigest: Digest32 {
    WordHash.hash([
      WordHash.tag("quorate/staking-state/v1"), .digest(network), .number(number), .number(epoch),
      .number(minimumStake), .digest(policyDigest), .digest(measurementsDigest), .digest(certificatesDigest),
      .number(pausedUntil), .number(memberCount), .digest(memberRoot), .digest(parametersDigest),
    ])
  }

  /// What a contract has that was deployed as the founding document says.
  static func parametersDigest(of founding: FoundingDocument, _ terms: ChainRegistryTerms) -> Digest32 {
    let founders = founding.stakers.reduce(Digest32.zero) { digest, staker in
      WordHash.hash([.digest(digest), .address(staker.address)])
    }
    return WordHash.hash([
      .number(UInt64(founding.minimumMembers)), .number(founding.minimumStake), .number(terms.window),
      .number(terms.notice), .number(terms.unstakeDelay), .digest(founders),
    ])
  }
}
