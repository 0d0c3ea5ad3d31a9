import Crypto
public import Identifiers

/// What Intel says of one kind of platform, of the enclaves that sign for others, and of certificates it took back.
///
/// It is handed in as a file, never fetched during a verification. What does not depend on the time is checked once,
/// here; whether it is current is asked at every verification.
public struct IntelCollateral: Sendable {
  /// 1 MiB; real ones are some 20 KiB.
  public static let maximumSize = 1 << 20

  /// FMSPC, 6 bytes: which platforms this is about.
  public let platformKind: [UInt8]
  /// From the youngest statement until the first of them is to be replaced.
  public let validity: ClosedRange<Timestamp>
  /// When the oldest statement was made that Intel renews monthly; the list of the root lives for a year.
  let made: Timestamp
  let root: [UInt8]
  let platforms: TCBInfo
  let enclaves: EnclaveIdentity
  let revocations: [RevocationList]
  /// Whose certificates the second list is about.
  let authority: CertificatePath
  private let signers: [CertificatePath]

  /// - Parameters:
  ///   - json: one object with the members `tcb_info`, `qe_identity` (the texts Intel signed), `…_signature` (hex of r and
  ///     s), `…_issuer_chain` (PEM), `root_ca_crl`, `pck_crl` (hex of DER) and `pck_crl_issuer_chain`.
  ///   - root: DER of the certificate at the top.
  /// - Throws: ``IntelCollateralError``; what is not signed by that root does not exist.
  public init(json: [UInt8], root: [UInt8] = IntelRoot.der) throws(IntelCollateralError) {
    let record = try JSONRecord(parsing: json, limit: Self.maximumSize)
    let tcb = try SignedStatement(record, "tcb_info", root: root)
    let identity = try SignedStatement(record, "qe_identity", root: root)
    let authority = try Self.path(record, "pck_crl_issuer_chain", root: root)
    guard let rootList = try? RevocationList(der: record.bytes("root_ca_crl")),
      let platformList = try? RevocationList(der: record.bytes("pck_crl"))
    else { throw .malformed }
    guard let top = authority.certificates.first, let issuer = authority.leaf, authority.isLinked,
      rootList.isSigned(by: top), platformList.isSigned(by: issuer)
    else { throw .notSigned }
    platforms = try TCBInfo(tcb.content)
    enclaves = try EnclaveIdentity(identity.content)
    revocations = [rootList, platformList]
    self.authority = authority
    platformKind = platforms.platformKind
    signers = [tcb.signer, identity.signer]
    let ranges = [tcb.validity, identity.validity, rootList.validity, platformList.validity]
    let (starts, ends) = (ranges.map(\.lowerBound), ranges.map(\.upperBound))
    guard let start = starts.max(), let end = ends.min(), start <= end else { throw .contradictsItself }
    validity = start...end
    made = min(tcb.validity.lowerBound, identity.validity.lowerBound, platformList.validity.lowerBound)
    self.root = root
  }

  /// Nothing where the collateral counts now.
  @FailedChecks func faults(now: Timestamp) -> [FailedCheck] {
    require(validity.contains(now), .collateral, "current \(validity.lowerBound) to \(validity.upperBound)")
    for signer in signers + [authority] {
      require(
        signer.faults(now: now, revocations: revocations).isEmpty, .collateral,
        "a certificate of its signers does not count")
    }
  }

  /// - Returns: certificates that sign others, from the root down.
  private static func path(
    _ record: JSONRecord, _ name: String, root: [UInt8]
  ) throws(IntelCollateralError) -> CertificatePath {
    CertificatePath(authorities: try SignedStatement.certificates(record, name), root: root)
  }
}

public enum IntelCollateralError: String, Error, Sendable, Hashable {
  case malformed
  /// Not by Intel, or by a certificate that may not.
  case notSigned = "not-signed"
  /// Its statements were never current at the same time.
  case contradictsItself = "contradicts-itself"
}

/// A text of Intel's with a signature over exactly its bytes.
private struct SignedStatement {
  let content: JSONRecord
  let signer: CertificatePath
  let validity: ClosedRange<Timestamp>

  init(_ record: JSONRecord, _ name: String, root: [UInt8]) throws(IntelCollateralError) {
    let text = Array(try record.text(name).utf8)
    let chain = try Self.certificates(record, name + "_issuer_chain")
    let signature = try record.bytes(name + "_signature", count: 64)
    guard let leaf = chain.last, chain.count >= 2 else { throw .malformed }
    signer = CertificatePath(authorities: Array(chain.dropLast()), root: root).appending(leaf: leaf)
    guard signer.isLinked, let key = leaf.key.p256,
      let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature),
      key.isValidSignature(signature, for: SHA256.hash(data: text))
    else { throw .notSigned }
    content = try JSONRecord(parsing: text, limit: IntelCollateral.maximumSize)
    let (start, end) = (try content.time("issueDate"), try content.time("nextUpdate"))
    guard start <= end else { throw .contradictsItself }
    validity = start...end
  }

  /// The root first.
  static func certificates(_ record: JSONRecord, _ name: String) throws(IntelCollateralError) -> [VendorCertificate] {
    guard let chain = PEMChain.decode(Array(try record.text(name).utf8), limit: TDQuote.certificateCount) else {
      throw .malformed
    }
    let certificates = chain.reversed().compactMap { try? VendorCertificate(der: $0) }
    guard certificates.count == chain.count else { throw .malformed }
    return certificates
  }
}
