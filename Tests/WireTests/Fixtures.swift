import Identifiers
import Secrets
import Signatures
import Wire

/// One request whose every byte is known; the pinned values were computed by a separate program from DESIGN's formulas.
enum Fixture {
  static let epoch: UInt64 = 7
  static let nonce = [UInt8](0..<16)

  static func networkID() throws -> NetworkID { try NetworkID(bytes: filled(0xaa)) }
  static func key() throws -> KeyID { try KeyID(bytes: filled(0xbb)) }
  static func certificate() throws -> Digest32 { try Digest32(bytes: filled(0xcc)) }

  static func filled(_ byte: UInt8, count: Int = 32) -> [UInt8] { [UInt8](repeating: byte, count: count) }

  static func sessionKey(_ byte: UInt8 = 1) throws -> Ed25519SigningKey {
    try Ed25519SigningKey(seed: SecretBytes(copying: filled(byte)))
  }

  static func entry(_ number: UInt8) throws -> QuorumEntry {
    try QuorumEntry(
      node: NodeID(bytes: filled(number, count: 20)), instance: Instance(bytes: filled(0x10 + number)))
  }

  static func quorum(_ numbers: [UInt8] = [1, 2, 3]) throws -> Quorum {
    try Quorum(numbers.map { try entry($0) })
  }

  static func operation() throws -> Wire.Operation {
    .sign(key: try key(), content: .message(Array("hello".utf8)))
  }

  static func payload(
    operation: Wire.Operation? = nil, replyKey: ReplyPublicKey? = nil, capability: Capability? = nil,
    registryNumber: UInt64? = nil
  ) throws -> RequestPayload {
    try RequestPayload(
      network: networkID(), epoch: epoch, quorum: quorum(), operation: operation ?? self.operation(),
      replyKey: replyKey ?? ReplyPublicKey(bytes: filled(9)), nonce: nonce,
      issuedAt: Timestamp(text: "2026-03-04T05:06:07Z"), expiresAt: Timestamp(text: "2026-03-04T05:11:07Z"),
      capability: capability ?? Capability(siwe: "text", signature: filled(0xcd, count: 65)),
      registryNumber: registryNumber)
  }

  static func request() throws -> SignedRequest {
    try RequestBuilder(sessionKey: sessionKey()).sign(payload())
  }

  static func replyBody(_ outcome: ReplyOutcome = .decryptionShare([1, 2])) throws -> ReplyBody {
    let entry = try entry(2)
    return try ReplyBody(
      request: request().id, node: entry.node, instance: entry.instance, epoch: epoch, certificate: certificate(),
      operationDigest: operation().digest, outcome: outcome)
  }
}
