import Identifiers

extension Capability {
  init(_ fields: inout JSONFields) throws(FormatError) {
    let siwe = try fields.string("siwe", limit: WireLimits.capability)
    let signature = try fields.prefixedHex("signature", limit: WireLimits.contractSignature)
    var block: BlockReference?
    if let value = fields.optional("block") {
      var members = try JSONFields(value)
      block = try BlockReference(&members)
    }
    try self.init(siwe: siwe, signature: signature, block: block)
    try fields.finish()
  }

  var json: JSONValue {
    .object(
      [JSONMember("siwe", .string(siwe)), JSONMember("signature", .string("0x" + Hex.encode(signature)))]
        + (block.map { [JSONMember("block", $0.json)] } ?? []))
  }
}
