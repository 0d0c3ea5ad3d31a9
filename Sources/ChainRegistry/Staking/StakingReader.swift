import EthereumChain
import EthereumRPC
import Identifiers
import SigningContent

/// Reads what of `Staking` changed.
struct StakingReader: Sendable {
  let address: WalletAddress
  let endpoints: EndpointSet

  /// - Parameters:
  ///   - digest: what the contract's first slot holds at `block`.
  ///   - previous: what was read before; parts whose digests are the same are not read again.
  func read(
    _ digest: Digest32, at block: AgreedBlock, after previous: StakingContent?
  ) async throws(ChainTrouble) -> StakingContent {
    let overview = try await endpoints.read(address, [try Self.data(StakingContract.overview)], at: block) { answers in
      answers.first.flatMap { try? StakingOverview($0) }.flatMap { $0.stateDigest == digest ? $0 : nil }
    }
    guard overview.memberCount <= UInt64(StakingContract.memberLimit) else { throw .notARegistry("members") }
    guard (1...StakingContract.epochLimit).contains(overview.epoch) else { throw .notARegistry("epoch") }
    let before = previous?.overview
    return StakingContent(
      overview: overview,
      members: try await part(
        overview.memberRoot == before?.memberRoot ? previous?.members : nil, at: block,
        StakingContract.members, [.uint(0), .uint(UInt64(StakingContract.memberLimit))], overview.members),
      measurements: try await part(
        overview.measurementsDigest == before?.measurementsDigest ? previous?.measurements : nil, at: block,
        StakingContract.measurements, [], overview.measurements),
      policy: try await part(
        overview.policyDigest == before?.policyDigest ? previous?.policy : nil, at: block,
        StakingContract.policy, [], overview.policy),
      certificates: try await certificates(
        overview, at: block, overview.certificatesDigest == before?.certificatesDigest ? previous?.certificates : nil))
  }

  private func part<Part: Sendable>(
    _ known: Part?, at block: AgreedBlock, _ function: ContractFunction, _ arguments: [ABIValue],
    _ judge: @escaping @Sendable ([UInt8]) -> Part?
  ) async throws(ChainTrouble) -> Part {
    if let known { return known }
    return try await endpoints.read(address, [try Self.data(function, arguments)], at: block) { answers in
      answers.first.flatMap(judge)
    }
  }

  private func certificates(
    _ overview: StakingOverview, at block: AgreedBlock, _ known: [UInt64: Digest32]?
  ) async throws(ChainTrouble) -> [UInt64: Digest32] {
    if let known { return known }
    if overview.certificatesDigest == .zero { return [:] }
    let page = StakingContract.certificatePage
    var calls: [[UInt8]] = []
    for first in stride(from: 1, through: overview.epoch, by: Int(page)) {
      calls.append(try Self.data(StakingContract.certificates, [.uint(first), .uint(page)]))
    }
    return try await endpoints.read(address, calls, at: block) { overview.certificates(in: $0) }
  }

  static func data(_ function: ContractFunction, _ arguments: [ABIValue] = []) throws(ChainTrouble) -> [UInt8] {
    do { return try function.callData(arguments) } catch { throw .notARegistry("call") }
  }
}
