import ArgumentParser
import Foundation
import Identifiers
import Membership
import Signatures
import Wire

/// Changes of the registry that stakers vote on: proposed by anybody, signed one after the other, entered at the end.
struct BallotText {
  let ballot: RegistryBallot
  let snapshot: MembershipSnapshot

  init(_ ballot: RegistryBallot, _ network: LocalNetwork) throws(CommandFailure) {
    try network.requireFile()
    self.ballot = ballot
    snapshot = try network.snapshot()
    do throws(RegistryFault) {
      change = try snapshot.change(in: ballot)
    } catch {
      throw Self.failure(error)
    }
  }

  private let change: RegistryChange

  var needed: Int { snapshot.signers(of: change).needed }
  var allowed: Set<WalletAddress> { snapshot.signers(of: change).allowed }

  var json: JSONValue {
    .object([
      JSONMember("network", .text(ballot.proposal.network)), JSONMember("number", JSONValue(ballot.proposal.number)),
      JSONMember("kind", .string(ballot.proposal.kind.rawValue)), JSONMember("digest", .text(ballot.proposal.digest)),
      JSONMember("signatures", JSONValue(ballot.signatures.count)), JSONMember("needed", JSONValue(needed)),
    ])
  }

  /// How many signatures there are and what comes next.
  func next(_ path: String) -> String {
    let count = "\(ballot.signatures.count) of \(needed) signatures"
    return ballot.signatures.count < needed
      ? "\(count); the next signer: quorate network approve \(path)"
      : "\(count); enter it: quorate network enact \(path)"
  }

  static func read(_ path: String) throws(CommandFailure) -> RegistryBallot {
    do {
      return try RegistryBallot(decoding: PrivateFile.read(path))
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure(
        .badInput, "\(path) is not a proposal: \(error)", advice: "quorate network propose makes one")
    }
  }

  static func failure(_ fault: RegistryFault) -> CommandFailure {
    switch fault {
    case .wrongNumber, .brokenLink:
      CommandFailure(.notValid, "the registry has gone on since this was proposed", advice: "propose it anew")
    case .wrongNetwork: CommandFailure(.badInput, "this is a proposal to another network")
    default: .registry(.refused(fault), file: "the proposal")
    }
  }
}

extension LocalNetwork {
  /// Writes a proposal of this change to the present registry.
  func propose(_ change: RegistryChange, to path: String) throws(CommandFailure) -> BallotText {
    try requireFile()
    let ballot: RegistryBallot
    let snapshot = try snapshot()
    do throws(RegistryFault) {
      ballot = RegistryBallot(try snapshot.proposing(change))
    } catch {
      throw BallotText.failure(error)
    }
    try PrivateFile.write(ballot.encoded, to: path, overwriting: false)
    return try BallotText(ballot, self)
  }
}

struct ProposeCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "propose", abstract: "Propose a change of the registry for the stakers to sign.",
    discussion: """
      BODY is a file with the JSON of the change; docs/operating.md shows one of each kind. For what evidence has to \
      say, `quorate policy propose` writes it.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions

  @Option(help: "members, epoch, policy, measurements or keyCertificate.")
  var kind: String

  @Option(help: "Where to write the proposal.")
  var out: String

  @Argument(help: "The change, as JSON.")
  var body: String

  func run(_ console: Console) async throws {
    let network = try await networkOptions.open(common.homeFolder)
    network.warn(console)
    guard let kind = RegistryUpdateKind(rawValue: kind), kind.signers == .stakers else {
      throw CommandFailure(
        .badInput, "stakers sign no change of kind \(kind)", advice: "quorate network propose --help")
    }
    let change: RegistryChange
    do {
      change = try RegistryChange(kind: kind, body: PrivateFile.read(body), network: network.id)
    } catch let error as FormatError {
      throw CommandFailure(.badInput, "\(body) is not a change of kind \(kind.rawValue): \(error)")
    }
    let text = try network.propose(change, to: out)
    console.result(text.json) { "\(text.ballot.proposal.approvalText)\n\n\(text.next(out))" }
  }
}

struct ApproveCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Sign a proposed change as a staker, after seeing all of it.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var signer: SigningWalletOptions

  @Flag(help: "Sign without being asked.")
  var yes = false

  @Argument(help: "The proposal; the signature is added to it.")
  var proposal: String

  func run(_ console: Console) async throws {
    let network = try await networkOptions.open(common.homeFolder)
    network.warn(console)
    var ballot = try BallotText.read(proposal)
    let before = try BallotText(ballot, network)
    let wallet = try signer.open(common.homeFolder)
    guard before.allowed.contains(wallet.address) else {
      throw CommandFailure(
        .refused, "\(wallet.address.checksumText) may not sign this",
        advice: "sign with the wallet of a member's staker")
    }
    console.notice(ballot.proposal.approvalText + "\n")
    try Confirmation(console: console, isGiven: yes).require("Sign this as \(wallet.address.checksumText)?")
    try ballot.sign(with: wallet)
    try PrivateFile.write(ballot.encoded, to: proposal)
    let text = try BallotText(ballot, network)
    console.result(text.json) { text.next(proposal) }
  }
}

struct EnactCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "enact", abstract: "Enter a proposed change in the registry, once enough stakers signed it.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions

  @Argument(help: "The proposal.")
  var proposal: String

  func run(_ console: Console) async throws {
    let network = try await networkOptions.open(common.homeFolder)
    network.warn(console)
    let ballot = try BallotText.read(proposal)
    let text = try BallotText(ballot, network)
    guard ballot.signatures.count >= text.needed else {
      throw CommandFailure(
        .refused, "\(ballot.signatures.count) of \(text.needed) stakers signed it",
        advice: "quorate network approve \(proposal)")
    }
    let snapshot: MembershipSnapshot
    do throws(RegistryTrouble) {
      snapshot = try await network.writer.append(to: network.id) { (_) throws(RegistryFault) in ballot.update }
    } catch {
      throw CommandFailure.registry(error, file: proposal)
    }
    console.result(text.json) { "the registry is at update \(snapshot.number)" }
  }
}
