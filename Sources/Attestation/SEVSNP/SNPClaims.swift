/// A report together with the certificate of the key that is said to have signed it.
struct SNPClaims: Sendable {
  let report: SNPReport
  let endorsement: SNPEndorsement

  func firmware(_ place: SNPReport.FirmwarePlace) -> SNPFirmware {
    report.firmware(place, layout: endorsement.product.layout)
  }

  /// A key of a chip belongs to that chip. A key of a provider belongs to none, and the report may hide the chip.
  var namesOneChip: Bool {
    guard let hardwareID = endorsement.hardwareID else { return true }
    return report.chipID.starts(with: hardwareID) && report.chipID.dropFirst(hardwareID.count).allSatisfy { $0 == 0 }
  }

  /// Nil where a provider hides the chip.
  var platform: PlatformID? {
    guard !report.chipID.allSatisfy({ $0 == 0 }) else { return nil }
    return try? PlatformID(kind: .sevSNP, bytes: report.chipID)
  }

  /// What every report of these versions has.
  @FailedChecks var faultsOfForm: [FailedCheck] {
    require((2...5).contains(report.version), .form, "version \(report.version)")
    require(report.signatureAlgorithm == SNPReport.ecdsaP384, .form, "signature algorithm \(report.signatureAlgorithm)")
    require(report.hasZeroReservedBytes, .form, "reserved bytes in use")
    require(report.hasPlainFirmware(layout: endorsement.product.layout), .form, "unknown parts of the firmware")
    require(report.keyInfo >> 5 == 0, .form, "key info \(report.keyInfo)")
    require(report.keyInfo >> 1 & 1 == 0, .form, "the signing key is masked")
    require(report.guestPolicy >> 17 & 1 == 1, .form, "guest policy without its mandatory bit")
    require(report.guestPolicy >> 26 == 0, .form, "guest policy with bits nobody knows")
    require(
      report.hasAuthorKey || report.authorKeyDigest.allSatisfy { $0 == 0 }, .form, "an author key that is not in use")
    require(
      report.signingKey == expectedSigningKey, .endorsement, "the report names another kind of key than its certificate"
    )
    require(isOfProduct, .chip, "the processor is no \(endorsement.product.rawValue)")
  }

  @FailedChecks func faults(against requirements: SNPRequirements) -> [FailedCheck] {
    require(requirements.signers.contains(endorsement.signer), .signer, "signed with the \(endorsement.signer)")
    if let minimum = requirements.minimumFirmware[endorsement.product] {
      // What is above the committed version can be rolled back by the host.
      for place in [SNPReport.FirmwarePlace.reported, .committed, .launch] {
        require(firmware(place).isAtLeast(minimum), .minimumFirmware, "\(place) firmware is \(firmware(place))")
      }
    } else {
      FailedCheck(.product, "\(endorsement.product.rawValue) is not accepted")
    }
    require(
      firmware(.current).isAtLeast(firmware(.reported)), .minimumFirmware, "the firmware is older than it is reported")
    require(
      report.privilegeLevel == requirements.privilegeLevel, .privilegeLevel, "privilege level \(report.privilegeLevel)")
    require(
      report.platformFlags & requirements.protections == requirements.protections, .protections,
      "platform information 0x\(String(report.platformFlags, radix: 16))")
    require(
      hasMitigations(requirements.mitigations), .protections,
      "mitigations 0x\(String(report.launchMitigations, radix: 16)), 0x\(String(report.currentMitigations, radix: 16))")
    require(
      requirements.hostData.map { $0 == report.hostData } ?? true, .configuration, "the host gave it other data")
    require(
      requirements.idKeys?.contains(report.idKeyDigest) ?? true, .configuration, "the ID key is not on the list")
    require(
      report.guestVersion >= requirements.minimumGuestVersion, .configuration, "guest version \(report.guestVersion)")
    require(
      requirements.authorKeys.map { report.hasAuthorKey && $0.contains(report.authorKeyDigest) } ?? true,
      .configuration, "the author key is not on the list")
  }

  private var expectedSigningKey: UInt32 {
    switch endorsement.signer {
    case .chip: 0
    case .provider: 1
    }
  }

  /// Reports before version 3 do not name the processor; the root of the certificate then has to.
  private var isOfProduct: Bool {
    guard report.version >= 3 else { return true }
    return SNPProduct(family: report.processor.family, model: report.processor.model) == endorsement.product
  }

  private func hasMitigations(_ wanted: UInt64) -> Bool {
    guard wanted != 0 else { return true }
    return report.version >= 5 && report.launchMitigations & wanted == wanted
      && report.currentMitigations & wanted == wanted
  }
}
