public import Curves
public import Identifiers
import Transcripts

/// How a user's key follows from the roots of its purpose: `X = Σ hⁱ·Xᵢ` with `h = hash_to_field(key id)`.
public enum KeyDerivation {
  /// The weights `h⁰ … h^(rootCount − 1)` of a purpose's roots, and of each member's root shares.
  ///
  /// - Throws: ``KeyDerivationError/notASigningPurpose``: the encryption key is not derived.
  public static func weights<G: PrimeOrderGroup>(
    _ keyID: KeyID, _ purpose: KeyPurpose, in group: G.Type
  ) throws(KeyDerivationError) -> [G.Scalar] {
    guard purpose.isSigning else { throw .notASigningPurpose }
    guard purpose.group == group else { throw .wrongGroup }
    let h = tweak(keyID.bytes, domain: domain(of: purpose), in: group)
    return powers(of: h, count: purpose.rootCount)
  }

  /// RFC 9380 `hash_to_field` of an identifier under a domain separation tag.
  static func tweak<G: PrimeOrderGroup>(_ identifier: [UInt8], domain: [UInt8], in group: G.Type) -> G.Scalar {
    G.hashToScalar(identifier, domain: domain)
  }

  /// The domain separation tag of a purpose: the tag of derivations followed by `lp(purpose name)`.
  static func domain(of purpose: KeyPurpose) -> [UInt8] {
    TaggedHash.encoding(.keyDerivation, [Array(purpose.rawValue.utf8)])
  }

  static func powers<Scalar: GroupScalar>(of base: Scalar, count: Int) -> [Scalar] {
    var powers: [Scalar] = []
    var power = Scalar.one
    for _ in 0..<count {
      powers.append(power)
      power = power * base
    }
    return powers
  }

  /// `Σ weightᵢ·rootᵢ`; the same function for root keys and for members' verifying shares.
  ///
  /// The first weight is always one, which saves its multiplication.
  static func combine<Element: GroupElement>(_ roots: [Element], weights: [Element.Scalar]) -> Element {
    let weighted = zip(weights, roots).filter { $0.0 != .one }
    let unweighted = zip(weights, roots).filter { $0.0 == .one }
    return unweighted.reduce(.linearCombination(weighted.map { ($0, $1) })) { $0 + $1.1 }
  }
}

/// Why a public key cannot be derived.
public enum KeyDerivationError: Error, Sendable, Hashable {
  /// Users get no derived keys of this purpose.
  case notASigningPurpose
  /// The purpose's keys live in another group.
  case wrongGroup
  /// The derived key is the group's identity, under which anybody could sign.
  case identityKey
  /// Not a member's x-coordinate.
  case unknownParty
}

extension Identifier where Kind == KeyIDKind {
  /// `SHA-256("quorate/key/v1" ‖ lp(network) ‖ lp(purpose) ‖ lp(owner) ‖ lp(salt))`.
  public static func derive(
    network: NetworkID, purpose: KeyPurpose, owner: WalletAddress, salt: [UInt8]
  ) -> KeyID {
    KeyID(TaggedHash.sha256(.key, [network.bytes, Array(purpose.rawValue.utf8), owner.bytes, salt]))
  }
}
