import ArgumentParser
import ChainRegistry
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import Signatures
import Wire

struct VerifyContractsCommand: ConsoleCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check a network's contracts, and the transactions that made them.",
    discussion: """
      For everybody who founds a network on a chain or puts stake into one, from their own copy of the founding document \
      and contracts they compiled themselves (scripts/setup-contracts). Both contracts are read as nodes read them, at a \
      block that counts. The two transactions are put together anew and hashed, so whoever names them is not believed: \
      each has to be in a block that counts, to come from the sender and nonce the contract's address follows from, and \
      to have run the compiled code with the founding document's arguments and nothing else. Code at an address says \
      nothing of what was put into its storage when it was made; this does.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var creations: CreationOptions

  func run(_ console: Console) async throws {
    let source = try networkOptions.read(common.homeFolder)
    source.founding.warn(console)
    let list = try source.requireEndpoints()
    let contracts = try FoundedContracts(source.founding)
    let hashes = try creations.hashes(DeploymentRecord(of: source.founding.network, beside: source.path))
    let site: DeploymentSite
    do { site = try DeploymentSite(source.founding, list, clock: SystemClock()) } catch {
      throw CommandFailure(chainRegistry: error)
    }
    let verified = try await contracts.verify(hashes, at: site, within: .seconds(10))
    console.result(.object(verified.members(source.founding, contracts.terms))) {
      verified.text(source.founding, contracts.terms)
    }
  }
}

/// What was compared, for people and for scripts.
extension VerifiedContracts {
  func members(_ founding: FoundingDocument, _ terms: ChainRegistryTerms) -> [JSONMember] {
    func json(_ creation: ContractCreation) -> JSONValue {
      .object([
        JSONMember("transaction", .string(HexText.write(creation.transaction.bytes))),
        JSONMember("deployer", .text(creation.deployer)), JSONMember("nonce", JSONValue(creation.nonce)),
        JSONMember("block", JSONValue(creation.block)),
      ])
    }
    return [
      JSONMember("network", .text(founding.network)), JSONMember("staking", .text(terms.staking)),
      JSONMember("keys", .text(terms.keys)), JSONMember("stakingCode", .string(HexText.write(terms.stakingCode.bytes))),
      JSONMember("keysCode", .string(HexText.write(terms.keysCode.bytes))),
      JSONMember("stakingCreation", json(staking)), JSONMember("keysCreation", json(keys)),
      JSONMember("block", JSONValue(block.number)), JSONMember("blockHash", .text(block.hash)),
    ]
  }

  func text(_ founding: FoundingDocument, _ terms: ChainRegistryTerms) -> String {
    func lines(_ name: String, _ address: WalletAddress, _ code: Digest32, _ creation: ContractCreation) -> String {
      """
      \(name) \(address.checksumText)
        code         \(HexText.write(code.bytes)), as compiled here
        made by      \(HexText.write(creation.transaction.bytes)), of the compiled code and the document's arguments
        of           \(creation.deployer.checksumText), nonce \(creation.nonce), in block \(creation.block)
      """
    }
    return """
      Compared at block \(block.number), which counts, with the founding document of
      network \(founding.network)
      \(lines("Staking", terms.staking, terms.stakingCode, staking))
      \(lines("Keys   ", terms.keys, terms.keysCode, keys))
      Code, how they were made, network, parameters and the address each names are the document's.
      """
  }
}
