import ArgumentParser
import ChainRegistry
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Signatures
import Wire

struct DeployCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "deploy", abstract: "Put a network's contracts onto its chain, and check what lies there.",
    discussion: """
      Two transactions of the wallet that was named when the network was founded, each asked for. May be repeated: what is \
      there already is not sent again. In the end both contracts are read as nodes read them, at a block that counts for \
      the network, and compared with the founding document, and so are the two transactions: code, arguments, sender and \
      nonce. Their hashes are printed for everybody else, who checks the same with quorate network verify.

      With --print: the transactions for a wallet elsewhere, each to be sent with the nonce it names and the second when \
      the first is in a block. Then run the command again with --staking HASH and --keys HASH.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var signer: SigningWalletOptions
  @OptionGroup var transaction: TransactionOptions
  @OptionGroup var creations: CreationOptions

  func run(_ console: Console) async throws {
    let home = common.homeFolder
    let source = try networkOptions.read(home)
    source.founding.warn(console)
    let list = try source.requireEndpoints()
    let deployer = try ContractDeployer(
      source.founding, list, maximumFee: try transaction.maximumFee, clock: SystemClock())
    var record = try DeploymentRecord(of: source.founding.network, beside: source.path)
    var (stage, block) = try await deployer.stage()
    var sent = 0
    if stage != .complete {
      switch try transaction.signer({ () throws(CommandFailure) in try signer.open(home) }) {
      case .elsewhere(let address):
        let missing = try await deployer.creations(after: (stage, block), by: address, resending: true)
        guard missing.creations.isEmpty else { return report(missing.creations, from: address, deployer, console) }
        block = missing.block
      case .here(let key):
        let submission = Submission(chain: deployer.access, options: transaction, console: console)
        (sent, block) = try await deployer.deploy(from: key.address) { creation in
          try submission.confirm(
            creation.order, by: key.address,
            for: "Make the contract \(creation.name) of network \(source.founding.network) at "
              + "\(creation.address.checksumText).")
          return try await deployer.access.send(creation, by: key) { hash throws(CommandFailure) in
            record.note(hash, of: creation)
            try record.write(beside: source.path)
          }
        }
      }
    }
    let hashes = try creations.hashes(record)
    let depth = deployer.access.terms.finalityDepth
    let (reached, number) = (block, sent)
    let verified = try await StepDisplay(console: console).run("verify", "Check what lies there") { step in
      step.note("block \(reached), when \(depth) lie on it")
      return try await deployer.verify(hashes, from: reached)
    }
    report(verified, sent: number, source.founding, deployer.access.terms, console)
  }

  private func report(
    _ creations: [ContractDeployer.Creation], from address: WalletAddress, _ deployer: ContractDeployer,
    _ console: Console
  ) {
    let chainID = deployer.access.terms.chainID
    let transactions = creations.map {
      Submission.json($0.order, from: address, chainID: chainID, nonce: $0.nonce)
    }
    console.result(.object([JSONMember("transactions", .array(transactions))])) {
      transactions.map { String(decoding: $0.serialized, as: UTF8.self) }.joined(separator: "\n")
    }
  }

  private func report(
    _ verified: VerifiedContracts, sent: Int, _ founding: FoundingDocument, _ terms: ChainRegistryTerms,
    _ console: Console
  ) {
    console.result(.object([JSONMember("sent", JSONValue(sent))] + verified.members(founding, terms))) {
      """
      \(sent == 0 ? "Both contracts were there already." : "Transactions sent: \(sent).")
      \(verified.text(founding, terms))

      Everybody else compares the same, before there is any stake in it:
      quorate network verify --staking \(HexText.write(verified.staking.transaction.bytes)) \
      --keys \(HexText.write(verified.keys.transaction.bytes))
      """
    }
  }
}

extension FoundingFile {
  func requireEndpoints() throws(CommandFailure) -> EndpointList {
    guard let endpoints else { throw CommandFailure.hasNoContracts }
    return endpoints
  }
}
