import Crypto
import Curves
import Secrets

/// The hashes of the suites over Curve25519: SHA-512, read as a little-endian integer modulo the order
/// (RFC 9591 sections 6.1 and 6.2).
enum SchnorrSHA512 {
  static func digest(_ prefix: [UInt8], _ message: [UInt8]) -> [UInt8] {
    Array(SHA512.hash(data: prefix + message))
  }

  static func scalar<Group: PrimeOrderGroup>(
    _ prefix: [UInt8], _ message: [UInt8], in group: Group.Type
  ) -> Group.Scalar {
    Group.scalar(reducingHash: digest(prefix, message))
  }

  static func secretScalar<Group: PrimeOrderGroup>(
    _ prefix: [UInt8], _ input: borrowing SecretBytes, in group: Group.Type
  ) -> SecretScalar<Group> {
    SecretScalar.reducing(SecretDigest.sha512(SecretDigest.joined(prefix, input, [])))
  }
}
