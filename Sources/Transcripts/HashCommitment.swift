public import Identifiers

/// A commitment to public fields that stay hidden until they are opened with their 32-byte blinding.
///
/// SHA-256 over tag, blinding and fields: binding because SHA-256 is collision resistant and the encoding injective,
/// hiding because nobody guesses the blinding.
public struct HashCommitment: Sendable, Hashable {
  public static let byteCount = 32
  public static let blindingByteCount = 32

  public let digest: Digest32

  public init(_ domain: Domain, _ fields: [[UInt8]], blinding: [UInt8]) {
    digest = TaggedHash.sha256(domain, [blinding] + fields)
  }

  /// As it came from a peer.
  public init(digest: Digest32) {
    self.digest = digest
  }

  /// True when these are the fields and the blinding that were committed to.
  public func opens(_ domain: Domain, to fields: [[UInt8]], blinding: [UInt8]) -> Bool {
    blinding.count == Self.blindingByteCount && self == HashCommitment(domain, fields, blinding: blinding)
  }
}
