import Foundation

/// What the kernel says of a process, in /proc.
struct ProcessFacts: Sendable {
  let pid: Int32

  /// The only child of a process.
  init?(childOf parent: Int32) {
    guard let children = Self.text("/proc/\(parent)/task/\(parent)/children"),
      let child = Int32(children.split(separator: " ").first ?? "")
    else { return nil }
    pid = child
  }

  struct Mount: Sendable, Hashable {
    var path: String
    var isReadOnly: Bool
  }

  func status(_ name: String) -> String? {
    Self.text("/proc/\(pid)/status")?.split(separator: "\n").first { $0.hasPrefix(name + ":") }?
      .split(separator: "\t").last.map(String.init)
  }

  /// The hard limit; nil when there is none.
  func limit(_ name: String) -> Int? {
    guard let line = Self.text("/proc/\(pid)/limits")?.split(separator: "\n").first(where: { $0.hasPrefix(name) })
    else { return nil }
    let values = line.dropFirst(name.count).split(separator: " ")
    return values.count > 1 ? Int(values[1]) : nil
  }

  func sharesNamespace(_ name: String) -> Bool {
    let link = { (process: String) in
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/ns/\(name)")
    }
    guard let theirs = link(String(pid)), let ours = link("self") else { return true }
    return theirs == ours
  }

  var mounts: [Mount]? {
    Self.text("/proc/\(pid)/mountinfo")?.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count > 5 else { return nil }
      return Mount(path: String(fields[4]), isReadOnly: fields[5].split(separator: ",").contains("ro"))
    }
  }

  private static func text(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}
