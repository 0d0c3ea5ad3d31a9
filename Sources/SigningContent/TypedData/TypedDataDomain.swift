public import Identifiers
internal import Signatures

/// The domain of EIP-712: which application, contract and chain typed data is for.
public struct TypedDataDomain: Sendable, Hashable {
  static let typeName = "EIP712Domain"

  public let name: String?
  public let version: String?
  public let chainID: UInt256?
  public let verifyingContract: WalletAddress?
  /// 32 bytes.
  public let salt: [UInt8]?
  /// `hashStruct(domain)`.
  public let separator: Digest32

  /// The fields EIP-712 defines, in its order.
  private static let known: [(name: String, type: TypedDataType)] = [
    ("name", .string), ("version", .string), ("chainId", .unsigned(bits: 256)), ("verifyingContract", .address),
    ("salt", .fixedBytes(32)),
  ]

  init(_ value: JSONValue, _ types: TypedDataTypes) throws(TypedDataError) {
    guard let fields = types.fields(of: Self.typeName) else { throw .domain }
    var rest = Self.known[...]
    for field in fields {
      guard let place = rest.firstIndex(where: { $0.name == field.name && $0.type == field.type }) else {
        throw .domain
      }
      rest = rest[(place + 1)...]
    }
    separator = try types.hashStruct(Self.typeName, value)
    guard case .object(let members) = value else { throw .domain }
    func member(_ name: String) -> JSONValue? { members.first { $0.name == name }?.value }
    func text(_ name: String) -> String? {
      guard case .string(let text)? = member(name) else { return nil }
      return text
    }
    name = text("name")
    version = text("version")
    if let value = member("chainId") {
      chainID = try TypedDataValue.unsigned(value, bits: 256)
    } else {
      chainID = nil
    }
    if let value = member("verifyingContract") {
      verifyingContract = try TypedDataValue.address(value)
    } else {
      verifyingContract = nil
    }
    if let value = member("salt") {
      salt = try TypedDataValue.fixedBytes(value, count: 32)
    } else {
      salt = nil
    }
    guard name?.isEmpty == false || verifyingContract != nil else { throw .domain }
  }
}
