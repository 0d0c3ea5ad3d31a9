public import Curves
public import Identifiers
public import Secrets
internal import Transcripts

/// What stands in front of an encrypted file: whose key it was encrypted to, under which policy, and the data key only
/// that network can open.
///
/// `tag ‖ lp(network id) ‖ lp(key certificate digest) ‖ lp(policy) ‖ lp(data key hash) ‖ lp(encapsulated key)
/// ‖ lp(nonce prefix)` with the tag of ``Domain/fileHeader``, which is also the format's magic and version.
public struct FileHeader: Sendable, Hashable {
  public static let maximumPolicyByteCount = 16 << 10
  public static let dataKeyByteCount = 32
  static let noncePrefixByteCount = 7
  static let encapsulatedKeyByteCount = 115
  static let magic = Domain.fileHeader.bytes

  public let network: NetworkID
  /// Of the key certificate whose encryption key was used.
  public let certificateDigest: Digest32
  /// The exact bytes the network's nodes will parse, evaluate and hash.
  public let policy: [UInt8]
  public let dataKeyHash: Digest32
  public let encapsulatedKey: IdentityCiphertext
  let noncePrefix: [UInt8]
  /// The first bytes of the file.
  public let encoded: [UInt8]

  /// Encrypts `dataKey`, 32 fresh random bytes, to the policy.
  init(
    encapsulating dataKey: borrowing SecretBytes, policy: [UInt8], network: NetworkID, certificateDigest: Digest32,
    publicKey: BLS12381G1.Element, from random: inout some RandomSource
  ) throws(EncryptedFileError) {
    guard policy.count <= Self.maximumPolicyByteCount else { throw .policyTooLong }
    let dataKeyHash = Self.hash(of: dataKey)
    let identity = PolicyIdentity.bytes(policy: policy, dataKeyHash: dataKeyHash)
    guard let encapsulated = try? IdentityEncryption.encrypt(dataKey, to: identity, under: publicKey, from: &random)
    else { throw .noPublicKey }
    self.init(
      network: network, certificateDigest: certificateDigest, policy: policy, dataKeyHash: dataKeyHash,
      encapsulatedKey: encapsulated, noncePrefix: random.bytes(Self.noncePrefixByteCount))
  }

  init(
    network: NetworkID, certificateDigest: Digest32, policy: [UInt8], dataKeyHash: Digest32,
    encapsulatedKey: IdentityCiphertext, noncePrefix: [UInt8]
  ) {
    self.network = network
    self.certificateDigest = certificateDigest
    self.policy = policy
    self.dataKeyHash = dataKeyHash
    self.encapsulatedKey = encapsulatedKey
    self.noncePrefix = noncePrefix
    encoded = TaggedHash.encoding(
      .fileHeader,
      [network.bytes, certificateDigest.bytes, policy, dataKeyHash.bytes, encapsulatedKey.encoded, noncePrefix])
  }

  /// The identity whose key opens the file.
  public var identity: [UInt8] { PolicyIdentity.bytes(policy: policy, dataKeyHash: dataKeyHash) }

  /// - Parameter key: the network's signature of ``identity``, combined from shares.
  public func openDataKey(with key: BLS12381G2.Element) throws(EncryptedFileError) -> SecretBytes {
    guard let dataKey = try? IdentityEncryption.open(encapsulatedKey, with: key) else { throw .wrongKey }
    guard isDataKey(dataKey) else { throw .wrongKey }
    return dataKey
  }

  func isDataKey(_ dataKey: borrowing SecretBytes) -> Bool {
    dataKey.count == Self.dataKeyByteCount && Self.hash(of: dataKey) == dataKeyHash
  }

  /// Public: a fresh random key cannot be guessed from its hash.
  private static func hash(of dataKey: borrowing SecretBytes) -> Digest32 {
    Digest32(unchecked: SecretDigest.sha256(dataKey).publicBytes())
  }
}
