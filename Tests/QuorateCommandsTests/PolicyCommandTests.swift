import ArgumentParser
import Attestation
import Foundation
import Identifiers
import Membership
@testable import QuorateCommands
import Testing
import Transcripts
import Wire

/// What stakers and voters do about evidence, in a network of three stakers.
@Suite struct PolicyCommandTests {
  private let folder: TestFolder
  private let network: LocalNetwork
  private let layout: DevnetLayout

  init() async throws {
    folder = try TestFolder()
    network = try await foundedNetwork(in: folder)
    layout = DevnetLayout(folder: folder("network"))
  }

  /// - Returns: what it said, and why it failed.
  private func run(_ line: [String], format: OutputFormat = .text) async throws -> (text: String, error: (any Error)?) {
    let streams = CollectedStreams()
    let console = Console(format: format, traits: .plain, streams: streams)
    let command = try QuorateCommand.parseAsRoot(line + ["--network", network.file, "--home", folder("home")])
    let runnable = try #require(command as? any ConsoleCommand)
    do {
      try await runnable.run(console)
      return (streams.text(.output), nil)
    } catch {
      return (streams.text(.output), error)
    }
  }

  private func code(_ error: (any Error)?) -> CommandFailure.Code? { (error as? CommandFailure)?.code }

  private func approve(_ staker: Int, _ proposal: String) async throws -> (text: String, error: (any Error)?) {
    try await run(["network", "approve", proposal, "--wallet-file", layout.stakerWallet(staker), "--yes"])
  }

  private static let new = String(repeating: "08", count: 48)

  @Test func `a measurement is voted in by the stakers, one after the other`() async throws {
    let proposal = folder("proposal.json")
    let proposed = try await run(["policy", "propose", "--allow", "software=\(Self.new)", "--out", proposal])
    #expect(proposed.error == nil && proposed.text.contains("Kind: measurements") && proposed.text.contains(Self.new))
    #expect(code(try await run(["network", "enact", proposal]).error) == .refused)
    for staker in 1...2 {
      let signed = try await approve(staker, proposal)
      #expect(signed.error == nil && signed.text.contains("\(staker) of 3 signatures"))
    }
    #expect(code(try await run(["network", "enact", proposal]).error) == .refused)
    #expect(try network.snapshot().measurements["software"]?.count == 1)
    #expect(try await approve(3, proposal).text.contains("enter it: quorate network enact"))
    #expect(try await run(["network", "enact", proposal]).error == nil)
    #expect(try network.snapshot().measurements["software"]?.count == 2)
    #expect(try await run(["policy", "show"]).text.contains("measurement  \(Self.new)"))
    // Entered once; the same paper is worth nothing afterwards.
    #expect(code(try await run(["network", "enact", proposal]).error) == .notValid)
  }

  @Test func `whoever is no staker does not sign, and nobody signs what the registry has passed`() async throws {
    let proposal = folder("proposal.json")
    _ = try await run(["policy", "propose", "--allow", "software=\(Self.new)", "--out", proposal])
    _ = try WalletFile.create(at: folder("stranger.wallet"))
    let stranger = try await run(
      ["network", "approve", proposal, "--wallet-file", folder("stranger.wallet"), "--yes"])
    #expect(code(stranger.error) == .refused)
    let unasked = try await run(["network", "approve", proposal, "--wallet-file", layout.stakerWallet(1)])
    #expect(code(unasked.error) == .refused)
    #expect(try BallotText.read(proposal).signatures.isEmpty)
    let other = folder("other.json")
    _ = try await run(["policy", "propose", "--minimum-stake", "2", "--out", other])
    for staker in 1...3 { _ = try await approve(staker, other) }
    #expect(try await run(["network", "enact", other]).error == nil)
    #expect(code(try await approve(1, proposal).error) == .notValid)
  }

  @Test func `requirements are voted on in their one form, and others stay`() async throws {
    let (proposal, file) = (folder("proposal.json"), folder("requirements.json"))
    try PrivateFile.write(Array(#"{ "platforms": ["software:00ff", "software:00ff"] }"#.utf8), to: file)
    let proposed = try await run(["policy", "propose", "--requirements", file, "--out", proposal])
    #expect(proposed.error == nil)
    for staker in 1...3 { _ = try await approve(staker, proposal) }
    #expect(try await run(["network", "enact", proposal]).error == nil)
    let snapshot = try network.snapshot()
    #expect(snapshot.requirements.platforms == [try PlatformID(text: "software:00ff")])
    #expect(snapshot.evidenceKinds == ["software"] && snapshot.minimumStake == 1)
    #expect(try await run(["policy", "show"]).text.contains("software:00ff"))
  }

  @Test func `a proposal changes one thing, of what was founded`() async throws {
    let (out, file) = (folder("out.json"), folder("requirements.json"))
    try PrivateFile.write(Array(#"{"snp":{"debug":true}}"#.utf8), to: file)
    let cases: [([String], CommandFailure.Code)] = [
      ([], .badInput), (["--allow", "software"], .badInput), (["--allow", "software=\(Self.new)0"], .badInput),
      (["--forbid", "software=\(Self.new)"], .notFound),
      (["--allow", "software=\(Self.new)", "--minimum-stake", "2"], .badInput),
      (["--requirements", file], .badInput), (["--requirements", folder("nowhere")], .notFound),
      (["--kind", "sev-snp"], .networkNotTrusted), (["--allow", "tdx=\(Self.new)"], .networkNotTrusted),
    ]
    for (options, expected) in cases {
      #expect(code(try await run(["policy", "propose", "--out", out] + options).error) == expected, "\(options)")
    }
    #expect(!PrivateFile.exists(out))
  }

  @Test func `other changes of the registry are proposed as JSON`() async throws {
    let (proposal, body) = (folder("proposal.json"), folder("body.json"))
    try PrivateFile.write(Array(#"{"epoch":2}"#.utf8), to: body)
    #expect(try await run(["network", "propose", "--kind", "epoch", body, "--out", proposal]).error == nil)
    for staker in 1...3 { _ = try await approve(staker, proposal) }
    #expect(try await run(["network", "enact", proposal]).error == nil)
    #expect(try network.snapshot().epoch == 2)
    for kind in ["members", "keyRecord", "nonsense"] {
      let line = ["network", "propose", "--kind", kind, body, "--out", folder("other.json")]
      #expect(code(try await run(line).error) == .badInput, "\(kind)")
    }
  }

  private func evidence(_ byte: UInt8) async throws -> String {
    let pem = String(decoding: try PrivateFile.read(layout.node(1).credentials), as: UTF8.self)
    let attester = SoftwareAttester(
      credentials: try SoftwareCredentials(pem: pem),
      measurement: try Measurement(bytes: [UInt8](repeating: byte, count: Measurement.byteCount)))
    let path = folder("evidence-\(byte).bin")
    try PrivateFile.write(try await attester.evidence(over: ReportData(.live, [[1]])).data, to: path)
    return path
  }

  @Test func `evidence is checked by the network's policy, every check a line`() async throws {
    let good = try await run(["policy", "check", evidence(7)])
    #expect(good.error == nil)
    let lines = good.text.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasPrefix("measurement") && $0.hasSuffix("passed") })
    #expect(lines.contains { $0.hasPrefix("debug") && $0.hasSuffix("passed") })
    #expect(lines.last?.hasPrefix("accepted by this policy") == true)
    let bad = try await run(["policy", "check", evidence(8)])
    #expect((bad.error as? ExitCode)?.rawValue == 1)
    #expect(bad.text.contains("failed: \(Self.new) is not on the list"))
    #expect(bad.text.split(separator: "\n").last?.hasPrefix("refused") == true)
  }

  @Test func `evidence of another network is refused, with every failed check`() async throws {
    let other = try TestFolder()
    let foreign = try await foundedNetwork(in: other)
    let line = ["policy", "check", try await evidence(8), "--json", "--network", foreign.file]
    let streams = CollectedStreams()
    let command = try #require(try QuorateCommand.parseAsRoot(line) as? any ConsoleCommand)
    await #expect(throws: ExitCode.self) {
      try await command.run(Console(format: .json, traits: .plain, streams: streams))
    }
    let text = streams.text(.output)
    for check in ["endorsement", "measurement"] { #expect(text.contains(#"{"check":"\#(check)","state":"failed"}"#)) }
    #expect(text.contains(#"{"check":"report-signature","state":"passed"}"#))
  }

  @Test func `what show gives as JSON is a policy file`() async throws {
    let shown = try await run(["policy", "show"], format: .json)
    let file = folder("policy.json")
    try PrivateFile.write(Array(shown.text.utf8), to: file)
    let line = ["evidence", "verify", try await evidence(7), "--policy", file]
    let command = try #require(try QuorateCommand.parseAsRoot(line) as? any ConsoleCommand)
    try await command.run(Console(format: .text, traits: .plain, streams: CollectedStreams()))
  }
}
