/// Where nodes and users of one machine keep what makers say of their platforms.
public enum VendorFolder {
  /// The folder `collateral` beside a registry's file.
  public static func path(besideRegistry file: String) -> String {
    var parts = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    parts.append("collateral")
    return parts.joined(separator: "/")
  }
}
