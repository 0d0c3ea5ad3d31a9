public import Curves
import Identifiers
public import SecretSharing
public import Signatures

/// One signer's two nonce commitments (RFC 9591 section 5.1). Neither is the identity.
public struct SigningCommitments<S: SchnorrCiphersuite>: Sendable, Hashable {
  public let party: PartyID
  /// `D`, the commitment to the hiding nonce.
  public let hiding: S.Group.Element
  /// `E`, the commitment to the binding nonce.
  public let binding: S.Group.Element

  /// - Throws: ``SigningInputError/identityCommitment(_:)``.
  public init(
    party: PartyID, hiding: S.Group.Element, binding: S.Group.Element
  ) throws(SigningInputError) {
    guard !hiding.isIdentity, !binding.isIdentity else { throw .identityCommitment(party) }
    self.party = party
    self.hiding = hiding
    self.binding = binding
  }

  /// Size of ``encoded``.
  public static var encodedByteCount: Int { 2 * S.Group.elementByteCount }

  /// `D ‖ E`, each in the group's canonical encoding; who sent it is known from the channel.
  public var encoded: [UInt8] { hiding.canonicalBytes + binding.canonicalBytes }

  /// - Throws: ``SigningInputError/malformedCommitment(_:)`` unless it is two canonical elements, neither the identity.
  public init(party: PartyID, encoded: [UInt8]) throws(SigningInputError) {
    let size = S.Group.elementByteCount
    guard encoded.count == Self.encodedByteCount,
      let hiding = try? S.Group.Element(canonicalBytes: encoded.prefix(size)),
      let binding = try? S.Group.Element(canonicalBytes: encoded.dropFirst(size))
    else { throw .malformedCommitment(party) }
    try self.init(party: party, hiding: hiding, binding: binding)
  }
}
