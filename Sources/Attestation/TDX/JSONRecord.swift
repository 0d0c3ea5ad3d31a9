import Identifiers

/// The members of one JSON object of Intel's. Members nobody asks for are left alone: Intel adds some from time to time.
struct JSONRecord {
  private let members: [String: JSONValue]

  init(_ value: JSONValue?) throws(IntelCollateralError) {
    guard case .object(let members) = value else { throw .malformed }
    self.members = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  init(parsing bytes: [UInt8], limit: Int) throws(IntelCollateralError) {
    guard let value = try? JSONValue(parsing: bytes, limit: limit) else { throw .malformed }
    try self.init(value)
  }

  func has(_ name: String) -> Bool { members[name] != nil }

  func record(_ name: String) throws(IntelCollateralError) -> JSONRecord { try JSONRecord(members[name]) }

  func text(_ name: String) throws(IntelCollateralError) -> String {
    guard case .string(let text) = members[name] else { throw .malformed }
    return text
  }

  func integer(_ name: String, _ range: ClosedRange<Int64>) throws(IntelCollateralError) -> Int {
    guard case .integer(let number) = members[name], range.contains(number) else { throw .malformed }
    return Int(number)
  }

  func time(_ name: String) throws(IntelCollateralError) -> Timestamp {
    guard let time = try? Timestamp(text: try text(name)) else { throw .malformed }
    return time
  }

  /// Hex of either case.
  func bytes(_ name: String, count: Int? = nil, limit: Int = 1 << 20) throws(IntelCollateralError) -> [UInt8] {
    let text = try text(name)
    guard text.utf8.count <= 2 * limit, let bytes = try? Hex.decode(text.lowercased()),
      count.map({ $0 == bytes.count }) ?? true
    else { throw .malformed }
    return bytes
  }

  func list(_ name: String, limit: Int) throws(IntelCollateralError) -> [JSONValue] {
    guard case .array(let values) = members[name], values.count <= limit else { throw .malformed }
    return values
  }

  /// Advisories by name; none where the member is missing.
  func advisories() throws(IntelCollateralError) -> Set<String> {
    guard has("advisoryIDs") else { return [] }
    var names: Set<String> = []
    for value in try list("advisoryIDs", limit: 256) {
      guard case .string(let name) = value, name.utf8.count <= 64 else { throw .malformed }
      names.insert(name)
    }
    return names
  }

  func judgement() throws(IntelCollateralError) -> FirmwareJudgement {
    guard let status = FirmwareStatus(rawValue: try text("tcbStatus")) else { throw .malformed }
    return FirmwareJudgement(status: status, advisories: try advisories())
  }
}
