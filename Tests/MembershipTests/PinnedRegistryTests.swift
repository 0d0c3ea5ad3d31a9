import Identifiers
import Membership
import Signatures
import Testing

/// Values computed outside this code base.
@Suite struct PinnedRegistryTests {
  @Test func `a registration is proved by this signature`() throws {
    let registration = try Registration(
      network: NetworkID(bytes: [UInt8](repeating: 0xaa, count: 32)),
      node: NodeID(bytes: [UInt8](repeating: 1, count: 20)), identityKey: Network.identity(1),
      peerEndpoint: Endpoint(text: "127.0.0.1:7001"), clientEndpoint: Endpoint(text: "127.0.0.1:8001"))
    #expect(
      Hex.encode(registration.proof)
        == "b407a8c285fb6c207e07e65b5740b5741e8b1ae516ba622c4287f3f33e9e8084"
        + "5aa1a1fe53a948151cfb27ed3204ff70fd3da01807800086d8d77e9716535405")
  }

  @Test func `a founding document names this network and its first update has this digest`() throws {
    let stakers = try (1...3).map { try WalletAddress(bytes: [UInt8](repeating: $0, count: 20)) }
    let founding = try FoundingDocument(Network.terms(stakers: stakers))
    #expect(founding.network.text == "07b03d59493f001a82a9e573078b584a011eac68721c36ff468a1413e691472e")
    let proposal = try MembershipSnapshot(founding: founding).proposing(.epoch(2))
    #expect(proposal.digest.text == "dc55121cdf619bf5a933cf03f81f9bcbc312e3c8f5c4e1550dbd50e17effd53a")
  }
}
