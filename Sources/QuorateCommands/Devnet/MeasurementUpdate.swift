import Attestation
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
    // A development network follows one program. What ran before it is of no interest.
    measurements[kind] = [measurement.bytes]
    let stakers = try (1...nodeCount).map { try WalletFile.read(layout.stakerWallet($0)) }
    _ = try await network.writer.append(.measurements(measurements), to: network.id, signedBy: stakers)
    return true
  }
}
