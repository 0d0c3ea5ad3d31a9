import Crypto
import Identifiers

/// An attestation document of the Nitro security module: COSE_Sign1 (RFC 9052) with ECDSA P-384 and SHA-384 over a CBOR
/// map (AWS Nitro Enclaves, "Cryptographic attestation").
struct NitroDocument: Sendable {
  /// Five certificates of less than a kilobyte each and little else; a longer chain does not count.
  static let maximumAuthorities = CertificatePath.maximumLength - 1
  static let registerCount = 32
  private static let maximumFieldSize = 1024

  /// Of the enclave: its instance, "-enc" and a number.
  let module: String
  let time: Timestamp
  /// 48 bytes each.
  let registers: [UInt64: [UInt8]]
  /// Of the key that signed, and of those above it, the root first.
  let certificate: VendorCertificate
  let authorities: [VendorCertificate]
  let publicKey: [UInt8]?
  let userData: [UInt8]?
  let nonce: [UInt8]?
  private let toBeSigned: [UInt8]
  private let signature: [UInt8]

  /// - Returns: nil unless these bytes are such a document. Whether it is signed is another question.
  init?(bytes: [UInt8]) {
    // A tag that says "COSE_Sign1" may precede it.
    let bare = bytes.first == 0xD2 ? Array(bytes.dropFirst()) : bytes
    guard let parts = try? CBORReader.decode(bare, form: .plain).array, parts.count == 4,
      parts[0].bytes == Self.protectedHeader, parts[1].map?.isEmpty == true, let payload = parts[2].bytes,
      let signature = parts[3].bytes, signature.count == 96,
      let fields = try? CBORReader.decode(payload, form: .plain).map
    else { return nil }
    guard Set(fields.keys).isSubset(of: Self.names), let module = fields[.text("module_id")]?.text, !module.isEmpty,
      fields[.text("digest")] == .text("SHA384"), let milliseconds = fields[.text("timestamp")]?.unsigned,
      let registers = fields[.text("pcrs")]?.map.flatMap(Self.registers),
      let leaf = fields[.text("certificate")]?.bytes, let certificate = try? VendorCertificate(der: leaf),
      let bundle = fields[.text("cabundle")]?.array, (1...Self.maximumAuthorities).contains(bundle.count),
      case .some(let publicKey) = Self.optional(fields[.text("public_key")]),
      case .some(let userData) = Self.optional(fields[.text("user_data")]),
      case .some(let nonce) = Self.optional(fields[.text("nonce")])
    else { return nil }
    let authorities = bundle.compactMap { item in item.bytes.flatMap { try? VendorCertificate(der: $0) } }
    guard authorities.count == bundle.count else { return nil }
    self.module = module
    self.time = Timestamp(secondsSince1970: Int64(clamping: milliseconds / 1000))
    self.registers = registers
    self.certificate = certificate
    self.authorities = authorities
    self.publicKey = publicKey
    self.userData = userData
    self.nonce = nonce
    self.signature = signature
    toBeSigned = CBOR.array([.text("Signature1"), .bytes(Self.protectedHeader), .bytes([]), .bytes(payload)]).encoded
  }

  /// Whether the key in the document's own certificate signed it.
  var isSigned: Bool {
    guard let key = certificate.key.p384, let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature)
    else { return false }
    return key.isValidSignature(signature, for: SHA384.hash(data: toBeSigned))
  }

  /// An enclave in debug mode has zeros in the register of its image.
  var isDebug: Bool { registers[0]?.allSatisfy { $0 == 0 } ?? true }

  /// The instance that carries the enclave.
  var instance: String? {
    let end = module.firstRange(of: "-enc")?.lowerBound
    return end.map { String(module[..<$0]) }
  }
}

extension NitroDocument {
  /// {1: -35}: the algorithm is ES384.
  private static let protectedHeader: [UInt8] = [0xA1, 0x01, 0x38, 0x22]

  private static let names: Set<CBOR> = [
    .text("module_id"), .text("digest"), .text("timestamp"), .text("pcrs"), .text("certificate"), .text("cabundle"),
    .text("public_key"), .text("user_data"), .text("nonce"),
  ]

  private static func registers(_ map: [CBOR: CBOR]) -> [UInt64: [UInt8]]? {
    var registers: [UInt64: [UInt8]] = [:]
    for (key, value) in map {
      guard let number = key.unsigned, number < registerCount, let bytes = value.bytes, bytes.count == 48 else {
        return nil
      }
      registers[number] = bytes
    }
    return registers
  }

  /// - Returns: nil when there is something that is neither absent nor a short string of bytes.
  private static func optional(_ field: CBOR?) -> [UInt8]?? {
    switch field {
    case nil, .null: .some(nil)
    case .bytes(let bytes) where bytes.count <= maximumFieldSize: .some(bytes)
    default: .none
    }
  }
}
