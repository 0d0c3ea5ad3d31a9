internal import Actions
public import Foundation
internal import Node

/// Measures every protocol beside the library operations it is made of, and a network as its users see it.
public enum Benchmark {
  public enum Part: String, CaseIterable, Sendable {
    case protocols, ecdsa, evidence, handshake, actions, chain, network
    /// Ten thousand actions, which take minutes.
    case soak

    /// What is measured when nothing is named.
    public static let usual = Set(allCases).subtracting([.soak])
  }

  /// Prints a table and what of it was to be reached, and writes the rows as JSON.
  ///
  /// - Parameter program: the `quorate` executable whose network is measured; nil measures the other parts only.
  public static func run(_ parts: Set<Part>, writingTo file: URL, network program: URL?) async throws {
    var rows: [Row] = []
    var targets: [Target] = []
    let sizes = [(3, 4), (4, 5), (5, 7), (7, 10)]
    if !parts.isDisjoint(with: [.protocols, .ecdsa]) {
      rows += ReferenceOperations.rows(sizes: sizes.map { $0.0 })
    }
    if parts.contains(.protocols) {
      for (t, n) in sizes { rows += try ProtocolRows.rows(t: t, n: n) }
    }
    if parts.contains(.ecdsa) {
      // No network has 2 of 3, where two thirds would sign; what two signers pay is what two of two pay.
      for (t, n) in [(2, 2)] + sizes + [(14, 20)] {
        let outcome = try ECDSARows.measure(t: t, n: n)
        rows += outcome.rows
        targets += outcome.targets
      }
    }
    if parts.contains(.evidence) {
      let outcome = try EvidenceRows.measure()
      rows += outcome.rows
      targets += outcome.targets
    }
    if parts.contains(.handshake) { rows += try await HandshakeRows.rows() }
    var notMeasured: [String] = []
    if !parts.isDisjoint(with: [.actions, .soak]) {
      let outcome = try await actions(parts)
      rows += outcome.rows
      targets += outcome.targets
      notMeasured += outcome.notMeasured
    }
    if parts.contains(.chain) { rows += try await ChainRows.rows() }
    if parts.contains(.chain), let program { rows += try await ChainLatencyRows.rows(program: program.path) }
    if parts.contains(.network), let program {
      let outcome = try await NetworkRows.measure(program: program.path)
      rows += outcome.rows
      targets += outcome.targets
    }
    print(Table.text(of: rows))
    print("\nTargets")
    for target in rows.compactMap({ $0.target(among: rows) }) + targets { print("  " + target.line) }
    if program == nil { notMeasured.append("the network, because there is no quorate executable beside this one") }
    for part in notMeasured { print("  not measured: " + part) }

    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try encoder.encode(rows).write(to: file, options: .atomic)
    print("\nwritten to \(file.relativePath)")
  }

  private static func actions(
    _ parts: Set<Part>
  ) async throws -> (rows: [Row], targets: [Target], notMeasured: [String]) {
    let sandbox: VerifiedSandbox
    do throws(SandboxProblem) {
      sandbox = try await SandboxProbe.examine()
    } catch {
      return ([], [], ["actions, because this machine has no sandbox for them: \(error.detail)"])
    }
    let machine = ActionMachine(sandbox: sandbox, libraries: InstalledLibraries.find())
    var all: (rows: [Row], targets: [Target], notMeasured: [String]) = ([], [], [])
    if parts.contains(.actions) {
      let outcome = try await ActionRows.measure(machine)
      all.rows += outcome.rows
      all.targets += outcome.targets
      if machine.libraries.isEmpty { all.notMeasured.append("workers with libraries, because none are installed") }
    }
    if parts.contains(.soak) {
      let outcome = try await ActionSoak.measure(machine)
      all.rows += outcome.rows
      all.targets += outcome.targets
    }
    return all
  }
}

enum BenchmarkFailure: Error {
  case keyGeneration
  case signing
  case network(String)
  case action(String)
  case chain(String)
  /// Published evidence that cannot be verified.
  case evidence(String)
}
