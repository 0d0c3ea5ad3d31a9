import ArgumentParser
import ChainRegistry
import ChainTestKit
import EthereumChain
import EthereumRPC
import Foundation
import Identifiers
import Membership
@testable import QuorateCommands
import Signatures
import SigningContent
import Testing
import Wire

/// What founders say of a registry on a chain, as far as no chain is asked.
@Suite struct FoundingCommandTests {
  private let sample: SampleChainNetwork
  private let place: FoundedPlace

  init() throws {
    sample = try SampleChainNetwork()
    guard case .chain(let terms) = sample.founding.registry else { throw LoopbackChainFailure.notThere }
    place = FoundedPlace(terms: terms, deployer: sample.owner.address, nonce: 0)
  }

  private func failure(_ work: () async throws -> Void) async -> CommandFailure? {
    do {
      try await work()
      return nil
    } catch {
      return error as? CommandFailure
    }
  }

  @Test func `a draft and a place are a founding document, and a whole document stays as it is`() throws {
    #expect(try FoundCommand.founding(sample.draft, at: place, name: "d") == sample.founding)
    #expect(try FoundCommand.founding(sample.founding.bytes, at: nil, name: "d") == sample.founding)
  }

  @Test func `a document that places its registry twice or not at all is refused with a word on it`() async throws {
    let twice = try #require(
      await failure { _ = try FoundCommand.founding(sample.founding.bytes, at: place, name: "d") })
    #expect(twice.code == .badInput && twice.advice?.contains("registry") == true)
    let never = try #require(await failure { _ = try FoundCommand.founding(sample.draft, at: nil, name: "d") })
    #expect(never.code == .badInput && never.advice?.contains("--chain") == true)
  }

  @Test func `O10 a network in which the newest block counts at once is not founded, whoever made its document`()
    async throws
  {
    var terms = place.terms
    terms.finalityDepth = 0
    let unsettled = FoundedPlace(terms: terms, deployer: place.deployer, nonce: 0)
    let made = try #require(await failure { _ = try FoundCommand.founding(sample.draft, at: unsettled, name: "d") })
    #expect(made.code == .badInput && made.message.contains("development"))
    let document = String(decoding: sample.founding.bytes, as: UTF8.self)
      .replacing(#""finalityDepth":2"#, with: #""finalityDepth":0"#)
    let adopted = try #require(
      await failure { _ = try FoundCommand.founding(Array(document.utf8), at: nil, name: "d") })
    #expect(adopted == made)
    let trial = String(decoding: sample.draft, as: UTF8.self)
      .replacing(#"["software","sev-snp"]"#, with: #"["software"]"#)
    #expect(try FoundCommand.founding(Array(trial.utf8), at: unsettled, name: "d").evidenceKinds == ["software"])
  }

  @Test(arguments: [
    ["network", "use"],
    ["node", "init", "--staker", "0x0101010101010101010101010101010101010101", "--folder", "node", "--network"],
  ])
  func `O10 a network in which the newest block counts at once is not taken up`(_ line: [String]) async throws {
    let folder = try TestFolder()
    let document = String(decoding: sample.founding.bytes, as: UTF8.self)
      .replacing(#""finalityDepth":2"#, with: #""finalityDepth":0"#)
    let adopted = try FoundingDocument(decoding: Array(document.utf8))
    try PrivateFile.write(RegistryDocument(founding: adopted).encoded, to: folder("network.json"))
    let list = try EndpointList([.init(name: "one", url: EndpointURL("http://127.0.0.1:1"))], needed: 1)
    try PrivateFile.write(list.json.serialized, to: folder("endpoints.json"))
    let command = try QuorateCommand.parseAsRoot(line + [folder("network.json"), "--home", folder("home")])
    let console = Console(format: .json, traits: .plain, streams: CollectedStreams())
    let refused = await failure { try await #require(command as? any ConsoleCommand).run(console) }
    #expect(refused == .notDeepEnough)
    #expect(folder.names == ["endpoints.json", "network.json"])
  }

  /// The weakened double reads a document by the rules of its version alone.
  @Test func `O10 N by the rules of its version a document may have the newest block count at once`() throws {
    let document = String(decoding: sample.founding.bytes, as: UTF8.self)
      .replacing(#""finalityDepth":2"#, with: #""finalityDepth":0"#)
    let adopted = try FoundingDocument(decoding: Array(document.utf8))
    #expect(!adopted.isDeepEnough && sample.founding.isDeepEnough)
  }

  @Test func `a network that allows sev-snp and names no product of it is warned of`() throws {
    #expect(sample.founding.acceptsNoProduct)
    let draft = sample.draft
    let requirements = #","requirements":{"snp":{"minimumFirmware":{"Genoa":{"snp":21}}}}}"#
    let named = String(decoding: draft.dropLast(), as: UTF8.self) + requirements
    #expect(try !FoundCommand.founding(Array(named.utf8), at: place, name: "d").acceptsNoProduct)
    let trial = try SampleChainNetwork(finalityDepth: 0).founding
    #expect(trial.evidenceKinds == ["software"] && !trial.acceptsNoProduct)
  }

  @Test func `a member that no document has is not taken for the registry`() async throws {
    let more = String(decoding: sample.draft.dropLast(), as: UTF8.self) + #","colour":"red"}"#
    let refused = try #require(
      await failure { _ = try FoundCommand.founding(Array(more.utf8), at: place, name: "d") })
    #expect(refused.code == .badInput && !refused.message.contains("--chain"))
  }

  @Test(arguments: [
    "--deployer 0x0101010101010101010101010101010101010101", "--finality-depth 3", "--chain 1",
    "--chain 1 --deployer 0x01 --finality-depth 3 --head-age 30",
    "--chain 1 --deployer 0x0101010101010101010101010101010101010101 --finality-depth 3",
    "--chain 1 --deployer 0x0101010101010101010101010101010101010101 --head-age 30",
  ])
  func `options of a chain go together`(_ line: String) async throws {
    let options = try ChainFoundingOptions.parse(line.split(separator: " ").map(String.init))
    let refused = try #require(await failure { _ = try await options.place(besideFile: "n.json", environment: [:]) })
    #expect(refused.code == .badInput)
  }

  @Test(.enabled(if: LoopbackChain.isAvailable, "the compiled contracts are not there"))
  func `with the nonce given nobody is asked, and the terms are the founders'`() async throws {
    let deployer = sample.owner.address
    let line = "--chain 5 --deployer \(deployer.text) --nonce 7 --finality-depth 64 --head-age 90"
    func place(_ more: String) async throws -> ChainRegistryTerms {
      let options = try ChainFoundingOptions.parse((line + more).split(separator: " ").map(String.init))
      return try #require(try await options.place(besideFile: "/nowhere/network.json", environment: [:])).terms
    }
    let standard = try await place("")
    let addresses = try #require(Deployment.addresses(deployer: deployer, nonce: 7))
    #expect(standard.staking == addresses.staking && standard.keys == addresses.keys && standard.chainID == 5)
    #expect(standard.window == 259_200 && standard.notice == 86_400 && standard.unstakeDelay == 1_209_600)
    #expect(standard.keyDeposit == "1000000000000000")
    #expect(standard.finalityDepth == 64 && standard.headAgeSeconds == 90)
    let chosen = try await place(" --window 60 --notice 0 --unstake-delay 120 --key-deposit 0.002eth")
    #expect(chosen.window == 60 && chosen.notice == 0 && chosen.unstakeDelay == 120)
    #expect(chosen.keyDeposit == "2000000000000000")
    await #expect(throws: CommandFailure.self) { _ = try await place(" --nonce 18446744073709551615") }
  }

  @Test func `blocks that count late are waited for as long as they may take`() throws {
    let list = try EndpointList([.init(name: "one", url: EndpointURL("http://127.0.0.1:1"))], needed: 1)
    let clock = SystemClock()
    var access = ChainAccess(
      registry: try ChainRegistry(founding: sample.founding, list, clock: clock), terms: place.terms, clock: clock)
    access.patience = .seconds(10)
    #expect(access.settlingPatience == .seconds(10 + 2 * 30))
  }
}

/// The contracts brought onto a loopback chain by the commands' own code.
@Suite(.enabled(if: LoopbackChain.isAvailable, "the loopback chain and compiled contracts are not there"))
struct ContractDeployerTests {
  private struct Interruption: Error {}

  private let fee = UInt256(1_000_000_000_000_000_000)

  /// Of a network whose contracts are the wallet's first transactions.
  private func deployer(
    _ wallet: WalletAddress, on chain: LoopbackChain
  ) throws -> (founding: FoundingDocument, deployer: ContractDeployer) {
    let place = try CompiledContracts.read().terms(
      on: SampleChainNetwork.chainID, deployer: wallet, nonce: 0, finalityDepth: 1, headAgeSeconds: 30)
    let founding = try SampleChainNetwork(
      finalityDepth: 1, staking: place.staking, keys: place.keys, stakingCode: place.stakingCode,
      keysCode: place.keysCode
    ).founding
    let list = try EndpointList([.init(name: "one", url: chain.url)], needed: 1)
    return (founding, try ContractDeployer(founding, list, maximumFee: fee, clock: SystemClock()))
  }

  @Test(.timeLimit(.minutes(1)))
  func `after an interruption only what is missing is sent, and then nothing more`() async throws {
    let wallet = try SampleChainNetwork.wallet(2_000)
    let chain = try LoopbackChain(funding: [wallet.address], every: 1)
    defer { chain.end() }
    let (founding, deployer) = try deployer(wallet.address, on: chain)
    let folder = try TestFolder()
    var record = DeploymentRecord(network: founding.network)
    func send(_ creation: ContractDeployer.Creation) async throws -> TransactionReceipt {
      try await deployer.access.send(creation, by: wallet) { hash throws(CommandFailure) in
        record.note(hash, of: creation)
        try record.write(beside: folder("network.json"))
      }
    }
    await #expect(throws: Interruption.self) {
      _ = try await deployer.deploy(from: wallet.address) { creation in
        guard creation.contract == .staking else { throw Interruption() }
        return try await send(creation)
      }
    }
    let printed = try await deployer.creations(after: deployer.stage(), by: wallet.address).creations
    #expect(printed.map(\.contract) == [.keys] && printed.map(\.nonce) == [1])
    let rest = try await deployer.deploy(from: wallet.address, send)
    #expect(rest.sent == 1)
    let kept = try DeploymentRecord(of: founding.network, beside: folder("network.json"))
    #expect(kept == record)
    let hashes = try CreationOptions.parse([]).hashes(kept)
    let verified = try await deployer.verify(hashes, from: rest.block)
    #expect(verified.block.number >= rest.block && verified.keys.nonce == 1)
    let nothing = try await deployer.deploy(from: wallet.address) { _ in throw Interruption() }
    #expect(nothing.sent == 0)
  }

  @Test(.timeLimit(.minutes(1)))
  func `O10 a nonce used between the look and the sending lets no contract land elsewhere`() async throws {
    let wallet = try SampleChainNetwork.wallet(2_000)
    let chain = try LoopbackChain(funding: [wallet.address], every: 1)
    defer { chain.end() }
    let (_, deployer) = try deployer(wallet.address, on: chain)
    let other = TransactionOrder(to: wallet.address, value: UInt256(1), maximumFee: fee)
    await #expect {
      _ = try await deployer.deploy(from: wallet.address) { creation in
        try await deployer.access.send([(wallet, other)])
        return try await deployer.access.send(creation, by: wallet) { _ in }
      }
    } throws: {
      ($0 as? CommandFailure)?.code == .networkUnavailable
    }
    #expect(try await deployer.stage().stage == .nothing)
    await #expect {
      _ = try await deployer.deploy(from: wallet.address) { _ in throw Interruption() }
    } throws: {
      ($0 as? CommandFailure)?.code == .refused
    }
    // The weakened double leaves the nonce to the moment of sending; `O10 N` of DeploymentSiteTests shows what follows.
  }

  @Test func `O10 contracts of a network whose newest block counts at once are not sent`() throws {
    let list = try EndpointList([.init(name: "one", url: EndpointURL("http://127.0.0.1:1"))], needed: 1)
    let text = String(decoding: try SampleChainNetwork().founding.bytes, as: UTF8.self)
      .replacing(#""finalityDepth":2"#, with: #""finalityDepth":0"#)
    let unsettled = try FoundingDocument(decoding: Array(text.utf8))
    #expect {
      _ = try ContractDeployer(unsettled, list, maximumFee: UInt256(1), clock: SystemClock())
    } throws: {
      $0 as? CommandFailure == .notDeepEnough
    }
    try SampleChainNetwork(finalityDepth: 0).founding.requireDepth()
  }

  @Test func `other contracts than the founding document's are not sent`() async throws {
    let list = try EndpointList([.init(name: "one", url: EndpointURL("http://127.0.0.1:1"))], needed: 1)
    #expect {
      _ = try ContractDeployer(
        SampleChainNetwork().founding, list, maximumFee: UInt256(1), clock: SystemClock())
    } throws: {
      ($0 as? CommandFailure)?.code == .refused
    }
  }
}

/// Which contracts are meant, and by which transactions they were made.
@Suite struct CreationOptionTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private func hash(_ text: String) throws -> Digest32? {
    try CreationOptions.parse(["--staking", text, "--keys", text]).hashes(DeploymentRecord(network: .zero)).staking
  }

  @Test func `hashes of transactions are those that were given, or that this network's deployment kept`() throws {
    let digits = String(repeating: "Ab", count: 32)
    #expect(try hash("0x" + digits) == Digest32(bytes: [UInt8](repeating: 0xab, count: 32)))
    #expect(try hash(digits) == hash("0x" + digits))
    for wrong in ["0x" + digits.dropLast(), "0x", "x" + digits, digits + "00"] {
      #expect { _ = try hash(wrong) } throws: { ($0 as? CommandFailure)?.code == .badInput }
    }
    let (file, ours) = (folder("network.json"), NetworkID(Digest32.zero))
    var record = DeploymentRecord(network: ours)
    record.staking = .zero
    try record.write(beside: file)
    let kept = try DeploymentRecord(of: ours, beside: file)
    #expect(kept == record)
    #expect { _ = try CreationOptions.parse([]).hashes(kept) } throws: { ($0 as? CommandFailure)?.code == .notFound }
    #expect(try CreationOptions.parse(["--keys", digits]).hashes(kept).staking == .zero)
    let other = NetworkID(Digest32.keccak256([1]))
    #expect(try DeploymentRecord(of: other, beside: file) == DeploymentRecord(network: other))
    try PrivateFile.write(Array(#"{"network":1}"#.utf8), to: DeploymentRecord.path(beside: file))
    #expect { _ = try DeploymentRecord(of: ours, beside: file) } throws: { ($0 as? CommandFailure)?.code == .badInput }
  }

  @Test(.enabled(if: LoopbackChain.isAvailable, "the compiled contracts are not there"))
  func `O10 the hash of compiled code is computed, whatever its file says`() throws {
    for name in ["Staking", "Keys"] {
      let bytecode = HexText.write(try LoopbackChain.compiled(name).bytecode)
      let file = JSONValue.object([
        JSONMember("bytecode", .string(bytecode)), JSONMember("runtimeCode", .string("0x6001")),
        JSONMember("runtimeCodeHash", .string(HexText.write(try LoopbackChain.compiled(name).codeHash.bytes))),
      ])
      try PrivateFile.write(file.serialized, to: folder("\(name).json"))
    }
    let changed = try CompiledContracts(folder: folder.path)
    #expect(changed.staking.codeHash == .keccak256([0x60, 0x01]))
    let own = try CompiledContracts.read()
    #expect(try own.staking.codeHash == LoopbackChain.compiled("Staking").codeHash)
    #expect(try own.keys.codeHash == LoopbackChain.compiled("Keys").codeHash)
    let terms = try own.terms(
      on: 1, deployer: SampleChainNetwork.wallet(1).address, nonce: 0, finalityDepth: 1, headAgeSeconds: 30)
    try own.require(terms)
    #expect { try changed.require(terms) } throws: { ($0 as? CommandFailure)?.code == .refused }
  }

  /// The weakened double reads the hash that the file states.
  @Test(.enabled(if: LoopbackChain.isAvailable, "the compiled contracts are not there"))
  func `O10 N a stated hash covers whatever code lies beside it`() throws {
    let stated = try LoopbackChain.compiled("Keys").codeHash
    let file = JSONValue.object([
      JSONMember("runtimeCode", .string("0x6001")), JSONMember("runtimeCodeHash", .string(HexText.write(stated.bytes))),
    ])
    var fields = try JSONFields(file)
    #expect(try fields.hexIdentifier("runtimeCodeHash", as: Digest32.self) == stated)
  }
}

/// What a node said of itself, given by hand.
@Suite struct SaidRegistrationTests {
  private let network: SampleChainNetwork
  private let said: Registration
  private let folder: TestFolder

  init() throws {
    network = try SampleChainNetwork()
    said = try network.member(0).registration
    folder = try TestFolder()
  }

  private func options(key: [UInt8]? = nil, proof: [UInt8]? = nil) throws -> SaidRegistration {
    try SaidRegistration.parse([
      "--identity-key=" + Base64URL.encode(key ?? said.identityKey),
      "--proof=" + Base64URL.encode(proof ?? said.proof),
    ])
  }

  private func read(
    _ options: SaidRegistration, staker: Int = 0, network id: NetworkID? = nil, peer: Endpoint? = nil
  ) throws -> Registration {
    try options.registration(
      of: network.stakers[staker].address, for: id ?? network.founding.network, peer: peer ?? said.peerEndpoint,
      client: said.clientEndpoint)
  }

  @Test func `what the log of a node says is its registration`() throws {
    #expect(try read(options()) == said)
  }

  @Test func `T7 a registration that its key did not sign is not sent`() throws {
    var proof = said.proof
    proof[0] ^= 1
    let other = try SampleChainNetwork.identity(1).publicKey
    let attempts: [() throws -> Registration] = [
      { try read(options(proof: proof)) }, { try read(options(key: other)) }, { try read(options(), staker: 1) },
      { try read(options(), network: .zero) }, { try read(options(), peer: said.clientEndpoint) },
    ]
    for attempt in attempts {
      #expect { _ = try attempt() } throws: { ($0 as? CommandFailure)?.code == .notValid }
    }
  }

  @Test func `O10 where nobody else reaches a node it is not registered`() throws {
    func registration(_ peer: String, _ client: String) throws -> Registration {
      try Registration(
        network: network.founding.network, node: said.node, identityKey: SampleChainNetwork.identity(0),
        peerEndpoint: Endpoint(text: peer), clientEndpoint: Endpoint(text: client))
    }
    let development = network.founding
    let text = String(decoding: development.bytes, as: UTF8.self)
      .replacing(#"["software","sev-snp"]"#, with: #"["sev-snp"]"#)
      .replacing(/"developmentRoots":\[[^\]]*\]/, with: #""developmentRoots":[]"#)
    let real = try FoundingDocument(decoding: Array(text.utf8))
    #expect(development.isDevelopment && !real.isDevelopment)
    for host in ["0.0.0.0", "[::]", "[0:0:0:0:0:0:0:0]", "0"] {
      for pair in [(host + ":1", "node.example:2"), ("node.example:1", host + ":2")] {
        let wildcard = try registration(pair.0, pair.1)
        #expect(throws: CommandFailure.self) { try wildcard.requireReachable(in: development) }
      }
    }
    for host in ["127.0.0.1", "localhost", "[::1]"] {
      let local = try registration("node.example:1", host + ":2")
      try local.requireReachable(in: development)
      #expect(throws: CommandFailure.self) { try local.requireReachable(in: real) }
    }
    try registration("node.example:1", "10.0.0.1:2").requireReachable(in: real)
  }

  /// The weakened double looks at the proof alone.
  @Test func `O10 N a node proves that it is at every address of its machine`() throws {
    let wildcard = try Registration(
      network: network.founding.network, node: said.node, identityKey: SampleChainNetwork.identity(0),
      peerEndpoint: Endpoint(host: "0.0.0.0", port: 1), clientEndpoint: Endpoint(host: "0.0.0.0", port: 2))
    #expect(wildcard.isProved(for: network.founding.network))
  }

  /// The weakened double makes an order of whatever somebody says. The contract cannot check it either.
  @Test func `T7 N without a look at the proof another's key is registered`() throws {
    let unproved = Registration(
      node: said.node, identityKey: try SampleChainNetwork.identity(1).publicKey, peerEndpoint: said.peerEndpoint,
      clientEndpoint: said.clientEndpoint, proof: said.proof)
    guard case .chain(let terms) = network.founding.registry else { throw LoopbackChainFailure.notThere }
    let order = try StakingOrders(terms, maximumFee: UInt256(1)).register(unproved)
    #expect(order.to == terms.staking && !unproved.isProved(for: network.founding.network))
  }

  @Test func `a file says all of it, and other options beside it are refused`() throws {
    func file(_ proof: [UInt8]) throws -> SaidRegistration {
      let json = JSONValue.object([
        JSONMember("node", .text(said.node)), JSONMember("identityKey", .base64URL(said.identityKey)),
        JSONMember("peer", .string(said.peerEndpoint.text)), JSONMember("client", .string(said.clientEndpoint.text)),
        JSONMember("proof", .base64URL(proof)), JSONMember("configuration", .string("node.json")),
      ])
      try PrivateFile.write(json.serialized, to: folder("said.json"))
      return try SaidRegistration.parse(["--registration", folder("said.json")])
    }
    let id = network.founding.network
    let anybody = network.owner.address
    #expect(try file(said.proof).registration(of: anybody, for: id, peer: nil, client: nil) == said)
    #expect(throws: CommandFailure.self) {
      try file([UInt8](repeating: 0, count: 64)).registration(of: anybody, for: id, peer: nil, client: nil)
    }
    #expect(throws: CommandFailure.self) { try read(file(said.proof)) }
    for words in [[], ["--proof", "a"], ["--identity-key", "AA", "--proof", "AA"]] {
      #expect(throws: CommandFailure.self) { try read(SaidRegistration.parse(words)) }
    }
  }
}
