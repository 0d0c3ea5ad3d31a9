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
    do {
      return try Group.scalar(reducingWide: digest(prefix, message))
    } catch {
      preconditionFailure("SHA-512 gives the 64 bytes every group reduces")
    }
  }

  static func secretScalar<Group: PrimeOrderGroup>(
    _ prefix: [UInt8], _ input: borrowing SecretBytes, in group: Group.Type
  ) -> SecretScalar<Group> {
    let wide = SecretDigest.sha512(SecretDigest.joined(prefix, input, []))
    guard let scalar = SecretScalar<Group>(reducingWide: wide) else {
      preconditionFailure("SHA-512 gives the 64 bytes every group reduces")
    }
    return scalar
  }
}
