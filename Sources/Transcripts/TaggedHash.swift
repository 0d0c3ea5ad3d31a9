import Crypto
public import Identifiers

/// The one way this project builds the input of a hash, signature, key derivation or commitment.
public enum TaggedHash {
  /// `tag ‖ lp(field) ‖ …` with `lp(x)` = u32 big-endian length ‖ bytes; an integer is a field of its 8
  /// big-endian bytes.
  public static func encoding(_ domain: Domain, _ fields: [[UInt8]]) -> [UInt8] {
    var writer = ByteWriter()
    writer.raw(domain.bytes)
    for field in fields { writer.lp(field) }
    return writer.bytes
  }

  /// SHA-256 over ``encoding(_:_:)``.
  public static func sha256(_ domain: Domain, _ fields: [[UInt8]]) -> Digest32 {
    Digest32(hash: SHA256.hash(data: encoding(domain, fields)))
  }

  /// SHA-512 over ``encoding(_:_:)``, 64 bytes.
  public static func sha512(_ domain: Domain, _ fields: [[UInt8]]) -> [UInt8] {
    Array(SHA512.hash(data: encoding(domain, fields)))
  }
}

extension Identifier where Kind == Digest32Kind {
  /// The plain SHA-256 of public bytes whose meaning their own format fixes, such as a file or a policy.
  public static func sha256(of bytes: some Sequence<UInt8>) -> Digest32 {
    Digest32(hash: SHA256.hash(data: Array(bytes)))
  }

  init(hash: SHA256.Digest) {
    self.init(unchecked: Array(hash))
  }
}
