import ArgumentParser
import ChainRegistry
import Client
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import PublicKeys
import Signatures
import Wire

struct VoteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vote", abstract: "Votes of the stakers of a network whose registry is on a chain.",
    discussion: """
      Every voter sends the whole content; the vote that reaches the threshold carries it out. `quorate stake status` \
      says how many are needed. In a network whose registry is a file stakers sign proposals: quorate network propose.
      """,
    subcommands: [
      Members.self, Epoch.self, Certificate.self, Measurement.self, Policy.self, Slash.self, Pause.self, Resume.self,
    ])

  struct Members: StakingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Vote for another list of members.",
      discussion: """
        The list is the present one with what is added and removed. Who is added has registered; that the key of the \
        registration signed it is checked here, and the vote is for exactly that registration. A member that registered \
        anew is added again.
        """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions
    @OptionGroup var signer: SigningWalletOptions
    @OptionGroup var transaction: TransactionOptions

    @Option(help: "A staker's address to put on the list; may be repeated.")
    var add: [String] = []

    @Option(help: "A staker's address to take off the list; may be repeated.")
    var remove: [String] = []

    func run(_ console: Console) async throws {
      let added = try add.map { (text) throws(CommandFailure) in try WalletText.address(text) }
      let removed = try remove.map { (text) throws(CommandFailure) in try WalletText.address(text) }
      guard !added.isEmpty || !removed.isEmpty else {
        throw CommandFailure(.badInput, "this changes nothing", advice: "give --add or --remove")
      }
      let purpose = Self.purpose(added, removed)
      try await StakeCommand.order(self, purpose, console) { orders, _, network in
        try orders.vote(members: await network.list(adding: added, removing: removed))
      }
    }

    private static func purpose(_ added: [WalletAddress], _ removed: [WalletAddress]) -> String {
      let more = added.map { "with \($0.checksumText)" }
      let fewer = removed.map { "without \($0.checksumText)" }
      return "Vote for the list of members " + (more + fewer).joined(separator: ", ") + "."
    }
  }

  struct Epoch: StakingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Vote for the next epoch to begin.",
      discussion: "A new epoch needs new keys, and key generation needs every member at hand.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions
    @OptionGroup var signer: SigningWalletOptions
    @OptionGroup var transaction: TransactionOptions

    @Argument(help: "The epoch that shall begin.")
    var epoch: UInt64

    func run(_ console: Console) async throws {
      let epoch = epoch
      try await StakeCommand.order(self, "Vote for epoch \(epoch) to begin.", console) { orders, _, network in
        let present = try network.snapshot().epoch
        guard epoch == present + 1 else {
          throw CommandFailure(.badInput, "epoch \(present) is followed by \(present + 1)")
        }
        return try orders.vote(epoch: epoch)
      }
    }
  }

  struct Certificate: StakingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Vote for the key certificate of the present epoch.",
      discussion: "It is asked of nodes that prove themselves, and verified here against the list of members.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions
    @OptionGroup var signer: SigningWalletOptions
    @OptionGroup var transaction: TransactionOptions

    func run(_ console: Console) async throws {
      try await StakeCommand.order(self, "Vote for the epoch's key certificate.", console) { orders, _, network in
        let client = network.client(nil)
        let certificate = try await client.keyCertificate()
        await client.close()
        console.notice("the certificate of epoch \(certificate.epoch) is \(certificate.digest)")
        return try orders.vote(keyCertificate: certificate.digest, of: certificate.epoch)
      }
    }
  }

  struct Measurement: StakingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Vote for code that may run, or no longer may.",
      discussion: "Code that is accepted counts after the network's notice, code that is not any more at once.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions
    @OptionGroup var signer: SigningWalletOptions
    @OptionGroup var transaction: TransactionOptions

    @Argument(help: "The kind of evidence, such as sev-snp.")
    var kind: String

    @Argument(help: "The measurement, 96 hex digits.")
    var measurement: String

    @Flag(help: "Take it off the list.")
    var forbid = false

    func run(_ console: Console) async throws {
      guard let value = try? Hex.decode(measurement), value.count == 48 else {
        throw CommandFailure(.badInput, "\(measurement) is not 96 hex digits")
      }
      let (kind, accepted) = (kind, !forbid)
      let purpose = "Vote that code may \(accepted ? "" : "no longer ")run that measures \(kind) \(measurement)."
      try await StakeCommand.order(self, purpose, console) { orders, _, network in
        guard network.founding.evidenceKinds.contains(kind) else {
          throw CommandFailure(
            .badInput, "this network's founding document does not know evidence of kind \(kind)",
            advice: "it knows \(network.founding.evidenceKinds.joined(separator: ", "))")
        }
        return try orders.vote(measurement: value, of: kind, accepted: accepted)
      }
    }
  }

  struct Policy: StakingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Vote for what is asked of evidence, and for the minimum stake.",
      discussion:
        "BODY is a file with the JSON of a policy, the same as in a file registry; docs/operating.md shows one.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions
    @OptionGroup var signer: SigningWalletOptions
    @OptionGroup var transaction: TransactionOptions

    @Argument(help: "The policy, as JSON.")
    var body: String

    func run(_ console: Console) async throws {
      let bytes = try PrivateFile.read(body)
      let file = body
      try await StakeCommand.order(self, "Vote for the policy in \(file).", console) { orders, _, network in
        let change: RegistryChange
        do throws(FormatError) {
          change = try RegistryChange(kind: .policy, body: bytes, network: network.id)
        } catch {
          throw CommandFailure(.badInput, "\(file) is not a policy: \(error)", advice: "docs/operating.md shows one")
        }
        guard case .policy(let kinds, let stake, let requirements) = change, network.founding.canFollow(change) else {
          throw CommandFailure(.badInput, "\(file) speaks of evidence that the founding document does not know")
        }
        // A vote replaces the policy as a whole, so what stays is said again.
        let snapshot = try network.snapshot()
        let kept = snapshot.requirements == network.founding.requirements ? nil : snapshot.requirements
        let whole = RegistryChange.policy(
          evidenceKinds: kinds, minimumStake: stake, requirements: requirements ?? kept)
        return try orders.vote(policy: whole.body, minimumStake: stake)
      }
    }
  }

  struct Slash: StakingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Vote to burn stake of who is or was a member, for what it did.",
      discussion: "Nobody gains by it. The evidence is published on the chain.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions
    @OptionGroup var signer: SigningWalletOptions
    @OptionGroup var transaction: TransactionOptions

    @Argument(help: "The staker's address.")
    var staker: String

    @Argument(help: "How much, such as 2eth; whole gwei.")
    var amount: String

    @Option(help: "A file of 1 to 4096 bytes that says why.")
    var evidence: String

    func run(_ console: Console) async throws {
      let address = try WalletText.address(staker)
      let gwei = try CoinAmount.gwei(amount)
      let bytes = try PrivateFile.read(evidence, maximum: 4_096)
      guard !bytes.isEmpty else { throw CommandFailure(.badInput, "\(evidence) is empty") }
      let purpose = "Vote to burn \(CoinAmount.text(gwei: gwei)) of \(address.checksumText)."
      try await StakeCommand.order(self, purpose, console) { orders, _, _ in
        try orders.vote(slash: address, gwei: gwei, evidence: bytes)
      }
    }
  }

  struct Pause: StakingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Vote to stop users' work for three days.",
      discussion: "As many members as keep the others from deciding are enough. It stops no withdrawal and no leaving.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions
    @OptionGroup var signer: SigningWalletOptions
    @OptionGroup var transaction: TransactionOptions

    func run(_ console: Console) async throws {
      try await StakeCommand.order(self, "Vote to pause the network.", console) { orders, _, _ in
        try orders.votePause()
      }
    }
  }

  struct Resume: StakingCommand {
    static let configuration = CommandConfiguration(abstract: "Vote to end a pause.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var networkOptions: NetworkOptions
    @OptionGroup var signer: SigningWalletOptions
    @OptionGroup var transaction: TransactionOptions

    func run(_ console: Console) async throws {
      try await StakeCommand.order(self, "Vote to end the pause.", console) { orders, _, _ in try orders.voteResume() }
    }
  }
}

extension LocalNetwork {
  /// The present list with some more and some fewer, each by a registration that its own key signed.
  func list(adding added: [WalletAddress], removing removed: [WalletAddress]) async throws -> [Registration] {
    let present = try snapshot().members.map(\.registration)
    for staker in removed where !present.contains(where: { $0.node.staker == staker }) {
      throw CommandFailure(.badInput, "\(staker.checksumText) is no member")
    }
    let gone = Set(added + removed)
    var list = present.filter { !gone.contains($0.node.staker) }
    let chain = try requireChain(advice: StakeCommand.fileAdvice)
    for staker in added {
      let account: StakingAccount
      do throws(ChainTrouble) { account = try await chain.registry.account(of: staker) } catch {
        throw CommandFailure(chain: error)
      }
      guard let registration = account.registration else {
        throw CommandFailure(
          .refused, "\(staker.checksumText) registered nothing that its node's key signed for this network",
          advice: "its operator registers it: quorate node join")
      }
      list.append(registration)
    }
    guard Set(list.map(\.identityKey)).count == list.count else {
      throw CommandFailure(.refused, "two nodes of this list would have one identity key")
    }
    // Readers pass over whoever repeats an endpoint: a newcomer could put members off the list by naming theirs.
    let places = list.flatMap { [$0.peerEndpoint, $0.clientEndpoint] }
    guard Set(places).count == places.count else {
      throw CommandFailure(
        .refused, "two nodes of this list would listen at one endpoint",
        advice: "see where each says that it listens: quorate network show")
    }
    guard list.count <= WireLimits.members else {
      throw CommandFailure(.refused, "a network has at most \(WireLimits.members) members")
    }
    return list
  }
}
