import Crypto
import Foundation

/// An AMD SEV-SNP attestation report of any version: 1184 bytes, little-endian (SEV-SNP firmware ABI,
/// ATTESTATION_REPORT).
///
/// Bytes 0 … 0x29F are signed; the signature is R and S, 72 bytes little-endian each, at 0x2A0. The version belongs to
/// the firmware and not to the processor.
struct SNPReport: Sendable, Hashable {
  static let byteCount = 0x4A0
  static let signedByteCount = 0x2A0
  /// ECDSA P-384 with SHA-384, the only signature algorithm.
  static let ecdsaP384: UInt32 = 1

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
  /// As the ID block states it.
  var guestVersion: UInt32 {
    get { UInt32(integer(0x004, 4)) }
    set { set(UInt64(newValue), 0x004, 4) }
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
    get { firmware(.current, layout: .first) }
    set { set(newValue.bytes, FirmwarePlace.current.rawValue) }
  }
  /// What the platform is protected with, one bit each.
  var platformFlags: UInt64 {
    get { integer(0x040, 8) }
    set { set(newValue, 0x040, 8) }
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
  /// What the host said when it started the guest.
  var hostData: [UInt8] {
    get { field(0x0C0, 32) }
    set { set(newValue, 0x0C0) }
  }
  var idKeyDigest: [UInt8] {
    get { field(0x0E0, 48) }
    set { set(newValue, 0x0E0) }
  }
  var authorKeyDigest: [UInt8] {
    get { field(0x110, 48) }
    set { set(newValue, 0x110) }
  }
  var migrationAgent: [UInt8] {
    get { field(0x160, 32) }
    set { set(newValue, 0x160) }
  }
  var reportedTCB: SNPFirmware {
    get { firmware(.reported, layout: .first) }
    set { set(newValue.bytes, FirmwarePlace.reported.rawValue) }
  }
  /// Family, model and stepping; only from version 3 on.
  var processor: (family: UInt8, model: UInt8, stepping: UInt8) {
    get { (bytes[0x188], bytes[0x189], bytes[0x18A]) }
    set { set([newValue.family, newValue.model, newValue.stepping], 0x188) }
  }
  var chipID: [UInt8] {
    get { field(0x1A0, 64) }
    set { set(newValue, 0x1A0) }
  }
  var committedTCB: SNPFirmware {
    get { firmware(.committed, layout: .first) }
    set { set(newValue.bytes, FirmwarePlace.committed.rawValue) }
  }
  var launchTCB: SNPFirmware {
    get { firmware(.launch, layout: .first) }
    set { set(newValue.bytes, FirmwarePlace.launch.rawValue) }
  }

  /// Mitigations that were on at launch and that are on now; only from version 5 on.
  var launchMitigations: UInt64 {
    get { integer(0x1F8, 8) }
    set { set(newValue, 0x1F8, 8) }
  }
  var currentMitigations: UInt64 {
    get { integer(0x200, 8) }
    set { set(newValue, 0x200, 8) }
  }

  /// Bits 4 … 2 of the key info: whose key signed.
  var signingKey: UInt32 { keyInfo >> 2 & 7 }
  /// Bit 0 of the key info.
  var hasAuthorKey: Bool { keyInfo & 1 == 1 }

  /// Bit 19 of the guest policy.
  var isDebug: Bool { guestPolicy >> 19 & 1 == 1 }
  /// Bit 18 of the guest policy, or an agent that is already there.
  var allowsMigration: Bool {
    guestPolicy >> 18 & 1 == 1 || !migrationAgent.allSatisfy { $0 == 0xFF }
  }

  /// Bytes that this version keeps zero; a report that uses them says something this code does not understand.
  var hasZeroReservedBytes: Bool {
    let fields = [(0x04C, 4), (0x18B, 21), (0x208, 152), (0x330, 368), (0x2A0 + 48, 24), (0x2E8 + 48, 24)]
    let processor = version < 3 ? [(0x188, 3)] : []
    let mitigations = version < 5 ? [(0x1F8, 16)] : []
    return (fields + processor + mitigations).allSatisfy { offset, count in
      bytes[offset..<offset + count].allSatisfy { $0 == 0 }
    }
  }

  enum FirmwarePlace: Int, CaseIterable {
    case current = 0x038
    case reported = 0x180
    case committed = 0x1E0
    case launch = 0x1F0
  }

  func firmware(_ place: FirmwarePlace, layout: SNPFirmware.Layout) -> SNPFirmware {
    SNPFirmware(field(place.rawValue, SNPFirmware.byteCount), layout: layout)
  }

  /// Whether every firmware version leaves the bytes alone that the layout has no name for.
  func hasPlainFirmware(layout: SNPFirmware.Layout) -> Bool {
    FirmwarePlace.allCases.allSatisfy { place in
      firmware(place, layout: layout).bytes(layout: layout) == field(place.rawValue, SNPFirmware.byteCount)
    }
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

  private mutating func set(_ value: UInt64, _ offset: Int, _ count: Int) {
    for place in 0..<count { bytes[offset + place] = UInt8(truncatingIfNeeded: value >> UInt64(8 * place)) }
  }

  private mutating func set(_ field: [UInt8], _ offset: Int) {
    bytes.replaceSubrange(offset..<offset + field.count, with: field)
  }
}
