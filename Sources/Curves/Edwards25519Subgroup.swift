internal import CSodium

/// Tells the canonical encodings of non-identity points of the prime-order subgroup from all other points.
enum Edwards25519Subgroup {
  static func contains(_ encoding: [UInt8]) -> Bool {
    libraryIsExact ? libraryAccepts(encoding) : isKilledByOrder(encoding)
  }

  /// libsodium before the fix of CVE-2025-69277 looks only at the x of ℓ·P and so accepts a point of the subgroup plus
  /// the point of order two. The library is asked about one such point, the generator with both coordinates negated.
  private static let libraryIsExact = !libraryAccepts([0x95] + [UInt8](repeating: 0x99, count: 31))

  private static func libraryAccepts(_ encoding: [UInt8]) -> Bool {
    unsafe crypto_core_ed25519_is_valid_point(encoding) == 1
  }

  /// ℓ·P = identity, at twice the price. The library writes no product for what is not canonical or of small order.
  static func isKilledByOrder(_ encoding: [UInt8]) -> Bool {
    var product = [UInt8](repeating: 0, count: 32)
    _ = unsafe crypto_scalarmult_ed25519_noclamp(&product, Scalar25519.order, encoding)
    return product == Edwards25519Element.identity.canonicalBytes
  }
}
