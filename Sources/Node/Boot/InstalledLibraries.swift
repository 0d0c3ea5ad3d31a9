public import Actions
internal import Foundation
internal import Identifiers
internal import Transcripts

/// Libraries for actions that `scripts/setup` put on this machine, by name and hash.
public enum InstalledLibraries {
  public static let folder = "/usr/local/lib/quorate/libraries"
  /// The digests of the files, as `scripts/install-…` pins them.
  static let pinned = [
    "ethers-5.7.2.js": "84513dae02eb31da170e7f28e4caf1dd910f5b40b634dd6928fe43555cf18cab"
  ]
  private static let limit = 4 << 20

  /// Those that are there as pinned. A file that is another one is left out: nodes with different libraries would not
  /// agree on what an action does.
  ///
  /// - Parameter folder: where they are looked for.
  public static func find(in folder: String = folder) -> [ActionLibrary] {
    pinned.sorted { $0.key < $1.key }.compactMap { name, digest in
      guard let handle = FileHandle(forReadingAtPath: "\(folder)/\(name)"),
        let bytes = try? handle.read(upToCount: limit), Digest32.sha256(of: bytes).text == digest,
        let source = String(validating: bytes, as: UTF8.self)
      else { return nil }
      return ActionLibrary(name: name, source: source)
    }
  }
}
