public import Identifiers

/// A block of a chain, by both its number and its hash.
public struct BlockReference: Sendable, Hashable {
  public let number: UInt64
  public let hash: Digest32

  public init(number: UInt64, hash: Digest32) {
    self.number = number
    self.hash = hash
  }
}

extension BlockReference {
  init(_ fields: inout JSONFields) throws(FormatError) {
    let number = try fields.unsigned("number")
    guard let hash = try? Digest32(bytes: fields.prefixedHex("hash", limit: Digest32Kind.byteCount)) else {
      throw .invalid("hash")
    }
    self.init(number: number, hash: hash)
    try fields.finish()
  }

  var json: JSONValue {
    .object([JSONMember("number", JSONValue(number)), JSONMember("hash", .string("0x" + hash.text))])
  }
}
