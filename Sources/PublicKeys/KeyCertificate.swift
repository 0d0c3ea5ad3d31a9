public import Curves
public import Identifiers
public import SecretSharing

/// A key certificate every member signed; the only source of root keys, derived keys and verifying shares.
///
/// Only ``UnverifiedKeyCertificate/verified(network:epoch:anchor:)`` makes one.
public struct KeyCertificate: Sendable {
  private let certificate: UnverifiedKeyCertificate
  private let roots: [KeyPurpose: any CertifiedRoots]

  /// - Throws: ``KeyCertificateError/malformed(_:)`` when a certified element is not a point of its group.
  init(verified certificate: UnverifiedKeyCertificate) throws(KeyCertificateError) {
    self.certificate = certificate
    let body = certificate.body
    var roots: [KeyPurpose: any CertifiedRoots] = [:]
    for purpose in KeyPurpose.allCases {
      roots[purpose] = try KeyCertificate.decode(body.roots[purpose] ?? [], body.threshold, in: purpose.group)
    }
    self.roots = roots
  }

  public var body: KeyCertificateBody { certificate.body }
  public var network: NetworkID { body.network }
  public var epoch: UInt64 { body.epoch }
  public var threshold: Threshold { body.threshold }
  public var members: [CertifiedMember] { body.members }
  public var digest: Digest32 { body.digest }

  /// The form it is stored and sent in; whoever reads it back verifies it again.
  public var encoded: [UInt8] { certificate.encoded }

  public func member(_ node: NodeID) -> CertifiedMember? { members.first { $0.node == node } }

  public func member(_ party: PartyID) -> CertifiedMember? { members.first { $0.party == party } }

  /// The public side of a user's signing key.
  ///
  /// - Throws: ``KeyDerivationError``; a key of another group than the purpose's cannot be asked for.
  public func derivedKey<S: CertifiedSchnorrSuite>(
    for suite: S.Type, keyID: KeyID
  ) throws(KeyDerivationError) -> DerivedPublicKey<S.Group> {
    try derivedKey(S.purpose, keyID: keyID, in: S.Group.self)
  }

  /// The public side of a user's signing key, for a purpose known only at run time.
  public func derivedKey<G: PrimeOrderGroup>(
    _ purpose: KeyPurpose, keyID: KeyID, in group: G.Type
  ) throws(KeyDerivationError) -> DerivedPublicKey<G> {
    guard purpose.isSigning else { throw .notASigningPurpose }
    guard let certified = roots[purpose] as? Roots<G> else { throw .wrongGroup }
    return try DerivedPublicKey(
      purpose, roots: certified.commitments, weights: KeyDerivation.weights(keyID, purpose, in: G.self),
      threshold: threshold)
  }

  /// The key everything in this network is encrypted to, with the verifying shares of decryption shares.
  public func encryptionKey() throws(KeyDerivationError) -> DerivedPublicKey<BLS12381G1> {
    guard let certified = roots[.bls12381IBE] as? Roots<BLS12381G1> else { throw .wrongGroup }
    return try DerivedPublicKey(
      .bls12381IBE, roots: certified.commitments, weights: [.one], threshold: threshold)
  }

  private static func decode<G: PrimeOrderGroup>(
    _ encoded: [[[UInt8]]], _ threshold: Threshold, in group: G.Type
  ) throws(KeyCertificateError) -> any CertifiedRoots {
    var commitments: [FeldmanCommitment<G>] = []
    for elements in encoded {
      guard let commitment = try? FeldmanCommitment<G>(encodedElements: elements, threshold) else {
        throw .malformed(.roots)
      }
      commitments.append(commitment)
    }
    return Roots(commitments: commitments)
  }
}

/// Roots of some group, so that one dictionary holds those of all purposes.
private protocol CertifiedRoots: Sendable {}

private struct Roots<G: PrimeOrderGroup>: CertifiedRoots {
  let commitments: [FeldmanCommitment<G>]
}
