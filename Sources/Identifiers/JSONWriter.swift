extension JSONValue {
  /// The value without white space, members in the order they are held.
  public var serialized: [UInt8] {
    var output: [UInt8] = []
    write(to: &output, sorted: false)
    return output
  }

  /// RFC 8785 (JCS): like ``serialized`` with members ordered by the UTF-16 code units of their names.
  public var canonicalized: [UInt8] {
    var output: [UInt8] = []
    write(to: &output, sorted: true)
    return output
  }

  private func write(to output: inout [UInt8], sorted: Bool) {
    switch self {
    case .null: output += "null".utf8
    case .bool(let value): output += (value ? "true" : "false").utf8
    case .integer(let value): output += String(value).utf8
    case .string(let value): Self.write(value, to: &output)
    case .array(let values):
      output.append(UInt8(ascii: "["))
      for (place, value) in values.enumerated() {
        if place > 0 { output.append(UInt8(ascii: ",")) }
        value.write(to: &output, sorted: sorted)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      let ordered =
        sorted ? members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) } : members
      for (place, member) in ordered.enumerated() {
        if place > 0 { output.append(UInt8(ascii: ",")) }
        Self.write(member.name, to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.write(to: &output, sorted: sorted)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// Escapes only what RFC 8785 section 3.2.2.2 escapes.
  private static func write(_ text: String, to output: inout [UInt8]) {
    let bytes = Array(text.utf8)
    output.append(UInt8(ascii: "\""))
    // Where the characters begin that go out as they are.
    var start = 0
    for (place, character) in bytes.enumerated() {
      guard let escape = escape(character) else { continue }
      output += bytes[start..<place]
      output += escape.utf8
      start = place + 1
    }
    output += bytes[start...]
    output.append(UInt8(ascii: "\""))
  }

  private static func escape(_ character: UInt8) -> String? {
    switch character {
    case UInt8(ascii: "\""): "\\\""
    case UInt8(ascii: "\\"): "\\\\"
    case 0x08: "\\b"
    case 0x09: "\\t"
    case 0x0a: "\\n"
    case 0x0c: "\\f"
    case 0x0d: "\\r"
    case 0..<0x20: "\\u00" + (character < 0x10 ? "0" : "") + String(character, radix: 16)
    default: nil
    }
  }
}
