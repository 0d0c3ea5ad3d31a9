import Attestation
import ChainRegistry
import Membership
import Signatures

/// Lets the present build of this program run as a node: its measurement goes on the registry's list, signed by the
/// stakers. After a rebuild the nodes would not believe each other otherwise.
struct MeasurementUpdate: Sendable {
  let layout: DevnetLayout
  let network: LocalNetwork

  /// - Returns: whether there was anything to do.
  func allow(_ measurement: Measurement, nodeCount: Int) async throws -> Bool {
    var measurements = try network.snapshot().measurements
    let kind = FoundingDocument.developmentEvidenceKind
    guard measurements[kind, default: []].insert(measurement.bytes).inserted else { return false }
    let stakers = try layout.readStakers(nodeCount)
    if let chain = network.chain {
      let orders = StakingOrders(chain.terms, maximumFee: DevnetChainFounder.maximumFee)
      let order = try orders.vote(measurement: measurement.bytes, of: kind, accepted: true)
      try await chain.vote(order, by: stakers, in: network.founding)
      return true
    }
    // A development network follows one program. What ran before it is of no interest.
    measurements[kind] = [measurement.bytes]
    _ = try await network.writer.append(.measurements(measurements), to: network.id, signedBy: stakers)
    return true
  }
}
