/// Which enclaves Intel lets sign for others (Intel PCS API version 4, "Get QE identity").
struct EnclaveIdentity: Sendable {
  private let miscellaneous: MaskedBytes
  private let attributes: MaskedBytes
  private let signer: [UInt8]
  private let productID: Int
  private let levels: [(securityVersion: Int, judgement: FirmwareJudgement)]

  init(_ record: JSONRecord) throws(IntelCollateralError) {
    guard try record.text("id") == "TD_QE", try record.integer("version", 2...2) == 2 else { throw .malformed }
    miscellaneous = MaskedBytes(
      value: try record.bytes("miscselect", count: 4), mask: try record.bytes("miscselectMask", count: 4))
    attributes = MaskedBytes(
      value: try record.bytes("attributes", count: 16), mask: try record.bytes("attributesMask", count: 16))
    signer = try record.bytes("mrsigner", count: 32)
    productID = try record.integer("isvprodid", 0...65_535)
    levels = try SecurityVersionLevels.read(record)
  }

  func describes(_ report: EnclaveReport) -> Bool {
    miscellaneous.matches(report.miscellaneous) && attributes.matches(report.attributes) && signer == report.signer
      && productID == report.productID
  }

  /// Nil where the enclave is older than all that Intel speaks of.
  func judgement(of report: EnclaveReport) -> FirmwareJudgement? {
    levels.first { $0.securityVersion <= report.securityVersion }?.judgement
  }
}

/// Bytes of which only some bits matter.
struct MaskedBytes: Sendable {
  let value: [UInt8]
  let mask: [UInt8]

  func matches(_ bytes: [UInt8]) -> Bool {
    bytes.count == value.count && zip(bytes, zip(mask, value)).allSatisfy { $0 & $1.0 == $1.1 & $1.0 }
  }
}

/// `tcbLevels` of an enclave or a module, the newest first.
enum SecurityVersionLevels {
  static func read(
    _ record: JSONRecord
  ) throws(IntelCollateralError) -> [(securityVersion: Int, judgement: FirmwareJudgement)] {
    var levels: [(securityVersion: Int, judgement: FirmwareJudgement)] = []
    for value in try record.list("tcbLevels", limit: 64) {
      let level = try JSONRecord(value)
      levels.append((try level.record("tcb").integer("isvsvn", 0...65_535), try level.judgement()))
    }
    return levels
  }
}
