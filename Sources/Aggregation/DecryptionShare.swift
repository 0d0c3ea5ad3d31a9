public import Curves
import IdentityEncryption
public import SecretSharing

/// One member's part of an identity's decryption key: a point of G2.
public struct DecryptionShare: Sendable, Hashable {
  public let party: PartyID
  public let value: BLS12381G2.Element

  public init(party: PartyID, value: BLS12381G2.Element) {
    self.party = party
    self.value = value
  }

  /// The point of G2 that each member multiplies by its share.
  public static func point(of identity: [UInt8]) -> BLS12381G2.Element { IdentityEncryption.point(of: identity) }

  /// 96 bytes, compressed.
  public var encoded: [UInt8] { value.canonicalBytes }

  /// - Throws: ``DecryptionFailure/malformedShare(_:)`` unless it is the canonical encoding of a point of the prime-order
  ///   subgroup other than the identity.
  public init(party: PartyID, encoded: [UInt8]) throws(DecryptionFailure) {
    guard let value = try? BLS12381G2.Element(canonicalBytes: encoded) else { throw .malformedShare(party) }
    self.init(party: party, value: value)
  }
}
