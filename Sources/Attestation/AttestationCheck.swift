/// Every single thing that is checked about evidence, in the order of checking.
public enum AttestationCheck: String, Sendable, Hashable, CaseIterable {
  /// The policy names this kind of evidence and somebody can verify it.
  case kind
  /// The evidence has the form of its kind.
  case form
  /// The certificate of the signing key leads to a root pinned for this network.
  case endorsement
  /// The certificate of the signing key is valid now.
  case endorsementValidity = "endorsement-validity"
  /// Report and certificate of the signing key name the same chip.
  case chip
  /// Report and certificate of the signing key name the same firmware.
  case firmware
  /// The report is signed by the endorsed key.
  case reportSignature = "report-signature"
  /// No certificate on the way to the root was revoked, and the lists that say so are current.
  case revocation
  /// What the maker says of its platforms and enclaves was handed in, is signed by the maker and current.
  case collateral
  /// The enclave that signs reports for others is the maker's, in a version the maker stands behind.
  case quotingEnclave = "quoting-enclave"
  /// The kind of key that signed is one the policy accepts.
  case signer
  /// The part of the maker's range that report and certificate speak of is one the policy accepts.
  case product
  /// The firmware cannot be, or be made, older than the policy wants.
  case minimumFirmware = "minimum-firmware"
  /// The maker's judgement of the platform's firmware is one the policy accepts.
  case firmwareStatus = "firmware-status"
  /// The policy accepts every advisory the maker lists for the platform.
  case advisory
  case privilegeLevel = "privilege-level"
  /// The environment was started with properties the policy accepts.
  case configuration
  /// The platform has the protections the policy wants.
  case protections
  /// The policy lists the machine.
  case platform
  /// The evidence is neither older than the policy allows nor from the future.
  case age
  /// Software evidence counts only where the policy pins a development root.
  case development
  case debug
  case migration
  /// The policy lists the code that runs.
  case measurement
  /// The report carries the hash it was asked to carry.
  case reportData = "report-data"

  /// Whether the check is about the proof itself, or about what the policy asks for.
  public var concernsProof: Bool {
    switch self {
    case .form, .endorsement, .endorsementValidity, .chip, .firmware, .reportSignature, .revocation, .collateral,
      .quotingEnclave:
      true
    case .kind, .signer, .product, .minimumFirmware, .firmwareStatus, .advisory, .privilegeLevel, .configuration,
      .protections, .platform, .age, .development, .debug, .migration, .measurement, .reportData:
      false
    }
  }
}

public struct FailedCheck: Sendable, Hashable, CustomStringConvertible {
  public let check: AttestationCheck
  /// For the operator's log. Facts of the evidence only.
  public let detail: String

  public init(_ check: AttestationCheck, _ detail: String) {
    self.check = check
    self.detail = detail
  }

  public var description: String { "\(check.rawValue): \(detail)" }
}

/// Evidence that was not accepted, with every check that failed.
public struct AttestationRefusal: Error, Sendable, Hashable, CustomStringConvertible {
  /// Never empty.
  public let failed: [FailedCheck]

  public init(_ first: FailedCheck, _ others: [FailedCheck] = []) {
    failed = [first] + others
  }

  public var description: String {
    "evidence refused: " + failed.map(\.description).joined(separator: "; ")
  }
}
