public import Identifiers
internal import Signatures

/// Structured data a wallet shows and signs (EIP-712), read from the JSON document of `eth_signTypedData_v4`.
public struct TypedData: Sendable, Hashable {
  public static let byteLimit = 64 << 10

  public let domain: TypedDataDomain
  public let primaryType: String
  /// `hashStruct(message)`.
  public let messageHash: Digest32
  /// The message as it was written, for showing it.
  public let message: JSONValue

  /// The document has exactly the members `types`, `primaryType`, `domain` and `message`, and `types` describes the
  /// domain as well.
  public init(decoding bytes: [UInt8]) throws(TypedDataError) {
    let document: JSONValue
    do { document = try JSONValue(parsing: bytes, limit: Self.byteLimit) } catch { throw .json(error) }
    guard case .object(let members) = document, members.count == 4 else { throw .malformed }
    func member(_ name: String) throws(TypedDataError) -> JSONValue {
      guard let value = members.first(where: { $0.name == name })?.value else { throw .malformed }
      return value
    }
    let types = try TypedDataTypes(member("types"))
    guard case .string(let primaryType) = try member("primaryType") else { throw .malformed }
    // A message that is only a domain would have the encoding of another document's beginning.
    guard TypedDataType.isStructName(primaryType), primaryType != TypedDataDomain.typeName else { throw .malformed }
    domain = try TypedDataDomain(member("domain"), types)
    message = try member("message")
    messageHash = try types.hashStruct(primaryType, message)
    self.primaryType = primaryType
  }

  /// Keccak-256 of `0x19 0x01 ‖ domainSeparator ‖ hashStruct(message)`.
  public var signingDigest: Digest32 { .keccak256([0x19, 0x01] + domain.separator.bytes + messageHash.bytes) }
}
