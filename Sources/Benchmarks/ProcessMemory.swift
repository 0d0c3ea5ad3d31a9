internal import Foundation

/// What processes take up, as the kernel says in /proc.
enum ProcessMemory {
  /// Pages in memory, each divided by how many processes share it, of all descendants of a process.
  ///
  /// - Returns: nil where the kernel does not let this process read it.
  static func proportionalBytes(ofChildrenOf process: Int32) -> Int? {
    var sum = 0
    for child in children(of: process) {
      guard let kilobytes = value("Pss", in: "/proc/\(child)/smaps_rollup"),
        let below = proportionalBytes(ofChildrenOf: child)
      else { return nil }
      sum += kilobytes * 1024 + below
    }
    return sum
  }

  /// Of this process: pages in memory.
  static var residentBytes: Int { (value("VmRSS", in: "/proc/self/status") ?? 0) * 1024 }

  /// Of this process: open descriptors.
  static var descriptorCount: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
  }

  /// Every thread has children of its own.
  private static func children(of process: Int32) -> [Int32] {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    return threads.flatMap { thread in
      text("/proc/\(process)/task/\(thread)/children").split(separator: " ").compactMap { Int32($0) }
    }
  }

  private static func value(_ name: String, in file: String) -> Int? {
    text(file).split(separator: "\n").first { $0.hasPrefix(name + ":") }
      .flatMap { line in line.split { $0 == " " || $0 == "\t" }.dropFirst().first }.flatMap { Int($0) }
  }

  private static func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
}
