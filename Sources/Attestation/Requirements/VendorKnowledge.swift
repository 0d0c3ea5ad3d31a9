public import Identifiers

/// What verifiers know before they see any evidence: whose certificates are at the top, and what makers say of their
/// platforms.
public struct VendorKnowledge: Sendable {
  var roots = EvidenceRoots.pinned
  /// What Intel says of platforms.
  public private(set) var intel: [IntelCollateral] = []
  /// What AMD took back.
  var revocations: [RevocationList] = []

  /// The makers' own roots, and nothing that they say of platforms.
  public init() {}

  init(roots: EvidenceRoots) {
    self.roots = roots
  }

  /// Adds what is in one file: Intel's statements (JSON), or AMD's revocation list (DER). It counts only as far as its
  /// maker signed it, so where it came from does not matter.
  ///
  /// - Throws: ``EvidenceReadingError/collateral(_:)``.
  public mutating func add(_ file: [UInt8]) throws(EvidenceReadingError) {
    let statement = try EvidenceCollateral(bytes: file, intelRoot: roots.intel)
    if case .certificate = statement { throw .collateral("a certificate says nothing of other platforms") }
    add(statement)
  }

  mutating func add(_ statement: EvidenceCollateral) {
    switch statement {
    case .intel(let collateral): intel.append(collateral)
    case .revocations(let list): revocations.append(list)
    case .certificate: break
    }
  }

  /// The earliest time at which one of Intel's statements is to be replaced; nil where there is none.
  public var intelValidUntil: Timestamp? { intel.map(\.validity.upperBound).min() }
}

/// Which certificates are at the top.
struct EvidenceRoots: Sendable {
  var amd: [AMDAuthority]
  var intel: [UInt8]
  var nitro: [UInt8]

  static let pinned = EvidenceRoots(amd: AMDAuthority.pinned, intel: IntelRoot.der, nitro: NitroRoot.der)
}
