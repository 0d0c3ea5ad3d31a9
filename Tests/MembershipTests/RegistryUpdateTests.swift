import Identifiers
import Membership
import Signatures
import Testing
import Wire

@Suite struct RegistryUpdateTests {
  @Test func `every kind of update changes what it is about`() throws {
    let network = try Network()
    let snapshot = try network.applying(network.changes())
    #expect(snapshot.number == 7)
    #expect(snapshot.members.map(\.node) == network.stakers.map { NodeID(staker: $0.address) })
    #expect(snapshot.minimumStake == 90)
    #expect(snapshot.measurements["software"]?.count == 2)
    #expect(snapshot.certificateDigest(of: 1)?.bytes == [UInt8](repeating: 5, count: 32))
    #expect(snapshot.epoch == 2)
    #expect(snapshot.certificateDigest == nil)
    let record = try network.record()
    #expect(snapshot.keyRecord(record.key) == record)
    #expect(snapshot.notBefore(of: network.owner.address)?.text == "2026-01-02T03:04:05Z")
    #expect(snapshot.notBefore(of: network.stranger.address) == nil)
    #expect(snapshot.digest(at: 0) == network.founding.network.digest)
    #expect(snapshot.digest(at: 7) == snapshot.digest)
    #expect(snapshot.digest(at: 8) == nil)
  }

  @Test func `a whole registry reads back from its file form`() throws {
    let network = try Network()
    let document = try network.document(network.changes())
    let read = try RegistryDocument(decoding: document.encoded)
    #expect(read == document)
    let snapshot = try MembershipSnapshot(verifying: read, network: network.founding.network)
    #expect(snapshot.position == (try network.applying(network.changes())).position)
  }

  @Test func `the text a wallet signs shows everything the digest covers`() throws {
    let network = try Network()
    let proposal = try network.empty.proposing(.epoch(2))
    let id = network.founding.network
    #expect(
      proposal.approvalText == """
        quorate/registry-approval/v1
        Network: \(id)
        Number: 1
        Kind: epoch
        Previous: \(id)
        Digest: \(proposal.digest)
        Body: {"epoch":2}
        """)
  }

  @Test func `below two thirds of the stakers nothing of theirs changes`() throws {
    let network = try Network()
    for count in 0...Network.stakerCount {
      let signers = Array(network.stakers.prefix(count))
      let update = try network.update(.members(network.members()), after: network.empty, by: signers)
      if count >= 4 {
        #expect(try network.empty.applying(update).members.count == 5)
      } else {
        #expect(throws: RegistryFault.tooFewSignatures(number: 1, found: count, needed: 4)) {
          try network.empty.applying(update)
        }
      }
    }
  }

  @Test func `four signatures of three stakers are three`() throws {
    let network = try Network()
    let signers = [0, 1, 2, 2].map { network.stakers[$0] }
    let update = try network.update(.epoch(2), after: network.empty, by: signers)
    #expect(throws: RegistryFault.repeatedSigner(number: 1, network.stakers[2].address)) {
      try network.empty.applying(update)
    }
  }

  @Test func `T8 the stakers of former members and strangers do not count`() throws {
    let network = try Network()
    let remaining = try (0..<4).map { try network.member($0) }
    let snapshot = try network.applying([.members(network.members()), .members(remaining)])
    let gone = network.stakers[4]
    let update = try network.update(.epoch(2), after: snapshot, by: [gone] + network.stakers[0..<2])
    #expect(throws: RegistryFault.foreignSigner(number: 3, gone.address)) { try snapshot.applying(update) }
    let three = try network.update(.epoch(2), after: snapshot, by: Array(network.stakers[0..<3]))
    #expect(try snapshot.applying(three).epoch == 2)
    let foreign = try network.update(.epoch(2), after: snapshot, by: [network.stranger] + network.stakers[0..<3])
    #expect(throws: RegistryFault.foreignSigner(number: 3, network.stranger.address)) { try snapshot.applying(foreign) }
  }

  @Test func `a signature of something else, or of another network's registry, does not count`() throws {
    let network = try Network()
    let other = try Network(name: "other network")
    let proposal = try network.empty.proposing(.epoch(2))
    let foreign = try other.empty.proposing(.epoch(2)).signed(by: network.stakers)
    #expect(throws: RegistryFault.brokenLink(number: 1)) { try network.empty.applying(foreign) }
    let moved = proposal.signed(foreign.signatures)
    #expect(throws: RegistryFault.invalidSignature(number: 1, network.stakers[0].address)) {
      try network.empty.applying(moved)
    }
    let plain = try network.stakers.map {
      try RegistrySignature(signer: $0.address, bytes: $0.signMessage(proposal.digest.bytes))
    }
    #expect(throws: RegistryFault.invalidSignature(number: 1, network.stakers[0].address)) {
      try network.empty.applying(proposal.signed(plain))
    }
  }

  @Test func `a key record is its owner's alone`() throws {
    let network = try Network()
    let snapshot = try network.applying([.members(network.members())])
    let byStranger = try network.update(.keyRecord(network.record()), after: snapshot, by: [network.stranger])
    #expect(throws: RegistryFault.foreignSigner(number: 2, network.stranger.address)) {
      try snapshot.applying(byStranger)
    }
    let byStakers = try network.update(.keyRecord(network.record()), after: snapshot, by: network.stakers)
    #expect(throws: RegistryFault.self) { try snapshot.applying(byStakers) }
    let nobody = try network.update(.keyRecord(network.record()), after: snapshot, by: [])
    #expect(throws: RegistryFault.tooFewSignatures(number: 2, found: 0, needed: 1)) { try snapshot.applying(nobody) }
  }

  @Test func `A4 a record of another owner never has the same key id`() throws {
    let network = try Network()
    let mine = try network.record()
    let theirs = try network.record(owner: network.stranger.address)
    #expect(mine.key != theirs.key)
    #expect(mine.key != (try network.record(salt: 2)).key)
    let snapshot = try network.applying([.keyRecord(mine)])
    let update = try network.update(.keyRecord(theirs), after: snapshot, by: [network.stranger])
    #expect(try snapshot.applying(update).keyRecord(mine.key) == mine)
  }

  @Test func `a wallet's own limit is set by that wallet and never goes back`() throws {
    let network = try Network()
    let moment = try Timestamp(text: "2026-01-02T03:04:05Z")
    let change = RegistryChange.notBefore(wallet: network.owner.address, moment)
    let byStranger = try network.update(change, after: network.empty, by: [network.stranger])
    #expect(throws: RegistryFault.foreignSigner(number: 1, network.stranger.address)) {
      try network.empty.applying(byStranger)
    }
    let snapshot = try network.applying([change])
    #expect(throws: RegistryFault.notAllowed(number: 2, .notBeforeGoesBack)) {
      try snapshot.proposing(.notBefore(wallet: network.owner.address, moment.adding(seconds: -1)))
    }
  }
}
