import ArgumentParser
import Attestation
import Identifiers
import Membership

struct PolicyProposeCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "propose", abstract: "Propose other code, or other requirements of evidence, for the stakers to sign.",
    discussion: """
      Code (--allow, --forbid) and what else is asked (--requirements, --kind, --minimum-stake) are two changes, each \
      with a proposal of its own. What is not named stays as it is; --requirements replaces all of them. Then: \
      quorate network approve, quorate network enact.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions

  @Option(help: "Code that may run from then on, as KIND=MEASUREMENT; may be given again.")
  var allow: [String] = []

  @Option(help: "Code that may no longer run, as KIND=MEASUREMENT; may be given again.")
  var forbid: [String] = []

  @Option(help: "A file with the members platforms, snp, tdx and nitro of a policy file.")
  var requirements: String?

  @Option(help: "A kind of evidence that counts from then on; may be given again. Others no longer do.")
  var kind: [String] = []

  @Option(help: "The stake below which a member is not spoken to.")
  var minimumStake: UInt64?

  @Option(help: "Where to write the proposal.")
  var out: String

  func run(_ console: Console) async throws {
    let network = try await networkOptions.open(common.homeFolder)
    network.warn(console)
    let text = try network.propose(change(of: network.snapshot()), to: out)
    console.result(text.json) { "\(text.ballot.proposal.approvalText)\n\n\(text.next(out))" }
  }

  func change(of snapshot: MembershipSnapshot) throws(CommandFailure) -> RegistryChange {
    let changesCode = !(allow.isEmpty && forbid.isEmpty)
    let changesPolicy = requirements != nil || !kind.isEmpty || minimumStake != nil
    switch (changesCode, changesPolicy) {
    case (true, false): return .measurements(try measurements(snapshot))
    case (false, true):
      return .policy(
        evidenceKinds: kind.isEmpty ? snapshot.evidenceKinds : kind,
        minimumStake: minimumStake ?? snapshot.minimumStake, requirements: try requirements.map(Self.read))
    case (false, false):
      throw CommandFailure(.badInput, "nothing is proposed", advice: "for example --allow sev-snp=<96 hex digits>")
    case (true, true):
      throw CommandFailure(.badInput, "code and requirements are two changes", advice: "make a proposal of each")
    }
  }

  private func measurements(_ snapshot: MembershipSnapshot) throws(CommandFailure) -> [String: Set<[UInt8]>] {
    var measurements = snapshot.measurements
    for text in forbid {
      let (kind, value) = try Self.measurement(text)
      guard measurements[kind]?.remove(value) != nil else {
        throw CommandFailure(.notFound, "\(text) is not on the list", advice: "quorate policy show")
      }
    }
    for text in allow {
      let (kind, value) = try Self.measurement(text)
      measurements[kind, default: []].insert(value)
    }
    return measurements
  }

  private static func measurement(_ text: String) throws(CommandFailure) -> (kind: String, value: [UInt8]) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let kind = try? EvidenceKind(text: parts[0]),
      let measurement = try? Measurement(text: parts[1])
    else {
      throw CommandFailure(
        .badInput, "\(text) is not KIND=MEASUREMENT", advice: "for example sev-snp=<96 hex digits, lower case>")
    }
    return (kind.text, measurement.bytes)
  }

  private static func read(_ path: String) throws(CommandFailure) -> EvidenceRequirements {
    let bytes = try PrivateFile.read(path, maximum: 1 << 20)
    do {
      return try EvidenceRequirements(JSONValue(parsing: bytes, limit: 1 << 20))
    } catch {
      throw CommandFailure(.badInput, "\(path): \(error)", advice: "docs/attestation.md lists the members")
    }
  }
}
