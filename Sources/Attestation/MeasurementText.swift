import Crypto
import Foundation
import Identifiers

extension Measurement {
  /// 96 lower-case hex digits.
  public var text: String { Hex.encode(bytes) }
  public var description: String { text }

  public init(text: String) throws(EvidenceError) {
    guard let bytes = try? Hex.decode(text) else { throw .notHex }
    try self.init(bytes: bytes)
  }

  /// SHA-384 of a file, read in pieces. Takes as long as reading it; compute it once.
  /// - Throws: when the file cannot be read.
  public static func ofFile(at path: String) throws -> Measurement {
    let file = try FileHandle(forReadingFrom: URL(filePath: path))
    defer { try? file.close() }
    var hash = SHA384()
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
      hash.update(data: piece)
    }
    return try Measurement(bytes: Array(hash.finalize()))
  }

  /// The code of this process, as the kernel sees it, even when the file was replaced since it started.
  public static func ofRunningExecutable() throws -> Measurement {
    try ofFile(at: "/proc/self/exe")
  }
}
