import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Signatures
import SigningContent

/// What both contracts hold at one block.
struct RegistryContent: Sendable {
  let staking: StakingContent
  let keys: KeysContent

  /// How many changes both counted together: it grows with every one of them.
  var number: UInt64 { staking.overview.number &+ keys.overview.number }

  var digest: Digest32 {
    WordHash.hash([.digest(staking.overview.stateDigest), .digest(keys.overview.stateDigest)])
  }

  /// Checks that these are the contracts the founding document means, deployed as it says.
  func check(_ founding: FoundingDocument, _ terms: ChainRegistryTerms) throws(ChainTrouble) {
    let staking = staking.overview
    try staking.check(founding, terms)
    guard keys.overview.network == founding.network.digest else { throw .notARegistry("network") }
    guard keys.overview.staking == terms.staking, keys.overview.deposit.decimal == terms.keyDeposit else {
      throw .notARegistry("keys")
    }
    // Both count single changes, so a sum beyond this was never reached by counting.
    guard staking.number < 1 << 52, keys.overview.number < 1 << 52 else { throw .notARegistry("number") }
  }

  private func countedMeasurements(at moment: Timestamp) -> [ListedMeasurement] {
    staking.measurements.filter { Timestamp(secondsSince1970: Int64(clamping: $0.since)) <= moment }
  }

  /// The view at a block; what was announced for later is not in it yet.
  func snapshot(
    _ founding: FoundingDocument, at block: AgreedBlock, after previous: MembershipSnapshot?
  ) throws(ChainTrouble) -> MembershipSnapshot {
    let place = ChainPosition.Block(number: block.number, hash: block.hash, moment: block.header.moment)
    let position = ChainPosition(number: number, digest: digest, block: place, after: previous?.chain)
    if let previous, let before = previous.chain, before.digest == digest,
      countedMeasurements(at: before.block.moment) == countedMeasurements(at: block.header.moment)
    {
      return previous.unchanged(at: position)
    }
    let overview = staking.overview
    var view = ChainView(position: position, epoch: overview.epoch, minimumStake: overview.minimumStake)
    view.members = staking.members.compactMap(\.member)
    view.policy = staking.policy
    view.measurements = countedMeasurements(at: block.header.moment).map { ($0.kind, $0.value) }
    view.certificates = staking.certificates
    if overview.pausedUntil > 0 {
      view.pausedUntil = Timestamp(secondsSince1970: Int64(clamping: overview.pausedUntil))
    }
    for page in keys.pages {
      for record in page.records { view.keyRecords[record.key] = record }
      for (wallet, moment) in page.notBefore { view.notBefore[wallet] = moment }
    }
    do {
      return try MembershipSnapshot(founding: founding, view)
    } catch {
      throw .notARegistry("vote")
    }
  }
}

extension StakingOverview {
  /// Checks that this contract was deployed as the founding document says.
  func check(_ founding: FoundingDocument, _ terms: ChainRegistryTerms) throws(ChainTrouble) {
    guard network == founding.network.digest else { throw .notARegistry("network") }
    guard parametersDigest == Self.parametersDigest(of: founding, terms) else { throw .notARegistry("parameters") }
  }
}
