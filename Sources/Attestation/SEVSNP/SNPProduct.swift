/// A generation of AMD EPYC processors with its own root of trust.
public enum SNPProduct: String, Sendable, Hashable, CaseIterable {
  case milan = "Milan"
  /// Bergamo and Siena too.
  case genoa = "Genoa"
  case turin = "Turin"

  /// - Parameter certificateName: as in a certificate, with or without a stepping: "Milan-B0", "Genoa".
  init?(certificateName: String) {
    let name = certificateName.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = name.first else { return nil }
    self.init(rawValue: String(first))
  }

  /// - Parameters: extended family and extended model, as CPUID gives them.
  init?(family: UInt8, model: UInt8) {
    switch (family, model) {
    case (0x19, 0x00...0x0F): self = .milan
    case (0x19, 0x10...0x1F), (0x19, 0xA0...0xAF): self = .genoa
    case (0x1A, 0x00...0x1F): self = .turin
    default: return nil
    }
  }

  var layout: SNPFirmware.Layout { self == .turin ? .second : .first }
  /// How many bytes of CHIP_ID name the chip; the others are zero.
  var chipIDByteCount: Int { self == .turin ? 8 : 64 }
}

/// Whose key signed a report.
public enum SNPSigner: Sendable, Hashable, CustomStringConvertible {
  /// A key of the chip and its firmware (VCEK).
  case chip
  /// A key AMD made for a cloud provider and its firmware (VLEK); the provider's identifier as in the certificate.
  case provider(String)

  public var description: String {
    switch self {
    case .chip: "chip key"
    case .provider(let name): "provider key of \(name)"
    }
  }
}
