import Crypto
import Foundation

/// An AMD SEV-SNP attestation report, version 5: 1184 bytes, little-endian (SEV-SNP firmware ABI, ATTESTATION_REPORT).
///
/// Bytes 0 … 0x29F are signed; the signature is R and S, 72 bytes little-endian each, at 0x2A0.
struct SNPReport: Sendable, Hashable {
  static let byteCount = 0x4A0
  static let signedByteCount = 0x2A0

  private(set) var bytes: [UInt8]

  /// - Returns: nil unless there are exactly 1184 bytes.
  init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = [UInt8](bytes)
  }

  /// All fields zero.
  init() {
    bytes = [UInt8](repeating: 0, count: Self.byteCount)
  }

  var version: UInt32 {
    get { UInt32(integer(0x000, 4)) }
    set { set(UInt64(newValue), 0x000, 4) }
  }
  var guestPolicy: UInt64 {
    get { integer(0x008, 8) }
    set { set(newValue, 0x008, 8) }
  }
  var privilegeLevel: UInt32 {
    get { UInt32(integer(0x030, 4)) }
    set { set(UInt64(newValue), 0x030, 4) }
  }
  var signatureAlgorithm: UInt32 {
    get { UInt32(integer(0x034, 4)) }
    set { set(UInt64(newValue), 0x034, 4) }
  }
  var currentTCB: SNPFirmware {
    get { firmware(0x038) }
    set { set(newValue.bytes, 0x038) }
  }
  var keyInfo: UInt32 {
    get { UInt32(integer(0x048, 4)) }
    set { set(UInt64(newValue), 0x048, 4) }
  }
  var reportData: [UInt8] {
    get { field(0x050, 64) }
    set { set(newValue, 0x050) }
  }
  var measurement: [UInt8] {
    get { field(0x090, 48) }
    set { set(newValue, 0x090) }
  }
  var migrationAgent: [UInt8] {
    get { field(0x160, 32) }
    set { set(newValue, 0x160) }
  }
  var reportedTCB: SNPFirmware {
    get { firmware(0x180) }
    set { set(newValue.bytes, 0x180) }
  }
  var chipID: [UInt8] {
    get { field(0x1A0, 64) }
    set { set(newValue, 0x1A0) }
  }
  var committedTCB: SNPFirmware {
    get { firmware(0x1E0) }
    set { set(newValue.bytes, 0x1E0) }
  }
  var launchTCB: SNPFirmware {
    get { firmware(0x1F0) }
    set { set(newValue.bytes, 0x1F0) }
  }

  /// Bit 19 of the guest policy.
  var isDebug: Bool { guestPolicy >> 19 & 1 == 1 }
  /// Bit 18 of the guest policy, or an agent that is already there.
  var allowsMigration: Bool {
    guestPolicy >> 18 & 1 == 1 || !migrationAgent.allSatisfy { $0 == 0xFF }
  }

  /// Bytes that version 5 keeps zero; a report that uses them says something this code does not understand.
  var hasZeroReservedBytes: Bool {
    field(0x04C, 4).allSatisfy { $0 == 0 } && field(0x18B, 21).allSatisfy { $0 == 0 }
      && field(0x208, 152).allSatisfy { $0 == 0 } && field(0x330, 368).allSatisfy { $0 == 0 }
      && field(0x2A0 + 48, 24).allSatisfy { $0 == 0 } && field(0x2E8 + 48, 24).allSatisfy { $0 == 0 }
  }

  mutating func sign(with key: P384.Signing.PrivateKey) throws {
    let signature = try key.signature(for: SHA384.hash(data: bytes.prefix(Self.signedByteCount))).rawRepresentation
    set(signature.prefix(48).reversed(), 0x2A0)
    set(signature.suffix(48).reversed(), 0x2E8)
  }

  func isSigned(by key: P384.Signing.PublicKey) -> Bool {
    let signature = field(0x2A0, 48).reversed() + field(0x2E8, 48).reversed()
    guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
    return key.isValidSignature(signature, for: SHA384.hash(data: bytes.prefix(Self.signedByteCount)))
  }
}

extension SNPReport {
  // Offsets are constants of the layout and the length is fixed, so that these never leave the array.

  private func field(_ offset: Int, _ count: Int) -> [UInt8] { Array(bytes[offset..<offset + count]) }

  private func integer(_ offset: Int, _ count: Int) -> UInt64 {
    bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func firmware(_ offset: Int) -> SNPFirmware {
    SNPFirmware(
      bootLoader: bytes[offset], tee: bytes[offset + 1], snp: bytes[offset + 6], microcode: bytes[offset + 7])
  }

  private mutating func set(_ value: UInt64, _ offset: Int, _ count: Int) {
    for place in 0..<count { bytes[offset + place] = UInt8(truncatingIfNeeded: value >> UInt64(8 * place)) }
  }

  private mutating func set(_ field: [UInt8], _ offset: Int) {
    bytes.replaceSubrange(offset..<offset + field.count, with: field)
  }
}

/// TCB_VERSION in the layout of Milan and Genoa: one security version for each part of the firmware.
struct SNPFirmware: Sendable, Hashable {
  var bootLoader: UInt8
  var tee: UInt8
  var snp: UInt8
  var microcode: UInt8

  var bytes: [UInt8] { [bootLoader, tee, 0, 0, 0, 0, snp, microcode] }
}
