public import Attestation
internal import Foundation
public import Identifiers
public import Membership

/// Where a configured node gets evidence of itself from.
public enum NodeAttester {
  /// The credentials the configuration names, or what the machine has and the network's policy accepts. Nothing else
  /// chooses.
  ///
  /// - Throws: ``NodeBootError/attestation(_:)``: what the network accepts, and why this machine has none of it.
  public static func find(
    _ attestation: NodeConfiguration.Attestation, _ snapshot: MembershipSnapshot, kernel: any KernelInterface,
    clock: any LocalClock
  ) throws(NodeBootError) -> any EvidenceProvider {
    let accepted = snapshot.acceptedEvidence
    switch attestation {
    case .software(let path):
      guard accepted.contains(.software) else {
        throw .attestation("this network takes evidence of \(names(accepted)) only, and none of software")
      }
      do {
        let credentials = try SoftwareCredentials(pem: String(contentsOfFile: path, encoding: .utf8))
        return SoftwareAttester(credentials: credentials, measurement: try .ofRunningExecutable())
      } catch {
        throw .attestation("\(path): \(error)")
      }
    case .hardware(let hardware):
      let settings = try hardware.settings()
      do {
        return try HardwareProviders.find(
          accepted: accepted.subtracting([.software]), settings: settings, kernel: kernel, clock: clock)
      } catch {
        throw .attestation("this network takes evidence of \(names(accepted)); \(error)")
      }
    }
  }

  private static func names(_ kinds: Set<EvidenceKind>) -> String {
    kinds.isEmpty ? "no kind" : kinds.map(\.text).sorted().joined(separator: ", ")
  }
}

extension MembershipSnapshot {
  /// Kinds of evidence that count now.
  fileprivate var acceptedEvidence: Set<EvidenceKind> {
    Set(evidenceKinds.filter(founding.evidenceKinds.contains).compactMap { try? EvidenceKind(text: $0) })
  }
}
