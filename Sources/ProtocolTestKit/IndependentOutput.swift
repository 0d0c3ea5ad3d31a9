import Foundation

/// Outputs left for judges that are not this project's code; `scripts/check-independently` hands them over.
public enum IndependentOutput {
  /// Replaces what was left under this name.
  ///
  /// - Parameter records: JSON objects in the form that `Tests/Independent/verify_outputs.py` documents.
  public static func leave(_ records: [[String: any Sendable]], as name: String) throws {
    let package = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = package.appendingPathComponent(".build/independent", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let data = try JSONSerialization.data(withJSONObject: records, options: [.sortedKeys])
    try data.write(to: folder.appendingPathComponent(name + ".json"), options: .atomic)
  }
}
