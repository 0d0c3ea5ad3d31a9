public import Curves
public import IdentityEncryption
public import PublicKeys
public import SecretSharing
public import Secrets

/// The key that opens whatever was encrypted to one identity: a BLS signature of the identity by the network.
public struct DecryptionKey: Sendable, Hashable {
  /// Verified under the network's encryption key.
  public let value: BLS12381G2.Element
  /// Members whose shares were found wrong on the way; empty when nobody had to look.
  public let culprits: [PartyID]

  /// Combines any `t` good shares.
  ///
  /// The first `t` are added up and the sum is verified. Only if it is wrong, every share is verified on its own: the
  /// wrong ones are named, and any `t` good ones still give the key.
  ///
  /// - Parameter key: the certified encryption key of the network.
  /// - Throws: ``DecryptionFailure``.
  public init(
    combining shares: [DecryptionShare], identity: [UInt8], key: DerivedPublicKey<BLS12381G1>
  ) throws(DecryptionFailure) {
    let ordered = try DecryptionShare.distinct(shares, n: key.threshold.n)
    let t = key.threshold.t
    guard ordered.count >= t else { throw .tooFewShares(good: ordered.count, needed: t, culprits: []) }

    let point = DecryptionShare.point(of: identity)
    let first = try DecryptionShare.sum(ordered.prefix(t))
    if Self.verifies(first, point, under: key.publicKey) {
      self.init(value: first, culprits: [])
      return
    }

    let good = ordered.filter { share in
      guard let verifyingShare = try? key.verifyingShare(of: share.party) else { return false }
      return Self.verifies(share.value, point, under: verifyingShare)
    }
    let culprits = ordered.map(\.party).filter { party in !good.contains { $0.party == party } }
    guard good.count >= t else { throw .tooFewShares(good: good.count, needed: t, culprits: culprits) }
    let second = try DecryptionShare.sum(good.prefix(t))
    guard Self.verifies(second, point, under: key.publicKey) else { throw .inconsistent }
    self.init(value: second, culprits: culprits)
  }

  /// Opens what was encrypted to the identity this is the key of.
  ///
  /// - Throws: `IdentityEncryptionError.doesNotOpen` for a ciphertext to another identity or a changed one.
  public func open(_ ciphertext: IdentityCiphertext) throws(IdentityEncryptionError) -> SecretBytes {
    try IdentityEncryption.open(ciphertext, with: value)
  }

  private init(value: BLS12381G2.Element, culprits: [PartyID]) {
    self.value = value
    self.culprits = culprits
  }

  /// `e(B, share) = e(key, H(identity))`.
  private static func verifies(
    _ share: BLS12381G2.Element, _ point: BLS12381G2.Element, under key: BLS12381G1.Element
  ) -> Bool {
    BLS12381.pairingsEqual(BLS12381G1.generator, share, key, point)
  }
}

/// Why shares did not give a decryption key.
public enum DecryptionFailure: Error, Sendable, Hashable {
  case malformedShare(PartyID)
  case duplicateShare(PartyID)
  case unknownParty(PartyID)
  /// Fewer than `t` good shares; the wrong ones are named.
  case tooFewShares(good: Int, needed: Int, culprits: [PartyID])
  /// Good shares do not add up: the certificate's key and verifying shares contradict each other.
  case inconsistent

  /// Whom to blame.
  public var culprits: [PartyID] {
    switch self {
    case .malformedShare(let party): [party]
    case .tooFewShares(_, _, let culprits): culprits
    case .duplicateShare, .unknownParty, .inconsistent: []
    }
  }
}
