import ArgumentParser
import Attestation
import Foundation
import Identifiers
import Membership
import Wire

struct PolicyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "What the network asks of evidence.",
    subcommands: [Show.self, Check.self, PolicyProposeCommand.self])

  struct Show: ConsoleCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what evidence has to say to count in the network.",
      discussion: "With --json it is a policy file, as `quorate evidence verify --policy` reads it.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions

    func run(_ console: Console) async throws {
      let network = try await networkOptions.open(common.homeFolder)
      network.warn(console)
      let snapshot = try network.snapshot()
      console.result(snapshot.evidencePolicy.json) { PolicyText(snapshot).lines.joined(separator: "\n") }
    }
  }

  struct Check: ConsoleCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check evidence in a file by the network's policy, every check a line.",
      discussion: """
        FILE is what `quorate evidence verify` takes. A node's certificate also has to be of this network. What makers \
        say of their platforms is in --collateral or in the folder `collateral` beside the registry. Nothing is \
        fetched. Exit status 1 when it is refused.
        """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions
    @OptionGroup var judging: JudgingOptions

    @Argument(help: "The evidence; - for standard input.")
    var file: String

    func run(_ console: Console) async throws {
      let network = try await networkOptions.open(common.homeFolder)
      network.warn(console)
      let reading = try judging.read(
        file, policy: try network.snapshot().evidencePolicy, knowledge: network.vendorFiles.current.knowledge)
      let isOfNetwork = reading.network.map { $0 == network.id } ?? true
      console.result(json(reading, network, isOfNetwork)) {
        let own = reading.network.map { [isOfNetwork ? "of this network" : "of another network: \($0)"] } ?? []
        return (own + reading.checkLines + [reading.verdict]).joined(separator: "\n")
      }
      guard reading.isAccepted, isOfNetwork else { throw ExitCode(CommandFailure(.notValid, "").exitCode) }
    }

    private func json(_ reading: EvidenceReading, _ network: LocalNetwork, _ isOfNetwork: Bool) -> JSONValue {
      guard case .object(let members) = reading.json else { return reading.json }
      return .object(
        [JSONMember("network", .text(network.id)), JSONMember("ofNetwork", .bool(isOfNetwork))] + members)
    }
  }
}

/// How evidence in a file is judged.
struct JudgingOptions: ParsableArguments, Sendable {
  @Option(
    help: """
      What Intel says of platforms (JSON), the certificate of an AMD key (DER or PEM), or AMD's revocation list (DER).
      """)
  var collateral: String?

  @Option(help: "Judge as of this time, such as 2026-01-31T12:00:00Z. (default: now)")
  var at: String?

  func read(
    _ file: String, policy: EvidencePolicyFile?, knowledge: VendorKnowledge = VendorKnowledge()
  ) throws -> EvidenceReading {
    do {
      return try EvidenceReading(
        file: PrivateFile.read(file, maximum: 1 << 20),
        collateral: collateral.map { try PrivateFile.read($0, maximum: 1 << 20) }, policy: policy, knowledge: knowledge,
        at: try time())
    } catch let error as EvidenceReadingError {
      throw CommandFailure(.badInput, "\(error)")
    }
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

/// A network's policy for people.
struct PolicyText {
  private let snapshot: MembershipSnapshot

  init(_ snapshot: MembershipSnapshot) {
    self.snapshot = snapshot
  }

  var lines: [String] {
    [
      "network        \(snapshot.network)", "registry       update \(snapshot.number)",
      "minimum stake  \(minimumStake)",
    ] + kinds.flatMap(lines)
  }

  private var minimumStake: String {
    snapshot.chain == nil ? "\(snapshot.minimumStake)" : CoinAmount.text(gwei: snapshot.minimumStake)
  }

  private var kinds: [EvidenceKind] {
    snapshot.evidenceKinds.sorted().compactMap { try? EvidenceKind(text: $0) }
  }

  private func lines(_ kind: EvidenceKind) -> [String] {
    let measurements = (snapshot.measurements[kind.text] ?? []).map { Hex.encode($0) }.sorted()
    let rows =
      (measurements.isEmpty ? [["measurement", "none: no node of this kind counts"]] : [])
      + measurements.map { ["measurement", $0] } + snapshot.requirements.lines(for: kind).map { [$0.name, $0.text] }
    let title = kind == .software ? "\(kind)  – not a trusted execution environment" : kind.text
    return ["", title] + Columns.lines(rows).map { "  " + $0 }
  }
}
