public import Identifiers
import SecretSharing
import Signatures

/// A key certificate as it arrived: a body and what claim to be its members' signatures.
public struct UnverifiedKeyCertificate: Sendable, Hashable {
  public struct MemberSignature: Sendable, Hashable {
    public static let byteCount = 64

    public let node: NodeID
    /// Ed25519 over ``KeyCertificateBody/messageToSign``, 64 bytes.
    public let signature: [UInt8]

    public init(node: NodeID, signature: [UInt8]) {
      self.node = node
      self.signature = signature
    }
  }

  /// What makes the members' identity keys trustworthy.
  public enum Anchor: Sendable {
    /// The registry names this certificate by its digest.
    case registered(digest: Digest32)
    /// Exactly these members, with these identity keys, take part; used before the digest is registered.
    case members([NodeID: [UInt8]])
  }

  public let body: KeyCertificateBody
  /// Ordered by node id, one for each.
  public let signatures: [MemberSignature]

  /// - Throws: ``KeyCertificateError/malformed(_:)`` for two signatures by one node or a signature that is not 64 bytes.
  public init(body: KeyCertificateBody, signatures: [MemberSignature]) throws(KeyCertificateError) {
    let ordered = signatures.sorted { $0.node < $1.node }
    for (earlier, later) in zip(ordered, ordered.dropFirst()) where earlier.node == later.node {
      throw .malformed(.signatures)
    }
    guard ordered.allSatisfy({ $0.signature.count == MemberSignature.byteCount }) else { throw .malformed(.signatures) }
    self.body = body
    self.signatures = ordered
  }

  /// `lp(body) ‖ u16 count ‖ count × ( node (20) ‖ signature (64) )`, ordered by node id.
  public var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.lp(body.encoded)
    writer.u16(UInt16(clamping: signatures.count))
    for entry in signatures {
      writer.raw(entry.node.bytes)
      writer.raw(entry.signature)
    }
    return writer.bytes
  }

  public init(encoded: [UInt8]) throws(KeyCertificateError) {
    let decoded: (body: [UInt8], signatures: [MemberSignature])
    do {
      var reader = ByteReader(encoded)
      let body = try reader.lp(limit: KeyCertificateEncoding.maximumByteCount)
      var signatures: [MemberSignature] = []
      for _ in 0..<(try reader.u16()) {
        let node = try NodeID(bytes: reader.raw(NodeIDKind.byteCount))
        signatures.append(MemberSignature(node: node, signature: try reader.raw(MemberSignature.byteCount)))
      }
      try reader.finish()
      decoded = (body, signatures)
    } catch {
      throw .malformed(.framing)
    }
    try self.init(body: KeyCertificateBody(encoded: decoded.body), signatures: decoded.signatures)
    guard self.encoded == encoded else { throw .malformed(.signatures) }
  }

  /// The only way to a ``KeyCertificate``: it certifies this network and epoch, needs more than two thirds of its
  /// members, comes from the members the anchor vouches for, and every one of them signed.
  public func verified(
    network: NetworkID, epoch: UInt64, anchor: Anchor
  ) throws(KeyCertificateError) -> KeyCertificate {
    guard body.network == network else { throw .wrongNetwork }
    guard body.epoch == epoch else { throw .wrongEpoch }
    guard let rule = try? Threshold.twoThirds(of: body.members.count), rule == body.threshold else {
      throw .wrongThreshold
    }
    switch anchor {
    case .registered(let digest):
      guard body.digest == digest else { throw .wrongDigest }
    case .members(let identityKeys):
      let certified = Dictionary(body.members.map { ($0.node, $0.identityKey) }) { first, _ in first }
      guard certified == identityKeys else { throw .wrongMembers }
    }
    try checkSignatures()
    return try KeyCertificate(verified: self)
  }

  private func checkSignatures() throws(KeyCertificateError) {
    let message = body.messageToSign
    let byNode = Dictionary(signatures.map { ($0.node, $0.signature) }) { first, _ in first }
    let members = Set(body.members.map(\.node))
    if let foreign = signatures.first(where: { !members.contains($0.node) }) { throw .foreignSignature(foreign.node) }
    let missing = body.members.filter { byNode[$0.node] == nil }
    guard missing.isEmpty else { throw .missingSignatures(missing.map(\.node)) }
    let invalid = body.members.filter { member in
      !Ed25519.isValid(signature: byNode[member.node] ?? [], message: message, publicKey: member.identityKey)
    }
    guard invalid.isEmpty else { throw .invalidSignatures(invalid.map(\.node)) }
  }
}
