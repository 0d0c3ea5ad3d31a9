import ArgumentParser
import Foundation
import Identifiers
import Wire

struct DoctorCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check this machine and say what is missing.")

  @OptionGroup var common: CommonOptions

  func run(_ console: Console) async throws {
    let checks = MachineChecks(
      home: common.homeFolder, installer: .detected(), sources: FileManager.default.currentDirectoryPath)
    let findings = await checks.all()
    let missing = findings.count { $0.status == .missing }
    for finding in findings { console.line(line(finding, console)) }
    console.result(
      .object([
        JSONMember("findings", .array(findings.map(\.json))), JSONMember("missing", JSONValue(missing)),
      ])
    ) {
      missing == 0
        ? "\nThis machine has what Quorate needs." : "\n\(missing) missing; run the commands above, or scripts/setup."
    }
    if missing > 0 { throw ExitCode(1) }
  }

  private func line(_ finding: Finding, _ console: Console) -> String {
    let mark =
      switch finding.status {
      case .good: console.styled("✓", .green)
      case .optional: console.styled("–", .yellow)
      case .missing: console.styled("✗", .red)
      }
    var text = "\(mark) \(finding.subject.padded(to: 20)) \(finding.detail)"
    if finding.status != .good, let remedy = finding.remedy {
      text += "\n    \(console.styled("→", .cyan)) \(remedy)"
    }
    return text
  }
}
