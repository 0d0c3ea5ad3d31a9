internal import CSecp256k1
public import Curves
public import Identifiers
public import Secrets

/// A user's or a staker's wallet key. Never a share of a network key.
public final class EthereumSigningKey: Sendable {
  public static let secretByteCount = 32

  public let publicKey: Secp256k1.Element
  public let address: WalletAddress
  private let secretKey: SecretBytes

  /// - Parameter secret: 32 big-endian bytes from 1 to the group order less one.
  public init(secret: borrowing SecretBytes) throws(SignatureError) {
    guard secret.count == Self.secretByteCount else {
      throw .wrongLength(expected: Self.secretByteCount, actual: secret.count)
    }
    guard let scalar = try? SecretScalar<Secp256k1>(canonicalBytes: secret) else { throw .outOfRange }
    publicKey = scalar.timesGenerator()
    guard !publicKey.isIdentity else { throw .outOfRange }
    address = try WalletAddress(publicKey: publicKey)
    secretKey = secret.clone()
  }

  public convenience init(from random: inout some RandomSource) throws(SignatureError) {
    try self.init(secret: SecretScalar<Secp256k1>.random(from: &random).canonicalBytes())
  }

  /// r ‖ s ‖ v with low s; the nonce is that of RFC 6979.
  public func sign(_ digest: Digest32) throws(SignatureError) -> [UInt8] {
    var signature = secp256k1_ecdsa_recoverable_signature()
    var compact = [UInt8](repeating: 0, count: EthereumSignature.byteCount - 1)
    var recoveryID: Int32 = 0
    let isSigned = unsafe Secp256k1Context.use { context in
      unsafe secretKey.withUnsafePointer { secretKey in
        unsafe secp256k1_ecdsa_sign_recoverable(
          context, &signature, digest.bytes, secretKey.assumingMemoryBound(to: UInt8.self), nil, nil) == 1
          && secp256k1_ecdsa_recoverable_signature_serialize_compact(context, &compact, &recoveryID, &signature) == 1
      }
    }
    // Ids 2 and 3 are for an r beyond the order, which happens with probability 2⁻¹²⁸.
    guard isSigned, recoveryID == 0 || recoveryID == 1 else { throw .noSigner }
    return compact + [27 + UInt8(recoveryID)]
  }

  /// Signs as `personal_sign` does.
  public func signMessage(_ message: [UInt8]) throws(SignatureError) -> [UInt8] {
    try sign(EIP191.digest(message))
  }

  /// For sealed storage; nothing else needs it.
  public func secret() -> SecretBytes { secretKey.clone() }
}
