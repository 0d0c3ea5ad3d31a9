import Identifiers
import Membership
import PublicKeys
import Signatures
import Testing
import Wire

@Suite struct RegistryRuleTests {
  private static func refuses(
    _ change: RegistryChange, _ rule: RegistryRule, after snapshot: MembershipSnapshot,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: RegistryFault.notAllowed(number: snapshot.number + 1, rule), sourceLocation: sourceLocation) {
      try snapshot.proposing(change)
    }
  }

  @Test func `T7 no two members have one identity key`() throws {
    let network = try Network()
    var members = try network.members()
    members[1] = try network.member(1, identity: 0x80)
    Self.refuses(.members(members), .sharedIdentityKey, after: network.empty)
  }

  @Test func `T7 a key its holder did not offer for this node and network is no member's`() throws {
    let network = try Network()
    var members = try network.members()
    let other = try Network(name: "other network")
    members[2] = try network.member(2, network: other.founding.network)
    Self.refuses(.members(members), .unprovedIdentityKey(members[2].node), after: network.empty)
  }

  @Test func `T7 a registration is for one node, key and pair of endpoints`() throws {
    let network = try Network()
    let document = try network.document([.members(network.members())])
    let edits = [
      (#"127.0.0.1:7001\"#, #"127.0.0.1:6001\"#), (#"127.0.0.1:8001\"#, #"127.0.0.1:6001\"#),
    ]
    for (original, replacement) in edits {
      let edited = try document.edited(original, replacement)
      #expect(edited != document)
      #expect(throws: RegistryFault.self) {
        try MembershipSnapshot(verifying: edited, network: network.founding.network)
      }
    }
    // Signed by all stakers it is still refused: they cannot prove a key they do not hold.
    let body = try #require(document.updates.first).proposal.body
    let moved = String(decoding: body, as: UTF8.self).replacing("127.0.0.1:7001", with: "127.0.0.1:6001")
    let change = try RegistryChange(kind: .members, body: Array(moved.utf8), network: network.founding.network)
    let node = NodeID(staker: network.stakers[1].address)
    Self.refuses(change, .unprovedIdentityKey(node), after: network.empty)
  }

  @Test func `members are ordered, unique, with endpoints of their own, and enough`() throws {
    let network = try Network()
    let members = try network.members()
    Self.refuses(.members(members.reversed()), .membersUnordered, after: network.empty)
    Self.refuses(.members(members + [members[4]]), .membersUnordered, after: network.empty)
    Self.refuses(.members(Array(members.prefix(2))), .tooFewMembers, after: network.empty)
    var sharing = members
    sharing[3] = try network.member(3, port: 7_001)
    Self.refuses(.members(sharing), .sharedEndpoint, after: network.empty)
  }

  @Test func `T8 a slashed member stays listed and is not eligible`() throws {
    let network = try Network()
    var members = try network.members()
    members[0] = try network.member(0, stake: 99)
    let snapshot = try network.applying([.members(members)])
    #expect(snapshot.members.count == 5)
    #expect(snapshot.member(members[0].node) != nil)
    #expect(snapshot.eligibleMember(members[0].node) == nil)
    #expect(snapshot.eligibleMember(members[1].node) == members[1])
    #expect(snapshot.eligibleMembers.count == 4)
  }

  @Test func `epochs go up by one and have one certificate each`() throws {
    let network = try Network()
    let digest = try Digest32(bytes: [UInt8](repeating: 5, count: 32))
    Self.refuses(.epoch(1), .epochNotNext, after: network.empty)
    Self.refuses(.epoch(3), .epochNotNext, after: network.empty)
    Self.refuses(.keyCertificate(epoch: 2, digest: digest), .certificateOfOtherEpoch, after: network.empty)
    let certified = try network.applying([.keyCertificate(epoch: 1, digest: digest)])
    Self.refuses(.keyCertificate(epoch: 1, digest: digest), .certificateAlreadyNamed, after: certified)
    let next = try certified.applying(network.update(.epoch(2), after: certified))
    Self.refuses(.keyCertificate(epoch: 1, digest: digest), .certificateOfOtherEpoch, after: next)
  }

  @Test func `O10 policy and measurements stay within what was founded`() throws {
    let network = try Network()
    Self.refuses(
      .policy(evidenceKinds: ["software", "sev-snp"], minimumStake: 1), .evidenceKindNotFounded, after: network.empty)
    Self.refuses(.policy(evidenceKinds: [], minimumStake: 1), .evidenceKindNotFounded, after: network.empty)
    Self.refuses(
      .policy(evidenceKinds: ["software"], minimumStake: 0), .minimumStakeOutOfRange, after: network.empty)
    Self.refuses(.measurements(["sev-snp": []]), .evidenceKindNotFounded, after: network.empty)
  }

  @Test func `a key record has a signing purpose, a salt and bounds`() throws {
    let network = try Network()
    let id = network.founding.network
    let owner = network.owner.address
    let salt = [UInt8](repeating: 1, count: 16)
    #expect(throws: FormatError.invalid("purpose")) {
      try KeyRecord(network: id, purpose: .bls12381IBE, owner: owner, salt: salt, kinds: [], wallets: [])
    }
    #expect(throws: FormatError.invalid("salt")) {
      try KeyRecord(network: id, purpose: .ed25519Sign, owner: owner, salt: [1], kinds: [], wallets: [])
    }
    let many = try (0..<65).map { try WalletAddress(bytes: [UInt8](repeating: UInt8($0), count: 20)) }
    #expect(throws: FormatError.invalid("wallets")) {
      try KeyRecord(network: id, purpose: .ed25519Sign, owner: owner, salt: salt, kinds: [], wallets: Set(many))
    }
  }
}
