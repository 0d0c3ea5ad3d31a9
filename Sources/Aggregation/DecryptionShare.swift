public import Curves
public import SecretSharing

/// One member's part of an identity's decryption key: a point of G2.
public struct DecryptionShare: Sendable, Hashable {
  /// Hash-to-curve domain separation tag of identities.
  public static let domain = Array("BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_".utf8)

  public let party: PartyID
  public let value: BLS12381G2.Element

  public init(party: PartyID, value: BLS12381G2.Element) {
    self.party = party
    self.value = value
  }

  /// 96 bytes, compressed.
  public var encoded: [UInt8] { value.canonicalBytes }

  /// - Throws: ``DecryptionFailure/malformedShare(_:)`` unless it is the canonical encoding of a point of the prime-order
  ///   subgroup other than the identity.
  public init(party: PartyID, encoded: [UInt8]) throws(DecryptionFailure) {
    guard let value = try? BLS12381G2.Element(canonicalBytes: encoded) else { throw .malformedShare(party) }
    self.init(party: party, value: value)
  }
}
