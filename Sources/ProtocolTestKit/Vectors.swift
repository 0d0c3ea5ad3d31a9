public import Foundation

/// Test vectors of others, which lie beside the package and not in it.
///
/// They are looked for in the directory named by `QUORATE_VECTORS`, else in `../shared/vectors` next to the package. A
/// test that needs them is declared with `.enabled(if: Vectors.arePresent)`; a missing directory is said once, loudly.
public enum Vectors {
  /// The directory, or nil after a notice on standard error.
  public static let directory: URL? = {
    let directory = chosenDirectory()
    if FileManager.default.fileExists(atPath: directory.path) { return directory }
    let notice = "NOTICE: no test vectors at \(directory.path); tests that need them are SKIPPED.\n"
    FileHandle.standardError.write(Data(notice.utf8))
    return nil
  }()

  public static var arePresent: Bool { directory != nil }

  /// Where one file is: `Vectors.url("frost/frost-ed25519-sha512.json")`.
  ///
  /// - Throws: ``VectorError/absent(_:)`` when there are no vectors, or none of that name.
  public static func url(_ path: String) throws(VectorError) -> URL {
    guard let directory else { throw .absent(path) }
    let url = directory.appendingPathComponent(path)
    guard FileManager.default.fileExists(atPath: url.path) else { throw .absent(path) }
    return url
  }

  public static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: url(path)))
  }

  public static func json<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: url(path)))
  }

  private static func chosenDirectory() -> URL {
    if let named = ProcessInfo.processInfo.environment["QUORATE_VECTORS"], !named.isEmpty {
      return URL(fileURLWithPath: named, isDirectory: true)
    }
    let package = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return package.deletingLastPathComponent().appendingPathComponent("shared/vectors", isDirectory: true)
  }
}

public enum VectorError: Error, Sendable, Hashable {
  case absent(String)
}
