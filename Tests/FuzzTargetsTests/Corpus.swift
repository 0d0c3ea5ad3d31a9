import Foundation
import FuzzTargets

/// The committed seeds, and the inputs that once broke something.
struct Corpus {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fuzz/corpus", isDirectory: true)

  static func files(of target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
    let folder = folder.appendingPathComponent(target.name, isDirectory: true)
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .map { ($0.lastPathComponent, [UInt8](try Data(contentsOf: $0))) }
  }

  static func write(_ seeds: [String: [[UInt8]]]) throws {
    for (target, inputs) in seeds {
      let folder = folder.appendingPathComponent(target, isDirectory: true)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for (place, bytes) in inputs.enumerated() {
        try Data(bytes).write(to: folder.appendingPathComponent("seed-\(place + 1)"))
      }
    }
  }
}
