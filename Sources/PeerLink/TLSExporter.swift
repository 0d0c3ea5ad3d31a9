import Crypto
import Foundation
import Secrets

/// The `tls-exporter` channel binding of RFC 9266: 32 bytes only the two ends of one TLS 1.3 connection know.
public struct TLSExporter: Sendable, Hashable {
  public static let byteCount = 32
  static let label = "EXPORTER-Channel-Binding"

  let bytes: [UInt8]

  /// - Returns: nil unless the secret has the length of SHA-256 or SHA-384, which are the hashes of TLS 1.3.
  init?(exporterSecret: borrowing SecretBytes) {
    switch exporterSecret.count {
    case SHA256.byteCount: bytes = Self.export(SHA256.self, exporterSecret)
    case SHA384.byteCount: bytes = Self.export(SHA384.self, exporterSecret)
    default: return nil
    }
  }

  /// RFC 8446 section 7.5 with an empty context.
  private static func export<Hash: HashFunction>(_ hash: Hash.Type, _ secret: borrowing SecretBytes) -> [UInt8] {
    let key = unsafe secret.withUnsafeBytes { unsafe SymmetricKey(data: $0) }
    let empty = Array(Hash.hash(data: [UInt8]()))
    let derived = expandLabel(hash, key, label, context: empty, count: Hash.Digest.byteCount)
    let exported = expandLabel(hash, derived, "exporter", context: empty, count: byteCount)
    return unsafe exported.withUnsafeBytes { unsafe Array($0) }
  }

  /// HKDF-Expand-Label of RFC 8446 section 7.1.
  private static func expandLabel<Hash: HashFunction>(
    _ hash: Hash.Type, _ key: SymmetricKey, _ label: String, context: [UInt8], count: Int
  ) -> SymmetricKey {
    let name = Array("tls13 ".utf8) + Array(label.utf8)
    let info =
      [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
      + [UInt8(truncatingIfNeeded: name.count)] + name
      + [UInt8(truncatingIfNeeded: context.count)] + context
    return HKDF<Hash>.expand(pseudoRandomKey: key, info: info, outputByteCount: count)
  }
}
