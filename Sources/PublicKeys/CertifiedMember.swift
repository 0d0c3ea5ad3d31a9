public import Identifiers
public import SecretSharing

/// One member as the key certificate fixes it: for this certificate the identity key and the place never change.
public struct CertifiedMember: Sendable, Hashable {
  public static let identityKeyByteCount = 32

  public let node: NodeID
  /// Ed25519 public key, 32 bytes (RFC 8032).
  public let identityKey: [UInt8]
  /// The member's x-coordinate: its 1-based place among all members ordered by node id.
  public let party: PartyID

  /// Places the members: orders them by node id and numbers them from 1.
  ///
  /// - Throws: ``KeyCertificateError/malformed`` for duplicate nodes, duplicate or wrong-sized identity keys, or more
  ///   members than ``KeyCertificateBody/maximumMemberCount``.
  public static func numbered(
    _ identityKeys: [(node: NodeID, identityKey: [UInt8])]
  ) throws(KeyCertificateError) -> [CertifiedMember] {
    guard identityKeys.count <= KeyCertificateBody.maximumMemberCount else { throw .malformed(.members) }
    var members: [CertifiedMember] = []
    for (place, entry) in identityKeys.sorted(by: { $0.node < $1.node }).enumerated() {
      guard let party = try? PartyID(UInt16(clamping: place + 1)) else { throw .malformed(.members) }
      members.append(CertifiedMember(node: entry.node, identityKey: entry.identityKey, party: party))
    }
    try check(members)
    return members
  }

  /// Ordered, unique, numbered 1…n, with distinct identity keys of the right size.
  static func check(_ members: [CertifiedMember]) throws(KeyCertificateError) {
    guard !members.isEmpty, members.count <= KeyCertificateBody.maximumMemberCount else { throw .malformed(.members) }
    for (place, member) in members.enumerated() {
      guard Int(member.party.value) == place + 1 else { throw .malformed(.members) }
      guard member.identityKey.count == identityKeyByteCount else { throw .malformed(.identityKey) }
    }
    for (earlier, later) in zip(members, members.dropFirst()) {
      guard earlier.node < later.node else { throw .malformed(.members) }
    }
    guard Set(members.map(\.identityKey)).count == members.count else { throw .malformed(.identityKey) }
  }
}
