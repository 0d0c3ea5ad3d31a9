import Identifiers

extension Capability {
  init(_ fields: inout JSONFields) throws(FormatError) {
    let siwe = try fields.string("siwe", limit: WireLimits.capability)
    let text = try fields.string("signature", limit: 2 + 2 * Self.signatureByteCount)
    guard text.utf8.starts(with: "0x".utf8), let signature = try? Hex.decode(text.utf8.dropFirst(2)) else {
      throw .invalid("signature")
    }
    try self.init(siwe: siwe, signature: signature)
    try fields.finish()
  }

  var json: JSONValue {
    .object([
      JSONMember("siwe", .string(siwe)), JSONMember("signature", .string("0x" + Hex.encode(signature))),
    ])
  }
}
