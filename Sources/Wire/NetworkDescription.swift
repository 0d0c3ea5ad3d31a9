public import Identifiers

/// The body of `GET /v1/network`: where a client looks, never what it trusts.
///
/// A client has its own copy of the founding document; the rest it verifies against that.
public struct NetworkDescription: Sendable, Hashable {
  public let network: NetworkID
  /// The founding document's exact bytes.
  public let founding: [UInt8]
  public let registryNumber: UInt64
  public let registryDigest: Digest32
  public let epoch: UInt64
  /// The encoded key certificate of the epoch; nil before key generation is complete.
  public let certificate: [UInt8]?
  public let node: NodeID
  public let instance: Instance
  /// Whether the network accepts evidence that is not from a TEE.
  public let isDevelopment: Bool

  public init(
    network: NetworkID, founding: [UInt8], registryNumber: UInt64, registryDigest: Digest32, epoch: UInt64,
    certificate: [UInt8]?, node: NodeID, instance: Instance, isDevelopment: Bool
  ) {
    self.network = network
    self.founding = founding
    self.registryNumber = registryNumber
    self.registryDigest = registryDigest
    self.epoch = epoch
    self.certificate = certificate
    self.node = node
    self.instance = instance
    self.isDevelopment = isDevelopment
  }

  public init(decoding body: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(body, limit: WireLimits.body))
    network = try fields.identifier("network")
    founding = try fields.bytes("founding", limit: WireLimits.body)
    var registry = try fields.object("registry")
    registryNumber = try registry.unsigned("number")
    registryDigest = try registry.identifier("digest")
    try registry.finish()
    epoch = try fields.unsigned("epoch")
    switch try fields.value("certificate") {
    case .null: certificate = nil
    case .string(let text):
      guard let bytes = try? Base64URL.decode(text) else { throw .invalid("certificate") }
      certificate = bytes
    default: throw .invalid("certificate")
    }
    var node = try fields.object("node")
    self.node = try node.identifier("id")
    instance = try node.identifier("instance")
    try node.finish()
    isDevelopment = try fields.bool("development")
    try fields.finish()
  }

  public var encoded: [UInt8] {
    JSONValue.object([
      JSONMember("network", .text(network)),
      JSONMember("founding", .base64URL(founding)),
      JSONMember(
        "registry",
        .object([JSONMember("number", JSONValue(registryNumber)), JSONMember("digest", .text(registryDigest))])),
      JSONMember("epoch", JSONValue(epoch)),
      JSONMember("certificate", certificate.map { .base64URL($0) } ?? .null),
      JSONMember("node", .object([JSONMember("id", .text(node)), JSONMember("instance", .text(instance))])),
      JSONMember("development", .bool(isDevelopment)),
    ]).serialized
  }
}
