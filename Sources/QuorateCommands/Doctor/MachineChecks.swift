import Actions
import Foundation
import LoopbackPorts

/// The checks of `quorate doctor`; each looks at one thing and changes nothing.
struct MachineChecks: Sendable {
  let home: HomeFolder
  let installer: PackageInstaller
  /// Where the source tree is, when the command runs inside one.
  let sources: String

  func all() async -> [Finding] {
    var findings = [await swift(), await packageConfig()]
    for library in SystemLibrary.all { findings.append(await check(library)) }
    findings.append(contentsOf: [
      await openSSL(), await python(), await actions(), loopback(), openFiles(), temporaryFolder(), homeFolder(),
    ])
    return findings
  }

  private func swift() async -> Finding {
    let remedy = "install Swift 6.3 from https://www.swift.org/install"
    guard let text = await output("swift", ["--version"]) else {
      return Finding("Swift", .missing, "not found", remedy: remedy)
    }
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let place = words.firstIndex(of: "version"), words.indices.contains(place + 1) else {
      return Finding("Swift", .missing, "its version cannot be read", remedy: remedy)
    }
    let version = words[place + 1]
    return Version(version).isAtLeast(6, 3)
      ? Finding("Swift", .good, version) : Finding("Swift", .missing, "\(version) is too old", remedy: remedy)
  }

  private func packageConfig() async -> Finding {
    if let version = await output("pkg-config", ["--version"]) { return Finding("pkg-config", .good, version) }
    let remedy = installer.command(apt: "pkg-config", brew: "pkgconf")
    return Finding("pkg-config", .missing, "not found", remedy: remedy)
  }

  private func check(_ library: SystemLibrary) async -> Finding {
    if let version = await output("pkg-config", ["--modversion", library.package]) {
      return Finding(library.package, .good, version)
    }
    let remedy = library.apt.map { installer.command(apt: $0, brew: library.brew) } ?? "scripts/setup"
    return Finding(library.package, .missing, "pkg-config does not know it (\(library.purpose))", remedy: remedy)
  }

  private func openSSL() async -> Finding {
    if let version = await output("openssl", ["version"]) { return Finding("openssl", .good, version) }
    let remedy = installer.command(apt: "openssl", brew: "openssl@3")
    return Finding("openssl", .optional, "not found; the demo then skips one independent check", remedy: remedy)
  }

  private func python() async -> Finding {
    let interpreter = sources + "/.venv/bin/python"
    let program = "import cryptography, coincurve; print('cryptography', cryptography.__version__)"
    if let version = await output(interpreter, ["-c", program]) {
      return Finding("Python environment", .good, version)
    }
    return Finding(
      "Python environment", .optional, "no \(interpreter) with the pinned packages; independent checks are skipped",
      remedy: "scripts/setup")
  }

  /// A node that cannot run actions does everything else.
  private func actions() async -> Finding {
    do throws(SandboxProblem) {
      _ = try await SandboxProbe.examine()
      return Finding("actions", .good, "the sandbox is complete")
    } catch {
      return Finding(
        "actions", .optional, "no action runs here (\(error.part.rawValue)): \(error.detail)",
        remedy: Self.remedy(for: error.part, installer))
    }
  }

  static func remedy(for part: SandboxProblem.Part, _ installer: PackageInstaller) -> String {
    switch part {
    case .platform: "run nodes on Linux on x86-64"
    case .launcher: installer.command(apt: "bubblewrap", brew: "")
    case .runtime: "scripts/install-deno"
    case .userNamespace, .processNamespace, .networkNamespace, .otherNamespaces, .fileSystem:
      "allow user namespaces: sysctl kernel.unprivileged_userns_clone, and the container's profile"
    case .systemCallFilter, .privileges, .resourceLimits, .worker: "see docs/actions.md, The sandbox"
    }
  }

  private func loopback() -> Finding {
    guard let ports = try? FreePorts.find(10) else {
      return Finding(
        "loopback ports", .missing, "ten free ports on 127.0.0.1 were not found", remedy: "ss -ltn shows what listens")
    }
    return Finding("loopback ports", .good, "\(ports.count) free")
  }

  private func openFiles() -> Finding {
    var limit = rlimit()
    #if os(Linux)
      let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let kind = RLIMIT_NOFILE
    #endif
    guard unsafe getrlimit(kind, &limit) == 0 else {
      return Finding("open files", .optional, "the limit cannot be read")
    }
    let allowed = limit.rlim_cur
    return allowed >= 1024
      ? Finding("open files", .good, "up to \(allowed)")
      : Finding("open files", .missing, "at most \(allowed)", remedy: "ulimit -n 4096")
  }

  private func temporaryFolder() -> Finding {
    let folder = FileManager.default.temporaryDirectory.path
    return FileManager.default.isWritableFile(atPath: folder)
      ? Finding("temporary folder", .good, folder)
      : Finding(
        "temporary folder", .missing, "\(folder) cannot be written", remedy: "export TMPDIR=<a folder you may write to>"
      )
  }

  private func homeFolder() -> Finding {
    guard let others = PrivateFile.permissionsOfOthers(home.path) else {
      return Finding("home folder", .good, "\(home.path) (made on first use)")
    }
    return others == 0
      ? Finding("home folder", .good, home.path)
      : Finding("home folder", .missing, "\(home.path) can be entered by other users", remedy: "chmod 700 \(home.path)")
  }

  /// The trimmed output, or nil when the tool is missing or fails.
  private func output(_ tool: String, _ arguments: [String]) async -> String? {
    guard let path = ExternalTool.find(tool),
      let outcome = try? await ExternalTool.run(path, arguments), outcome.succeeded
    else { return nil }
    return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

struct SystemLibrary: Sendable {
  var package: String
  var purpose: String
  /// nil when no package has it and `scripts/setup` builds it.
  var apt: String?
  var brew: String

  static let all = [
    SystemLibrary(package: "libblst", purpose: "BLS12-381", apt: nil, brew: ""),
    SystemLibrary(package: "libsecp256k1", purpose: "secp256k1", apt: "libsecp256k1-dev", brew: "secp256k1"),
    SystemLibrary(
      package: "libsodium", purpose: "curve25519 groups and guarded memory", apt: "libsodium-dev", brew: "libsodium"),
    SystemLibrary(package: "sqlite3", purpose: "the nodes' vault", apt: "libsqlite3-dev", brew: "sqlite"),
  ]
}

/// The numbers at the beginning of a version.
struct Version: Sendable, Equatable {
  var major: Int
  var minor: Int

  init(_ text: String) {
    let parts = text.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
    major = parts.first ?? 0
    minor = parts.dropFirst().first ?? 0
  }

  func isAtLeast(_ major: Int, _ minor: Int) -> Bool {
    (self.major, self.minor) >= (major, minor)
  }
}
