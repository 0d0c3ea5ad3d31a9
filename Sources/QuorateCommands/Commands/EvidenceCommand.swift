import ArgumentParser
import Attestation
import Identifiers

struct EvidenceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence", abstract: "Evidence of trusted execution environments.", subcommands: [Verify.self])

  struct Verify: ConsoleCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check evidence in a file and show what it says.",
      discussion: """
        FILE is an SEV-SNP report (with the certificate of its key behind it, or in --collateral), a TDX quote, a Nitro \
        attestation document, evidence of the software attester, or a node's certificate with one of these in it. \
        Without --policy you learn whether it is genuine, and not whether its code and its machine are the ones you \
        mean. Nothing is fetched. Exit status 1 when it is refused.
        """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The evidence; - for standard input.")
    var file: String

    @OptionGroup var judging: JudgingOptions

    @Option(help: "What the evidence has to say, as JSON; see docs/attestation.md.")
    var policy: String?

    func run(_ console: Console) async throws {
      let judge: EvidencePolicyFile?
      do {
        judge = try policy.map { try EvidencePolicyFile(json: PrivateFile.read($0, maximum: 1 << 20)) }
      } catch let error as EvidencePolicyFileError {
        throw CommandFailure(.badInput, "\(policy ?? ""): \(error)", advice: "docs/attestation.md lists the members")
      }
      let reading = try judging.read(file, policy: judge)
      console.result(reading.json) { reading.lines.joined(separator: "\n") }
      guard reading.isAccepted else { throw ExitCode(CommandFailure(.notValid, "").exitCode) }
    }
  }
}
