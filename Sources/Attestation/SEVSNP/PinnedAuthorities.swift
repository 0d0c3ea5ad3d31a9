import Foundation

extension AMDAuthority {
  /// AMD's own, for every product that has SEV-SNP.
  public static let pinned: [AMDAuthority] = [
    pinned(.milan, milan), pinned(.genoa, genoa), pinned(.turin, turin),
  ].compactMap(\.self)

  private static func pinned(
    _ product: SNPProduct, _ certificates: (root: String, chips: String, providers: String)
  ) -> AMDAuthority? {
    guard let root = Data(base64Encoded: certificates.root), let chips = Data(base64Encoded: certificates.chips),
      let providers = Data(base64Encoded: certificates.providers)
    else { return nil }
    return try? AMDAuthority(product: product, root: Array(root), chips: Array(chips), providers: Array(providers))
  }
}
