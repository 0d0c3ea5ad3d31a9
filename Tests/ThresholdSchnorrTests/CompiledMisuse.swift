import Foundation
import Testing

/// Swift source that uses the project's modules, and what the compiler says about it.
///
/// Lines that must not compile end in `// error: TEXT`; TEXT is part of the message expected for exactly that line.
struct CompiledMisuse {
  private let lines: [String]

  init(_ source: String) { lines = source.components(separatedBy: "\n") }

  /// Compares the compiler's errors with those asked for. Ownership is checked behind the type checker, so the whole
  /// front half of the compiler runs.
  func check() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("misuse-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("Misuse.swift")
    try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)

    let output = try run(
      "swiftc",
      ["-emit-sil", "-o", "/dev/null", "-swift-version", "6", "-parse-as-library", "-I", modules.path]
        + moduleMaps() + [file.path])
    var found: [Int: [String]] = [:]
    for line in output.components(separatedBy: "\n") {
      let parts = line.components(separatedBy: ": error: ")
      guard parts.count > 1 else { continue }
      let place = parts[0].components(separatedBy: ":")
      let isOurs = place.count >= 3 && place[0].hasSuffix("Misuse.swift")
      found[isOurs ? Int(place[1]) ?? 0 : 0, default: []].append(parts.dropFirst().joined(separator: ": error: "))
    }
    for (number, line) in lines.enumerated() {
      let errors = found.removeValue(forKey: number + 1) ?? []
      let wanted = line.components(separatedBy: "// error: ")
      if wanted.count > 1 {
        #expect(errors.contains { $0.contains(wanted[1]) }, "\(line): \(errors)")
      } else {
        #expect(errors.isEmpty, "\(line)")
      }
    }
    #expect(found.isEmpty, "\(output)")
  }

  private var package: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  }

  /// Where the build that this test belongs to left its modules.
  private var modules: URL { package.appendingPathComponent(".build/debug/Modules") }

  /// The C libraries behind the modules.
  private func moduleMaps() throws -> [String] {
    var flags: [String] = []
    for name in ["CBlst", "CSecp256k1", "CSodium", "CProcess"] {
      let folder = package.appendingPathComponent("Sources/\(name)").path
      flags += ["-Xcc", "-fmodule-map-file=\(folder)/module.modulemap", "-I", folder]
    }
    for name in ["libblst", "libsecp256k1", "libsodium"] {
      let words = try run("pkg-config", ["--cflags", name]).split(whereSeparator: \.isWhitespace)
      flags += words.flatMap { ["-Xcc", String($0)] }
    }
    return flags
  }

  private func run(_ tool: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }
}
