/// What the TDX module says of a trust domain: TD report body of TDX 1.0, 584 bytes, or of TDX 1.5, 648 (Intel TDX DCAP
/// quoting library API, appendix A.3).
struct TDReport: Sendable {
  static let firstByteCount = 584
  static let secondByteCount = 648

  private let bytes: [UInt8]

  /// - Returns: nil unless there are as many bytes as one of the two versions has.
  init?(bytes: [UInt8]) {
    guard [Self.firstByteCount, Self.secondByteCount].contains(bytes.count) else { return nil }
    self.bytes = bytes
  }

  /// Security versions of the TDX module and what it stands on, when the domain was started and, in TDX 1.5, now: a module
  /// can be replaced under a running domain. The first number is the module's, the second its major version.
  var securityVersions: [[UInt8]] {
    bytes.count == Self.secondByteCount ? [field(0, 16), field(584, 16)] : [field(0, 16)]
  }
  var moduleSigner: [UInt8] { field(64, 48) }
  var moduleAttributes: [UInt8] { field(112, 8) }
  var attributes: UInt64 { field(120, 8).reversed().reduce(0) { $0 << 8 | UInt64($1) } }
  /// MRTD: what was in memory at the start.
  var initialMeasurement: [UInt8] { field(136, 48) }
  /// MRCONFIGID: what the host said of the configuration.
  var configurationID: [UInt8] { field(184, 48) }
  /// RTMR 0 … 3: what was added since.
  var runtimeMeasurements: [[UInt8]] { (0..<4).map { field(328 + 48 * $0, 48) } }
  var reportData: [UInt8] { field(520, 64) }
  /// MRSERVICETD: the domains that may act on this one; only in TDX 1.5.
  var serviceDomains: [UInt8]? { bytes.count == Self.secondByteCount ? field(600, 48) : nil }

  /// Bits 7 … 0: any of them takes the domain out of the trusted state.
  var isDebug: Bool { attributes & 0xFF != 0 }
  /// Bit 29.
  var isMigratable: Bool { attributes >> 29 & 1 == 1 }

  /// The one hash a policy lists: SHA-384 over MRTD and RTMR 0 … 3.
  var measured: [UInt8] { initialMeasurement + runtimeMeasurements.flatMap(\.self) }

  // Offsets are constants of the layout and the length is one of two, so that these never leave the array.
  private func field(_ offset: Int, _ count: Int) -> [UInt8] { Array(bytes[offset..<offset + count]) }
}
