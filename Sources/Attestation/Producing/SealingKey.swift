public import Identifiers
public import Secrets
import Transcripts

/// A key that the same code has again after a restart on the same machine, and nobody else has: SEV-SNP's derived key.
///
/// `SHA-512("quorate/sealing-key/v1" ‖ lp(derived key) ‖ lp(network id) ‖ lp(node id))`, the first 32 bytes. The derived
/// key is made of the chip's secret, the guest policy and the measurement; so an image of the host's own, a guest that
/// can be debugged and another machine get another one. The host can bring back an older file that was sealed with it,
/// and new code has a new key: what is sealed is a cache over a restart and never the only copy.
public struct SealingKey: ~Copyable, Sendable {
  public static let byteCount = 32
  /// What such a key is asked of.
  public static let device = SNPGuestDevice.path

  /// Whether there is anything to be asked.
  public static func isOffered(by kernel: any KernelInterface) -> Bool { kernel.exists(device) }

  private let bytes: SecretBytes

  /// - Throws: ``EvidenceProductionError``: there is no such device, or reports here are signed by a key that a provider
  ///   has for many chips, so that what is derived may not be of this chip alone.
  public init(
    network: NetworkID, node: NodeID, privilegeLevel: UInt32 = 0, kernel: any KernelInterface = LinuxKernel()
  ) throws(EvidenceProductionError) {
    let device = SNPGuestDevice(kernel: kernel)
    let report = try device.report(
      over: ReportData(.sealingKey, [network.bytes, node.bytes]), privilegeLevel: privilegeLevel)
    guard report.signingKey == 0, !report.chipID.allSatisfy({ $0 == 0 }) else { throw .notChipBound }
    let derived = try device.derivedKey(from: [.policy, .measurement], privilegeLevel: privilegeLevel)
    var hash = SecretHash(.sealingKey)
    hash.append(derived)
    hash.append(network.bytes)
    hash.append(node.bytes)
    guard let key = hash.finish().copy(of: 0..<Self.byteCount) else { throw .malformed("a key") }
    bytes = key
  }

  /// 32 bytes for whoever seals.
  public consuming func take() -> SecretBytes { bytes }
}
