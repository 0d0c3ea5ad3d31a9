internal import Identifiers
internal import Signatures

extension TypedDataTypes {
  /// `hashStruct(s) = keccak256(typeHash ‖ encodeData(s))` of EIP-712.
  ///
  /// The struct's value has exactly the members its type has; no default stands in for a missing one.
  func hashStruct(_ name: String, _ value: JSONValue) throws(TypedDataError) -> Digest32 {
    guard let fields = fields(of: name), let typeHash = hash(of: name) else { throw .unknownType }
    guard case .object(let members) = value else { throw .invalidValue }
    // By their bytes: `String` would call canonically equivalent but different names equal.
    var values: [[UInt8]: JSONValue] = [:]
    for member in members { values[Array(member.name.utf8)] = member.value }
    var data = typeHash.bytes
    for field in fields {
      guard let value = values.removeValue(forKey: Array(field.name.utf8)) else { throw .missingMember }
      data += try encode(value, as: field.type)
    }
    guard values.isEmpty else { throw .superfluousMember }
    return .keccak256(data)
  }

  /// One 32-byte word: atomic values padded, everything else hashed.
  private func encode(_ value: JSONValue, as type: TypedDataType) throws(TypedDataError) -> [UInt8] {
    switch type {
    case .unsigned(let bits): return try TypedDataValue.unsigned(value, bits: bits).bigEndianBytes
    case .signed(let bits): return try TypedDataValue.signed(value, bits: bits).bigEndianBytes
    case .fixedBytes(let count): return try TypedDataValue.fixedBytes(value, count: count)
    case .address:
      return [UInt8](repeating: 0, count: 12) + (try TypedDataValue.address(value).bytes)
    case .bool:
      guard case .bool(let flag) = value else { throw .invalidValue }
      return UInt256(flag ? 1 : 0).bigEndianBytes
    case .bytes: return Digest32.keccak256(try TypedDataValue.bytes(value)).bytes
    case .string:
      guard case .string(let text) = value else { throw .invalidValue }
      return Digest32.keccak256(Array(text.utf8)).bytes
    case .structure(let name): return try hashStruct(name, value).bytes
    case .array(let element): return try encode(array: value, of: element, count: nil)
    case .fixedArray(let element, let count): return try encode(array: value, of: element, count: count)
    }
  }

  /// Keccak-256 of the concatenated encodings of the elements.
  private func encode(
    array value: JSONValue, of element: TypedDataType, count: Int?
  ) throws(TypedDataError) -> [UInt8] {
    guard case .array(let values) = value, count == nil || count == values.count else { throw .invalidValue }
    var data: [UInt8] = []
    for value in values { data += try encode(value, as: element) }
    return Digest32.keccak256(data).bytes
  }
}
