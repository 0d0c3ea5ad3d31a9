import Crypto
import SwiftASN1

/// What a software attester signs with: the stand-in for a chip's endorsement key, and its endorsement.
public struct SoftwareCredentials: Sendable {
  let key: P384.Signing.PrivateKey
  /// DER.
  let endorsement: [UInt8]

  init(key: P384.Signing.PrivateKey, endorsement: [UInt8]) {
    self.key = key
    self.endorsement = endorsement
  }

  /// - Throws: unless this is what ``pem`` gives.
  public init(pem: String) throws {
    let documents = try PEMDocument.parseMultiple(pemString: pem)
    guard documents.count == 2, documents[0].discriminator == "PRIVATE KEY",
      documents[1].discriminator == "CERTIFICATE",
      let endorsed = DevelopmentEndorsement(der: documents[1].derBytes)
    else { throw SoftwareCredentialsError.notCredentials }
    let key = try P384.Signing.PrivateKey(derRepresentation: documents[0].derBytes)
    guard endorsed.key.rawRepresentation == key.publicKey.rawRepresentation else {
      throw SoftwareCredentialsError.notCredentials
    }
    self.init(key: key, endorsement: documents[1].derBytes)
  }

  /// The private key in PKCS #8 and its certificate, both PEM.
  public var pem: String {
    key.pemRepresentation + "\n" + PEMDocument(type: "CERTIFICATE", derBytes: endorsement).pemString + "\n"
  }
}

public enum SoftwareCredentialsError: Error, Sendable, Hashable {
  /// The file is not one private key with its endorsement.
  case notCredentials
}

/// Development only: reports of the shape of AMD SEV-SNP, signed by a key in ordinary memory.
public struct SoftwareAttester: EvidenceProvider {
  private let credentials: SoftwareCredentials
  private let measurement: Measurement

  /// - Parameter measurement: usually ``Measurement/ofRunningExecutable()``.
  public init(credentials: SoftwareCredentials, measurement: Measurement) {
    self.credentials = credentials
    self.measurement = measurement
  }

  public var kind: EvidenceKind { .software }

  public func evidence(over reportData: ReportData) async throws -> Evidence {
    var report = SNPReport()
    report.version = 5
    report.guestPolicy = SoftwareEvidence.guestPolicy
    report.signatureAlgorithm = SNPReport.ecdsaP384
    report.migrationAgent = [UInt8](repeating: 0xFF, count: 32)
    report.currentTCB = DevelopmentEndorsement.firmware
    report.reportedTCB = DevelopmentEndorsement.firmware
    report.committedTCB = DevelopmentEndorsement.firmware
    report.launchTCB = DevelopmentEndorsement.firmware
    report.chipID = DevelopmentEndorsement.hardwareID(of: credentials.key.publicKey)
    report.measurement = measurement.bytes
    report.reportData = reportData.bytes
    try report.sign(with: credentials.key)
    return try Evidence(kind: .software, data: report.bytes + credentials.endorsement)
  }
}
