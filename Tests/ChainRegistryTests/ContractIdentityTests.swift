import ChainRegistry
import ChainTestKit
import EthereumChain
import EthereumRPC
import Identifiers
import Membership
import ProtocolTestKit
import SigningContent
import Testing

struct ContractIdentityTests {
  @Test func `Another contract at the address is no registry`() async throws {
    for offersProofs in [true, false] {
      let network = try SampleChainNetwork(stakingCode: .zero)
      let fixture = try Fixture(network: network)
      for endpoint in fixture.endpoints { endpoint.offerProofs(offersProofs) }
      await fixture.registry.refresh()
      #expect(fixture.registry.trouble == .notARegistry("code"))
      #expect(fixture.registry.current == nil)
      #expect(fixture.count("quorate_chain_refusals_total", [("reason", "not-a-registry")]) == 1)
    }
  }

  @Test func `Contracts of another network, or with other founders or terms, are no registry of this one`() async throws
  {
    let other = try Fixture { $0.network = .zero }
    await other.registry.refresh()
    #expect(other.registry.trouble == .notARegistry("network"))

    // The right network id, deployed with other terms than its founding document says.
    let network = try SampleChainNetwork()
    let deployed = try SampleChainNetwork(name: "other", members: 4)
    var contracts = try #require(SimulatedRegistry(deployed.founding))
    contracts.network = network.founding.network.digest
    let fixture = try Fixture(network: network)
    fixture.chain.mine { $0.contracts = contracts.contracts }
    fixture.chain.mine()
    fixture.chain.mine()
    await fixture.registry.refresh()
    #expect(fixture.registry.trouble == .notARegistry("parameters"))
  }

  @Test func `An address without a contract is no registry`() async throws {
    let fixture = try Fixture()
    fixture.chain.mine { $0.contracts = [:] }
    fixture.chain.mine()
    fixture.chain.mine()
    await fixture.registry.refresh()
    #expect(fixture.registry.trouble == .notARegistry("code"))
  }

  @Test(arguments: [true, false])
  func `An endpoint that forges views is found out, with proofs or without`(_ offersProofs: Bool) async throws {
    let fixture = try Fixture()
    for endpoint in fixture.endpoints { endpoint.offerProofs(offersProofs) }
    // A registry of its own making: one member less.
    var forged = try fixture.network.registry()
    forged.members.removeLast()
    let contracts = forged.contracts
    fixture.endpoints[0].override { method, parameters in
      guard method == "eth_call", let to = try? WalletAddress(text: parameters[0]["to"].text),
        let data = HexText.bytes(parameters[0]["data"].text, limit: 1_000),
        case .returned(let bytes)? = contracts[to]?.run(data)
      else { return nil }
      return .result(.string(HexText.write(bytes)))
    }
    #expect(await fixture.registry.refresh())
    #expect(fixture.registry.current?.members.count == 5)
    #expect(
      fixture.count("quorate_chain_contradictions_total", [("endpoint", "endpoint-0"), ("about", "data")]) >= 1)
  }

  /// The weakened double: one endpoint, no proofs, nothing to compare with.
  @Test func `An endpoint alone and without proofs makes the registry up N`() async throws {
    let fixture = try Fixture(endpoints: 1, needed: 1)
    var forged = try fixture.network.registry()
    forged.members.removeLast()
    let fork = SimulatedChain(
      id: SampleChainNetwork.chainID, timestamp: Fixture.start, state: SimulatedState(forged.contracts))
    for _ in 0..<10 { fork.mine() }
    fixture.endpoints[0].follow(fork)
    #expect(await fixture.registry.refresh())
    #expect(fixture.registry.current?.members.count == 4)
  }

  @Test func `Where everybody's views are cut off nothing is believed`() async throws {
    let fixture = try Fixture()
    for endpoint in fixture.endpoints {
      endpoint.override { method, _ in method == "eth_call" ? .result(.string("0x")) : nil }
    }
    await fixture.registry.refresh()
    #expect(fixture.registry.trouble == .notObtainable)
    #expect(fixture.registry.current == nil)
  }

  @Test func `O10 A founding document of a file is read by no chain reader`() throws {
    let network = try SampleChainNetwork()
    var terms = FoundingTerms(
      name: "file", evidenceKinds: ["sev-snp"], developmentRoots: [], minimumMembers: 3, minimumStake: 100,
      domain: "quorate.example", chainID: 1, maximumSnapshotAgeSeconds: 5, stakers: network.founding.stakers)
    let clock = ManualClock(wall: Timestamp(secondsSince1970: 0))
    #expect(throws: ChainRegistryError.notOnAChain) {
      try ChainRegistry(founding: FoundingDocument(terms), endpoints: [], needed: 1, clock: clock)
    }
    terms.registry = network.founding.registry
    #expect(throws: ChainRegistryError.endpoints(.endpointCount)) {
      try ChainRegistry(founding: FoundingDocument(terms), endpoints: [], needed: 1, clock: clock)
    }
  }
}
