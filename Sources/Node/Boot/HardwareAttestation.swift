internal import Attestation
internal import Foundation
internal import Identifiers
internal import Wire

/// What an operator says of the trusted execution environment a node runs in. Which one it is, the machine and the
/// network's policy decide.
///
/// In the configuration: `"attestation": {"hardware": {"certificate": path, "privilegeLevel": n}}`, both optional and
/// for SEV-SNP only.
public struct HardwareAttestation: Sendable, Hashable {
  /// Path of the certificate of the key that signs reports, DER or PEM, for hosts that hand out none.
  public var certificate: String?
  /// The level (VMPL) reports shall name: 0 … 3.
  public var privilegeLevel: UInt32

  private static let pathLimit = 4096

  public init(certificate: String? = nil, privilegeLevel: UInt32 = 0) {
    self.certificate = certificate
    self.privilegeLevel = privilegeLevel
  }

  init(_ fields: inout JSONFields) throws(FormatError) {
    self.init()
    if fields.has("certificate") {
      certificate = try fields.string("certificate", limit: Self.pathLimit)
    }
    if fields.has("privilegeLevel") {
      guard let level = UInt32(exactly: try fields.unsigned("privilegeLevel")), level <= 3 else {
        throw .invalid("privilegeLevel")
      }
      privilegeLevel = level
    }
    try fields.finish()
  }

  var json: JSONValue {
    .object(
      [
        certificate.map { JSONMember("certificate", .string($0)) },
        privilegeLevel == 0 ? nil : JSONMember("privilegeLevel", .integer(Int64(privilegeLevel))),
      ].compactMap(\.self))
  }

  /// - Throws: ``NodeBootError/attestation(_:)`` when the file cannot be read or is no such certificate.
  func settings() throws(NodeBootError) -> HardwareProviders.Settings {
    var settings = HardwareProviders.Settings()
    settings.privilegeLevel = privilegeLevel
    guard let path = certificate else { return settings }
    guard let file = try? FileHandle(forReadingFrom: URL(filePath: path)),
      let bytes = try? file.read(upToCount: 1 << 16)
    else { throw .attestation("\(path) cannot be read") }
    do {
      settings.certificate = try KeyCertificateFile(bytes: Array(bytes))
    } catch {
      throw .attestation("\(path) is not the certificate of a key that signs SEV-SNP reports")
    }
    return settings
  }
}
