import EthereumChain
import Identifiers
import Signatures

/// Everything `Staking` holds at one block, each part checked against the overview's digest of it.
struct StakingContent: Sendable {
  let overview: StakingOverview
  let members: [ListedMember]
  let measurements: [ListedMeasurement]
  let policy: [UInt8]
  let certificates: [UInt64: Digest32]
}

/// Code that may run from a moment on.
struct ListedMeasurement: Sendable, Hashable {
  let kind: String
  let value: [UInt8]
  /// Seconds since 1970, by the chain's time.
  let since: UInt64

  init(_ fields: inout ABIFields) throws(ABIError) {
    kind = try fields.string()
    value = try fields.bytes()
    since = try fields.uint64()
    try fields.finish()
  }

  static func digest(of list: [ListedMeasurement]) -> Digest32 {
    list.reduce(Digest32.zero) { digest, entry in
      let leaf = WordHash.hash([
        .digest(.keccak256(Array(entry.kind.utf8))), .digest(.keccak256(entry.value)), .number(entry.since),
      ])
      return WordHash.hash([.digest(digest), .digest(leaf)])
    }
  }
}

/// The parts of ``StakingContent`` as they come, each nil unless it is what the digest stands for.
extension StakingOverview {
  func members(in answer: [UInt8]) -> [ListedMember]? {
    guard let members = try? Self.list(StakingContract.members, answer, ListedMember.init),
      UInt64(members.count) == memberCount, ContractTree.root(of: members.map(\.leaf)) == memberRoot
    else { return nil }
    return members
  }

  func measurements(in answer: [UInt8]) -> [ListedMeasurement]? {
    guard let list = try? Self.list(StakingContract.measurements, answer, ListedMeasurement.init),
      ListedMeasurement.digest(of: list) == measurementsDigest
    else { return nil }
    return list
  }

  func policy(in answer: [UInt8]) -> [UInt8]? {
    guard var fields = try? StakingContract.policy.decode(answer), let policy = try? fields.bytes(),
      Digest32.keccak256(policy) == policyDigest
    else { return nil }
    return policy
  }

  /// - Parameter answers: of consecutive pages, the first of which begins with epoch 1.
  func certificates(in answers: [[UInt8]]) -> [UInt64: Digest32]? {
    var digests: [Digest32] = []
    for answer in answers {
      guard var fields = try? StakingContract.certificates.decode(answer), let page = try? fields.array() else {
        return nil
      }
      for value in page {
        guard case .fixedBytes(let bytes) = value, let digest = try? Digest32(bytes: bytes) else { return nil }
        digests.append(digest)
      }
    }
    guard UInt64(digests.count) == epoch else { return nil }
    var running = Digest32.zero
    var certificates: [UInt64: Digest32] = [:]
    for (place, digest) in digests.enumerated() where digest != .zero {
      let epoch = UInt64(place) + 1
      running = WordHash.hash([.digest(running), .number(epoch), .digest(digest)])
      certificates[epoch] = digest
    }
    return running == certificatesDigest ? certificates : nil
  }

  private static func list<Entry>(
    _ function: ContractFunction, _ answer: [UInt8], _ read: (inout ABIFields) throws(ABIError) -> Entry
  ) throws(ABIError) -> [Entry] {
    var fields = try function.decode(answer)
    var entries: [Entry] = []
    for value in try fields.array() {
      guard case .tuple(let values) = value else { throw .wrongType }
      var entry = ABIFields(values)
      entries.append(try read(&entry))
    }
    return entries
  }
}
