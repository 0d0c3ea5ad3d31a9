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

    @Option(
      help: """
        What Intel says of platforms (JSON), the certificate of an AMD key (DER or PEM), or AMD's revocation list (DER).
        """)
    var collateral: String?

    @Option(help: "What the evidence has to say, as JSON; see docs/attestation.md.")
    var policy: String?

    @Option(help: "Judge as of this time, such as 2026-01-31T12:00:00Z. (default: now)")
    var at: String?

    func run(_ console: Console) async throws {
      let time = try time()
      let reading: EvidenceReading
      do {
        reading = try EvidenceReading(
          file: PrivateFile.read(file, maximum: 1 << 20),
          collateral: collateral.map { try PrivateFile.read($0, maximum: 1 << 20) },
          policy: policy.map { try EvidencePolicyFile(json: PrivateFile.read($0, maximum: 1 << 20)) }, at: time)
      } catch let error as EvidencePolicyFileError {
        throw CommandFailure(.badInput, "\(policy ?? ""): \(error)", advice: "docs/attestation.md lists the members")
      } catch let error as EvidenceReadingError {
        throw CommandFailure(.badInput, "\(error)")
      }
      console.result(reading.json) { reading.lines.joined(separator: "\n") }
      guard reading.isAccepted else { throw ExitCode(CommandFailure(.notValid, "").exitCode) }
    }

    private func time() throws(CommandFailure) -> Timestamp {
      guard let at else { return SystemClock().wall }
      do {
        return try Timestamp(text: at)
      } catch {
        throw CommandFailure(.badInput, "\(at) is not a time", advice: "write it as 2026-01-31T12:00:00Z")
      }
    }
  }
}
