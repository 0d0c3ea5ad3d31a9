internal import Identifiers
internal import Signatures

/// The struct types of one document; every type they mention exists, and none contains itself.
struct TypedDataTypes: Sendable, Hashable {
  struct Field: Sendable, Hashable {
    let name: String
    let typeText: String
    let type: TypedDataType
  }

  static let most = 64
  static let mostFields = 128

  private let structures: [String: [Field]]
  private let typeHashes: [String: Digest32]

  /// `{"Name": [{"name", "type"}, …], …}`
  init(_ value: JSONValue) throws(TypedDataError) {
    guard case .object(let members) = value else { throw .malformed }
    guard members.count <= Self.most else { throw .tooManyTypes }
    var structures: [String: [Field]] = [:]
    for member in members {
      guard TypedDataType.isStructName(member.name) else { throw .unknownType }
      structures[member.name] = try Self.fields(member.value)
    }
    try Self.checkReferences(structures)
    self.structures = structures
    var hashes: [String: Digest32] = [:]
    for name in structures.keys {
      hashes[name] = .keccak256(Array(Self.encoding(of: name, in: structures).utf8))
    }
    typeHashes = hashes
  }

  func fields(of name: String) -> [Field]? { structures[name] }

  /// `typeHash` of EIP-712: Keccak-256 of `encodeType`.
  func hash(of name: String) -> Digest32? { typeHashes[name] }

  private static func fields(_ value: JSONValue) throws(TypedDataError) -> [Field] {
    guard case .array(let entries) = value else { throw .malformed }
    guard entries.count <= mostFields else { throw .tooManyFields }
    var fields: [Field] = []
    var names: Set<String> = []
    for entry in entries {
      guard case .object(let members) = entry, members.count == 2,
        case .string(let name)? = members.first(where: { $0.name == "name" })?.value,
        case .string(let text)? = members.first(where: { $0.name == "type" })?.value,
        text.utf8.count <= 128
      else { throw .malformed }
      // A comma, a parenthesis or a space in a name would let two lists of fields have one encoding.
      guard isFieldName(name), names.insert(name).inserted else { throw .malformed }
      fields.append(Field(name: name, typeText: text, type: try TypedDataType(text)))
    }
    return fields
  }

  private static func isFieldName(_ name: String) -> Bool {
    let utf8 = Array(name.utf8)
    guard (1...64).contains(utf8.count), let first = utf8.first else { return false }
    let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    return !isDigit(first)
      && utf8.allSatisfy { byte in
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
      }
  }

  /// Takes away, as long as it can, structs whose members are all atomic or already taken away: what remains contains
  /// itself.
  private static func checkReferences(_ structures: [String: [Field]]) throws(TypedDataError) {
    var open: [String: Set<String>] = [:]
    for (name, fields) in structures {
      let references = Set(fields.compactMap(\.type.structName))
      guard references.allSatisfy({ structures[$0] != nil }) else { throw .unknownType }
      open[name] = references
    }
    while !open.isEmpty {
      let closed = open.filter { $0.value.allSatisfy { open[$0] == nil } }
      guard !closed.isEmpty else { throw .cyclicType }
      for name in closed.keys { open[name] = nil }
    }
  }

  /// `encodeType` of EIP-712: the struct, then all it refers to, directly or not, sorted by name.
  private static func encoding(of name: String, in structures: [String: [Field]]) -> String {
    var reached: Set<String> = []
    var next = [name]
    while let current = next.popLast() {
      guard reached.insert(current).inserted else { continue }
      next += (structures[current] ?? []).compactMap(\.type.structName)
    }
    reached.remove(name)
    let others = reached.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return ([name] + others).map { name in
      let fields = (structures[name] ?? []).map { "\($0.typeText) \($0.name)" }
      return "\(name)(\(fields.joined(separator: ",")))"
    }.joined()
  }
}
